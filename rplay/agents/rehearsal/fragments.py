"""Turns fragments of a profile into a person's words: `Married with 2 children` becomes `I'm married with 2
children`."""

import re

from rplay.agents.persona import first_person as speaking
from rplay.agents.persona.first_person import Speaker, fragment
from rplay.agents.persona.grammar import article, is_of, lower_first, lower_title
from rplay.agents.rehearsal.tables import patterns
from rplay.agents.rehearsal.text import listed, upper_first

_WORRIES, _MIND = "What worries me is ", "One thing on my mind: "


def first_person(text: str, name: str = "") -> str:
    return speaking.first_person(text, Speaker(name))


def _form(kind: str) -> re.Pattern[str]:
    return patterns("speech", "forms")[kind]


def worry(text: str, name: str = "") -> str:
    """Return a concern or objection as the client's own words."""
    text = text.rstrip(". ")
    first = text.split(" ", 1)[0].lower().rstrip(",")
    rest = text[len(first) :]
    if _form("own").match(text) or text.endswith("?"):
        return text
    if (name and first == name.lower()) or first in {"he", "she", "client"}:
        return first_person(text, name)
    if re.match(r"(?:not|never|having to) \w+ing\b|having to\b", text, re.IGNORECASE):
        return _WORRIES + first_person(lower_first(text))
    if is_of("adjectives", first):
        return f"I'm {first_person(first + rest)}"
    if is_of("verbs", first):
        return fragment(text, Speaker())
    if is_of("past", first):
        return first_person(f"I {first}{rest}")
    if _form("clause").match(text):
        return f"I keep thinking that {first_person(lower_first(text))}"
    return _named_worry(first, first_person(lower_first(text)))


def _named_worry(first: str, text: str) -> str:
    if is_of("needs_the", first):
        return f"{_WORRIES}the {text}"
    if first.endswith("ing") and not is_of("no_gerunds", first):
        return _WORRIES + text
    # It may be a noun or a whole clause, which cannot be decided here, so it stands after a colon.
    return _MIND + text


def worries(texts: list[str], name: str = "") -> str:
    """Return several worries as text. Worries with the same beginning share one sentence."""
    said = [worry(text, name).rstrip(".") for text in texts]
    for lead, shared in ((_WORRIES, _WORRIES), (_MIND, "What I think about is ")):
        alike = [text for text in said if text.startswith(lead)]
        if len(alike) > 1:
            one = shared + listed(text.removeprefix(lead) for text in alike)
            said = [one, *(text for text in said if text not in alike)]
    return ". ".join(upper_first(text) for text in said)


def status(text: str, name: str = "") -> str:
    """Return a family status as a sentence."""
    text = text.rstrip(". ")
    first = re.split(r"[ ,;:(\-]", text, maxsplit=1)[0].lower()
    if _form("own").match(text):
        return text
    if re.match(r"single (?:parent|mother|father|mom|dad|woman|man)\b", text, re.IGNORECASE):
        return f"I'm a {first_person(lower_first(text))}"
    if is_of("statuses", first):
        return f"I'm {first_person(lower_first(text))}"
    if is_of("verbs", first):
        return fragment(text, Speaker())
    if first in {"he", "she"} or (name and first == name.lower()):
        return first_person(text, name)
    if is_of("relations", first):
        own = "my " if is_of("singular_relations", first) else ""
        return f"It's me and {own}{lower_first(text)}"
    if first.isdigit() or is_of("numbers", first):
        return f"I have {lower_first(text)}"
    return f"As for family, {lower_first(text)}"


def occupation(text: str) -> str:
    text = text.rstrip(". ")
    first = text.split(" ", 1)[0].lower().rstrip(",")
    if _form("own").match(text):
        return text
    if is_of("verbs", first):
        return fragment(text, Speaker())
    if is_of("work_states", text.lower()) or re.match(
        r"^(?:self-employed|unemployed|retired|between jobs|semi-retired)(?!\s+[a-z]+)", text, re.IGNORECASE
    ):
        return f"I'm {lower_first(text)}"
    return f"I'm {article(lower_title(text))}"


def goals(texts: list[str]) -> list[str]:
    """Return goals as sentences: first those that begin with a verb, then the nouns."""
    verbs, nouns = [], []
    for text in texts:
        text = re.sub(
            r"^(?:to|wants? to|i want to|would like to|hopes? to) ", "", text.rstrip(". "), flags=re.IGNORECASE
        )
        first = text.split(" ", 1)[0].lower()
        if is_of("goal_verbs", first):
            verbs.append(first_person(lower_first(text)))
        else:
            nouns.append(first_person(lower_first(text)))
    said = [f"I'd like to {listed(verbs)}"] if verbs else []
    if nouns:
        said.append(f"{listed(nouns)} {'are' if len(nouns) > 1 else 'is'} {'also ' if verbs else ''}on my mind")
    return said


def holdings(texts: list[str]) -> str:
    """Return assets as one list with articles and sums: `a 401(k) with about $120,000, and savings of …`."""
    return listed(_holding(text, owed=False) for text in texts)


def debts(texts: list[str]) -> str:
    return listed(_holding(text, owed=True) for text in texts)


def _holding(text: str, owed: bool) -> str:
    hit = _form("amount").match(text)
    if not hit:
        return _noun(text)
    thing, rest = _noun(hit["thing"]), hit["rest"].rstrip(") ")
    tail = "" if not rest or rest.startswith((")", ",")) else rest
    if owed:
        return f"{thing} of about {hit['sum']}{tail}"
    joint = "worth" if _form("thing").search(thing) else "with"
    return f"{thing} {joint} about {hit['sum']}{tail}"


def _noun(text: str) -> str:
    noun = lower_title(text.strip())
    head = re.split(r" (?:with|of|for|at|from|on|in|worth|through)\b| \(|[,:;]", noun)[0].strip()
    last = head.split(" ")[-1].lower() if head else ""
    return article(noun) if is_of("countable", last) or re.fullmatch(r"\d{3}\([a-z]\)", head) else noun
