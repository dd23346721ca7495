"""A model's answer for one competency, checked against the talk.

A check that no quote proves counts as not seen, and code computes the score.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rplay.agents.assessment import scoring
from rplay.agents.assessment.checks import BY_CODE, Check, Harm, Sheet
from rplay.agents.assessment.form import SEEN
from rplay.agents.assessment.quotes import Quote, Said
from rplay.agents.model_output import number, text
from rplay.agents.review import NOT_SEEN, CompetencyScore, criteria_of, read
from rplay.agents.types import Transcript
from rplay.errors import AIBadAnswer

QUOTES, MOMENTS = 3, 3  # limits: quotes of a competency; strengths, and as many improvements


@dataclass(frozen=True)
class Answered:
    """The answer to one check or harm. `seen` says from 0 to 1 how far it was met."""

    about: Check | Harm
    seen: float
    evidence: Sequence[Quote]

    def as_object(self, competency: str) -> dict[str, Any]:
        words = {1.0: "yes", 0.5: "partly"}.get(self.seen, NOT_SEEN)
        found = {"competency": competency, "id": self.about.id, "text": self.about.text, "seen": words}
        evidence = [one.as_object() for one in self.evidence]
        return {**found, "evidence": evidence, **({"harm": True} if isinstance(self.about, Harm) else {})}


@dataclass(frozen=True)
class Assessed:
    """The assessment of one competency. `strengths` and `improvements` are moments of the talk in the review's form."""

    score: CompetencyScore
    checks: Sequence[Mapping[str, Any]] = ()
    strengths: Sequence[Mapping[str, Any]] = ()
    improvements: Sequence[Mapping[str, Any]] = ()
    practise: str = ""


def assessed(found: Mapping[str, Any], name: str, sheet: Sheet, talk: Transcript) -> Assessed:
    """Return the assessment. Raise AIBadAnswer if the model gave neither an answer to a check nor a score."""
    said = Said(talk.messages)
    checks = list(_answers(found.get("checks"), sheet.checks, said))
    if not checks:
        return _without_checks(found, name, talk)
    harms = list(_answers(found.get("harms"), [one for one in sheet.harms if one.id not in BY_CODE], said))
    strengths = list(_moments("strength", found.get("strengths"), said))
    improvements = list(_moments("improvement", found.get("improvements"), said))
    value = _value(sheet, checks, harms, talk, len(said.lines))
    score = CompetencyScore(
        name=name,
        score=value,
        feedback=text(found.get("feedback")),
        strengths=[one["text"] for one in strengths],
        improvements=[one["text"] for one in improvements],
        examples=list(dict.fromkeys(one.quote for each in checks for one in each.evidence))[:QUOTES],
        criteria=criteria_of(value, [row for row in talk.rubrics if row.get("competency_name") == name]),
    )
    return Assessed(
        score,
        [one.as_object(name) for one in (*checks, *(one for one in harms if one.seen))],
        strengths,
        improvements,
        text(found.get("practise")),
    )


def _without_checks(found: Mapping[str, Any], name: str, talk: Transcript) -> Assessed:
    """Return the model's own score and texts, in whichever shape of a review they came."""
    whole = found if "competencyScores" in found else {"competencyScores": [found] if _scored(found) else []}
    scores = read(whole, talk).competencies
    if not scores:
        raise AIBadAnswer("it answers no check")
    one = next((one for one in scores if one.name == name), scores[0])
    return Assessed(replace(one, name=name), practise=next(iter(one.improvements), ""))


def _scored(found: Mapping[str, Any]) -> bool:
    return number(found.get("score")) is not None


def _value(sheet: Sheet, checks: Sequence[Answered], harms: Sequence[Answered], talk: Transcript, lines: int) -> int:
    share = scoring.shown(sheet, {one.about.id: one.seen for one in checks})
    lost = scoring.lost(sheet, {one.about.id: one.seen for one in harms if one.seen == 1})
    return round(scoring.level(share, lost, talk.difficulty, lines))


def _answers(found: object, wanted: Sequence[Check] | Sequence[Harm], said: Said) -> Iterator[Answered]:
    """Yield an answer for each wanted check or harm; nothing if the model answered none of them."""
    given = _by_id(found)
    if not any(one.id in given for one in wanted):
        return
    for one in wanted:
        answer = given.get(one.id, {})
        evidence = list(_evidence(answer.get("evidence"), said))
        yield Answered(one, SEEN.get(text(answer.get("seen")).lower(), 0.0) if evidence else 0.0, evidence)


def _by_id(found: object) -> Mapping[str, Mapping[str, Any]]:
    """Return the answers by id, from the object that the prompt asks for or from a list of objects with an id."""
    if isinstance(found, list):
        return {str(one.get("id")): one for one in found if isinstance(one, Mapping)}
    return {id_: one for id_, one in found.items() if isinstance(one, Mapping)} if isinstance(found, Mapping) else {}


def _evidence(found: object, said: Said) -> Iterator[Quote]:
    for one in found[:QUOTES] if isinstance(found, list) else []:
        if isinstance(one, Mapping) and (quote := said.proved(one.get("line"), one.get("quote"))):
            yield quote


def _moments(kind: str, found: object, said: Said) -> Iterator[dict[str, Any]]:
    """Yield the moments whose quote the talk proves. Their text includes the line, because the review page shows only
    the text."""
    for one in found[:MOMENTS] if isinstance(found, list) else []:
        quote = said.proved(one.get("line"), one.get("quote")) if isinstance(one, Mapping) else None
        if quote and (words := text(one.get("text"))):
            better = text(one.get("better"))
            told = f"[{quote.line}] “{quote.quote}” – {words}" + (f" → “{better}”" if better else "")
            yield {"kind": kind, **quote.as_object(), "better": better, "text": told}
