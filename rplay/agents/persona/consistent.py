"""Checks whether a made-up sentence can be true of this person: it is compared with the profile and the life."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rplay.agents.persona.given import Given
from rplay.agents.persona.life import Life
from rplay.agents.persona.tables import table
from rplay.agents.persona.work import NOW, NUMBER, count_of

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORD = re.compile(r"[a-z]{4,}")
_SHARED = 2  # the fewest words that two sentences about the same event must share
_NEAR = 1  # the most that two counts of years of work may differ


@dataclass(frozen=True)
class Facts:
    """What is fixed about the person. Nothing made up may contradict it."""

    texts: tuple[str, ...]  # the profile's own sentences, in lower case
    trade: str  # what is said of work and possessions, in lower case
    childless: bool
    one_child: bool  # the only one, and no grandchildren
    alone: bool
    partner: frozenset[str]  # words for the partner, such as "wife"
    sons: bool
    daughters: bool
    grandchildren: bool
    worked: frozenset[int]  # the years of work that the texts mention


def consistent(sentence: str, given: Given, life: Life) -> bool:
    """Return whether nothing in the profile or the life contradicts the sentence. The profile's own words
    always fit."""
    return not any(True for _ in faults(sentence, _facts(given, life)))


def faults(sentence: str, facts: Facts) -> Iterator[str]:
    """Yield the name of each contradiction between the sentence and the facts; nothing if it fits."""
    low = sentence.lower()
    if any(low.rstrip(".") in text for text in facts.texts):
        return
    if _wrong_kin(low, facts):
        yield "kin"
    if any(_other_event(low, year, facts) for year in _YEAR.findall(low)):
        yield "year"
    if _other_tenure(low, facts):
        yield "tenure"
    whole = " ".join(facts.texts)
    yield from (rule["says"] for rule in table("stated")["needs"]
                if re.search(rule["says"], low) and not re.search(rule["told"], facts.trade))  # fmt: skip
    yield from (rule["drop"] for rule in table("stated")["clash"]
                if "kinds" not in rule and re.search(rule["told"], whole) and re.search(rule["drop"], low))  # fmt: skip


def _facts(given: Given, life: Life) -> Facts:
    kept = _kept.get(id(life))
    if kept is None or kept[0] is not life:
        if len(_kept) > _MOST:
            _kept.clear()
        kept = _kept[id(life)] = (life, _read(given, life))
    return kept[1]


_MOST = 128
_kept: dict[int, tuple[Life, Facts]] = {}


def _read(given: Given, life: Life) -> Facts:
    children = [one for one in life.of_kind("child") if "age" in one.figures]
    partner = next((one for one in life.of_kind("partner") if "age" in one.figures or "since" in one.figures), None)
    family = given.family.lower()
    held = tuple(one.text for one in (*(given.assets or ()), *(given.debts or ())))
    told = (given.occupation, given.family, given.background, *given.goals, *given.concerns, *given.objections, *held)
    pieces = tuple(piece.lower() for text in told for piece in re.split(r"(?<=[.;]) ", text) if piece)
    words = {word for word in _PARTNERS if partner and word in f" {partner.name.lower()} "}
    late = "widow" in family or re.search(r"\b(?:late|ex-?) ?(?:husband|wife)\b|divorc|separat", family)
    return Facts(
        texts=pieces,
        trade=" ".join((given.occupation, given.background, *held)).lower(),
        childless=not children,
        one_child=len(children) == 1 and "grand" not in family and "step" not in family,
        alone=partner is None and not late,
        partner=frozenset(words or ({"partner"} if partner else set())),
        sons=any("son" in one.words for one in children) or "son" in family,
        daughters=any("daughter" in one.words for one in children) or "daughter" in family,
        grandchildren="grand" in family,
        worked=frozenset(_tenures(given, life)),
    )


def _tenures(given: Given, life: Life) -> Iterator[int]:
    """Yield every number of years that occupation and background mention, and the years at work in the life."""
    for text in (given.occupation, given.background):
        yield from (count_of(hit) for hit in re.findall(rf"\b{NUMBER} years\b", text.lower()))
    for one in life.of_kind("work"):
        if (since := one.figures.get("since")) is not None:
            yield NOW - int(since.value)


_PARTNERS = ("wife", "husband", "partner", "fiancée", "fiancé", "girlfriend", "boyfriend")
_OWN_PARTNER = re.compile(r"\b(?:my|our) (wife|husband|fianc[eé]e?|girlfriend|boyfriend)\b(?!'s (?:family|parents))")
_OWN_CHILD = re.compile(r"\b(?:my|our|the) (?:\w+ )?(kids|children|sons?|daughters?|boys|girls|little ones)\b(?! of)")
_GRAND = re.compile(r"\bmy grand(?:kids|children|sons?|daughters?)\b")


def _wrong_kin(low: str, facts: Facts) -> bool:
    if (hit := _OWN_PARTNER.search(low)) and facts.partner and hit[1] not in facts.partner:
        return "partner" not in facts.partner or hit[1] in ("wife", "husband")
    if hit and facts.alone:
        return True
    if child := _OWN_CHILD.search(low):
        missing = not facts.sons if child[1].startswith("son") else not facts.daughters
        several = facts.one_child and child[1] not in ("son", "daughter")
        return facts.childless or several or (child[1].rstrip("s") in ("son", "daughter") and missing)
    return bool(_GRAND.search(low)) and not facts.grandchildren


def _other_event(low: str, year: str, facts: Facts) -> bool:
    """Return whether the profile tells of another event in that year."""
    told = [text for text in facts.texts if year in text]
    mine = set(_WORD.findall(low)) - _COMMON
    return bool(told) and all(len(mine & set(_WORD.findall(text))) < _SHARED for text in told)


_COMMON = frozenset(["that", "this", "have", "been", "with", "from", "then", "when", "years", "about", "since", "they"])
_AT_WORK = re.compile(
    rf"\b(?:worked|work|job|served|service|driving|driven|taught|teaching|practice|company|there"
    rf"|here)\b.*\b{NUMBER} years"
    rf"|\b{NUMBER} years\b(?! (?:old|ago|more|left|to go|from|until)).*\b(?:work|job|company|service|at the"
    rf"|in the business)\b"
)


def _other_tenure(low: str, facts: Facts) -> bool:
    """Return whether the sentence gives another number of years at work than the texts."""
    hit = _AT_WORK.search(low)
    if not hit or not facts.worked or not re.search(r"\bi\b|\bi'", low):
        return False
    many = count_of(hit[1] or hit[2])
    return all(abs(many - one) > _NEAR for one in facts.worked)
