"""What the prompt of a review says of the client: profile, industry, and what the client kept back."""

from collections.abc import Iterator, Sequence

from rplay.agents.fidelity import kept_back
from rplay.agents.persona.life import Life, Subject
from rplay.agents.types import Message, Transcript
from rplay.agents.wording import block, facts, one_line, within

ROOM = 6_000  # limit in characters for the profile, and again for what the client kept back
_ELSEWHERE = frozenset({"personality", "fusionModelTraits", "life"})


def about(talk: Transcript) -> str:
    """Return what is known of the client; an empty text if nothing is."""
    profile = {name: value for name, value in talk.profile.items() if name not in _ELSEWHERE}
    told = facts({"industry": talk.industry, "kind of advice": talk.subcategory, **profile}, ROOM)
    kept = within(ROOM, _kept(talk.life, talk.messages) if talk.life else _hidden(talk.hidden))
    return "\n\n".join(filter(None, (block("client", told), block("what_the_client_keeps_back", kept))))


def _kept(life: Life, messages: Sequence[Message]) -> Iterator[str]:
    """Yield each thing that this client tells only when asked, and whether it came out; then the client's doubts."""
    kept = kept_back(life, messages)
    for subject in life.subjects:
        if subject.reserve == 2:
            yield f"- {'stayed hidden' if subject in kept else 'came out'}: {_what(subject)}"
    for doubt in life.objections:
        yield f"- a doubt: {one_line(doubt.text)}"


def _hidden(names: Sequence[str]) -> Iterator[str]:
    return (f"- stayed hidden: {one_line(name)}" for name in names)


def _what(subject: Subject) -> str:
    first = next((texts[0] for texts in subject.says.values() if texts), subject.name)
    return one_line(first)
