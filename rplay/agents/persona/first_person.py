"""Turns texts about the client into the first person: `She wants to retire, but her …` into `I want to retire, but my
…`."""

import re

from rplay.agents.persona.grammar import is_of, sentence
from rplay.agents.persona.retelling import ME, MY, first_person
from rplay.agents.persona.speaker import Speaker, sex_told
from rplay.agents.persona.verbs import class_of, finite, stem_of

__all__ = ["Speaker", "first_person", "fragment", "is_deed", "sentences", "sex_told", "story"]


def fragment(text: str, speaker: Speaker) -> str:
    """Return a text in the first person. If it has no subject, the client becomes the subject."""
    return first_person(_with_subject(text.strip()), speaker)


def story(text: str, speaker: Speaker) -> list[str]:
    """Return the sentences of a text in the first person. A person named in one sentence is known in the next ones."""
    told = first_person(" ".join(_with_subject(one) for one in sentences(text)), speaker)
    return [sentence(one) for one in sentences(told)]


def sentences(text: str) -> list[str]:
    return [one.strip() for one in _END.split(text) if one.strip()]


_END = re.compile(r"(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMrs\.)(?<=[.!?])\s+(?=[A-Z\d\u2063$\"'])")


# -- a subject for sentences without one ------------------------------------------------------------------------------

_YEARS = re.compile(r"^((?:[A-Z][a-z]+|\d+)(?:-[a-z]+)? years) (with|at|in|on|as) (.+)$")
_PARTED = re.compile(r"^(?:[Dd]ivorced|[Ss]eparated) from \S+ in \d{4}")


def _with_subject(text: str) -> str:
    first, _, rest = text.partition(" ")
    low = first.lower().rstrip(",")
    second = rest.split(" ", 1)[0].lower()
    kept = low if _TITLE.fullmatch(first) else first
    if hit := _YEARS.match(text.rstrip(".")):
        place = hit[3] if hit[2] == "as" else f"{hit[2]} {hit[3]}"
        return f"{ME} has been {place} for {hit[1].lower()}."
    if low == "own" and second not in ("a", "an", "the"):
        return f"{MY} own {rest}"
    if re.match(r"single (?:mother|mom|father|dad|parent|man|woman)\b", text, re.IGNORECASE):
        return f"{ME} is a {kept} {rest}"
    if _is_becoming(low, second):
        return f"{ME} is {kept} {rest}"
    if _omits_me(text):
        return f"{ME} {'has ' if low == 'already' else ''}{kept} {rest}".strip()
    if low == "retired" and second == "from":
        return f"{ME} {kept} {rest}"
    if low in class_of("passives") and second in ("by", "with", "off", "in", "into", "as", "to", "down", "from"):
        return f"{ME} was {kept} {rest}"
    if low in class_of("states") and (time := re.search(r"\b(since|ago)\b", text)):
        return f"{ME} {'has been' if time[1] == 'since' else 'was'} {kept} {rest}"
    if _PARTED.match(text):
        return f"{ME} got {kept} {rest}"
    if low == "retired" and (second in ("in", "last", "early", "two", "three", "this", "after", "at") or not rest):
        return f"{ME} {kept} {rest}".strip()
    if _is_condition(low, second, text):
        return f"{ME} is {kept} {rest}".strip()
    if finite(low) and (stem_of(low) not in class_of("nouns_too") or _has_object(low, second)):
        return f"{ME} {kept} {rest}".strip()
    return text


def _has_object(low: str, second: str) -> bool:
    """Return whether a word such as `worries` or `claims` is a verb here, not a noun."""
    feels = stem_of(low) in ("fear", "worry", "doubt", "hope", "wish", "dream", "wonder", "mind")
    return second in ("a", "an", "the", "his", "her", "their", "to", "it") or (feels and second not in ("of", "for"))


_TITLE = re.compile(r"[A-Z][a-z'’-]+")


def is_deed(text: str) -> bool:
    """Return whether a goal begins with an action: `Fund Clara's college` does, `Trade school for Drew` does not."""
    first, _, rest = text.partition(" ")
    low, after = first.lower().rstrip(","), rest.split(" ", 1)[0]
    if low == "own":
        return after in ("a", "an", "the", "my")
    if low in class_of("nouns_too") and not is_of("goal_verbs", low):
        led = class_of("prepositions") | class_of("determiners") | {"my", "his", "her", "their", "social"}
        return after.lower() in led or after.endswith(("'s", "s'"))
    return low in class_of("verbs") or is_of("goal_verbs", low)


def _omits_me(text: str) -> bool:
    """Return whether the subject `I` is left out before an adverb, as in `Never moved …` or `Already half
    decided …`."""
    words = [word.lower().strip(",.") for word in text.split()[:4]]
    lead = next((at for at, word in enumerate(words) if word not in class_of("adverbs")), 0)
    return 0 < lead < len(words) and words[0] not in ("no", "not") and bool(finite(words[lead]))


def _is_becoming(low: str, second: str) -> bool:
    """Return whether the text begins with a changed state, as in `Recently divorced …`."""
    return low in ("recently", "newly", "just", "happily") and second.strip(",.") in class_of("states")


def _is_condition(low: str, second: str, text: str) -> bool:
    """Return whether the text describes a state, as in `Worried about …` or `On the road four days a week`."""
    if low in ("in", "on", "from", "at", "between", "under", "behind", "out", "ahead", "with"):
        words = re.findall(r"[\w']+", text.lower())[1:]
        return not any(finite(word) or word in class_of("auxiliaries") or word in ("i", "he", "she") for word in words)
    if low == "not" and second.endswith("ing"):
        return False
    return is_of("adjectives", low) or low in class_of("states") or (second == "about" and _is_state(low))


def _is_state(low: str) -> bool:
    return low.endswith(("ed", "ful", "al", "ous", "ive", "y", "ic"))
