"""The performance review: scores with reasons, quotes and the rubric's own words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rplay.agents.rehearsal.assessment.evidence import gather
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.rubrics import Rubrics, by_name, criteria_for
from rplay.agents.rehearsal.assessment.scoring import Part, Score, is_capped, keys_for, overall, score
from rplay.agents.rehearsal.pick import fill
from rplay.agents.rehearsal.tables import table
from rplay.agents.types import Difficulty, Transcript

COMPETENCIES = 200  # so many are judged; each takes 0.15 ms
_MOST = 3
_FULL = 0.75
_THIN = 0.5
_LONGEST_QUOTE = 240
_DESCRIPTION = 2_000


@dataclass(frozen=True)
class Judged:
    """One competency as it was asked for, with what it was scored by."""

    name: str
    value: int
    parts: tuple[Part, ...]
    faults: tuple[str, ...]
    criteria: str


def review(transcript: Transcript) -> dict[str, Any]:
    """Both forms that are asked for: `strengths` and `generalStrengths` hold the same."""
    record = gather(transcript.messages)
    rubrics = by_name(transcript.rubrics)
    judged = [_judge(competency, record, transcript.difficulty, rubrics) for competency in _asked(transcript)]
    strengths, improvements = _strengths(judged), _improvements(judged)
    total = overall([one.value for one in judged], record)
    summary = _summary(total, judged, record, improvements)
    return {
        "overallScore": total,
        "competencyScores": {one.name: _entry(one, record, transcript) for one in judged},
        "strengths": strengths,
        "areasForImprovement": improvements,
        "generalStrengths": strengths,
        "generalImprovements": improvements,
        "detailedFeedback": "\n\n".join(
            [summary, *(f"{one.name} ({one.value}/10): {_feedback(one, record)}" for one in judged)]
        ),
        "summary": summary,
        "conversationAnalysis": _analysis(transcript, record),
    }


def _asked(transcript: Transcript) -> list[Mapping[str, Any]]:
    """The competencies to score: those asked for, else the usual ones."""
    asked = transcript.competencies[:COMPETENCIES]
    named = [one for one in asked if str(one.get("name") or one.get("id") or "").strip()]
    return list(named or ({"id": key, "name": name} for key, name in table("wording")["names"].items()))


def _judge(competency: Mapping[str, Any], record: Record, difficulty: Difficulty, rubrics: Rubrics) -> Judged:
    name = str(competency.get("name") or competency.get("id")).strip()[:120]
    known = table("review")["competencies"]
    given = str(competency.get("id") or "")
    keys = [given] if given in known else keys_for(name, str(competency.get("description") or "")[:_DESCRIPTION])
    scores = [score(key, record, difficulty) for key in keys]
    value = round(sum(one.value for one in scores) / len(scores))
    criteria = criteria_for(rubrics, given or (keys[0] if len(keys) == 1 else ""), name, value)
    return Judged(
        name, value, _parts(scores), tuple(dict.fromkeys(fault for one in scores for fault in one.faults)), criteria
    )


def _parts(scores: Sequence[Score]) -> tuple[Part, ...]:
    """All parts, heaviest first, each kind of behaviour once."""
    unique = {part.kinds: part for one in reversed(scores) for part in one.parts}
    return tuple(sorted(unique.values(), key=lambda part: -part.weight))


def _entry(one: Judged, record: Record, transcript: Transcript) -> dict[str, Any]:
    return {
        "score": one.value,
        "feedback": _feedback(one, record),
        "strengths": _met(one),
        "improvements": [*_faulted(one), *_missing(one)][:_MOST],
        "specificExamples": list(_examples(one, record)),
        "criteria": one.criteria,
        "expectation": expectation(one.value, transcript.difficulty),
    }


def expectation(value: int, difficulty: str) -> str:
    texts = table("review")["expectations"]
    step = next(step for step in (9, 7, 5, 3, 1) if value >= step)
    return fill(texts[str(step)], difficulty=difficulty)


def _met(one: Judged) -> list[str]:
    return [part.met for part in one.parts if part.shown >= _FULL][:_MOST] if one.value > 2 else []


def _missing(one: Judged) -> list[str]:
    """What would have gained most, first."""
    thin = sorted((part for part in one.parts if part.shown < _FULL), key=lambda part: -part.weight * (1 - part.shown))
    return [part.missing for part in thin][:_MOST]


def _faulted(one: Judged) -> list[str]:
    return [table("review")["faults"][fault] for fault in one.faults][:2]


def _examples(one: Judged, record: Record) -> Iterator[str]:
    """The advisor's own sentences: what cost points first, then what earned them."""
    quotes = [quote for fault in one.faults[:1] for quote in record.quotes.get(fault, [])[:1]]
    for part in one.parts:
        for kind in part.kinds:
            quotes += record.quotes.get(kind, [])[:1]
    yield from list(dict.fromkeys(quote for quote in quotes if len(quote) <= _LONGEST_QUOTE))[:_MOST]


def _feedback(one: Judged, record: Record) -> str:
    texts = table("review")["bands"]
    if not record.turns or (one.value <= 1 and not one.faults and not any(part.shown for part in one.parts)):
        return str(texts["none"])
    said = [texts[str((one.value + 1) // 2)]]
    if best := next(iter(_met(one)), None):
        said.append(best)
    said += (_faulted(one) or _missing(one))[:1]
    if record.turns < 6:
        said.append(fill(texts["short"], turns=_lines(record.turns)))
    return " ".join(said)


def _lines(turns: int) -> str:
    return "one line" if turns == 1 else f"{turns} lines"


def _strengths(judged: Sequence[Judged]) -> list[str]:
    """What went well across the competencies, the best first."""
    ranked = sorted(judged, key=lambda one: -one.value)
    return list(dict.fromkeys(text for one in ranked for text in _met(one)[:2]))[: _MOST + 1]


def _improvements(judged: Sequence[Judged]) -> list[str]:
    """What to work on, the weakest competency first; faults come before gaps."""
    ranked = sorted(judged, key=lambda one: one.value)
    faults = [text for one in ranked for text in _faulted(one)]
    gaps = [text for one in ranked for text in _missing(one)[:2]]
    return list(dict.fromkeys([*faults[:2], *gaps]))[: _MOST + 2]


def _summary(total: float, judged: Sequence[Judged], record: Record, improvements: Sequence[str]) -> str:
    texts = table("review")["summary"]
    if not record.turns:
        return str(texts["empty"])
    grade = next(
        grade
        for grade, least in (("strong", 8.5), ("good", 6.5), ("fair", 4.5), ("weak", 2.5), ("poor", 0))
        if total >= least
    )
    said = [texts[grade]]
    if record.turns < 6:
        said.append(fill(texts["few"], turns=_lines(record.turns)))
    best, worst = max(judged, key=lambda one: one.value), min(judged, key=lambda one: one.value)
    if best.value - worst.value >= 2:
        said += [
            fill(texts[key], name=one.name, score=str(one.value)) for key, one in (("best", best), ("worst", worst))
        ]
    if is_capped(record):
        said.append(texts["capped"])
    return " ".join([*said, *(fill(texts["next"], step=step) for step in improvements[:1])])


def _analysis(transcript: Transcript, record: Record) -> dict[str, Any]:
    roles = [message["role"] for message in transcript.messages]
    users = roles.count("user")
    return {
        "messageCount": len(roles),
        "userMessageCount": users,
        "assistantMessageCount": roles.count("assistant"),
        "conversationLength": sum(len(str(message.get("content") or "")) for message in transcript.messages),
        "engagementLevel": "high" if users > 5 else "moderate" if users > 2 else "low",
        "openQuestions": len(record.quotes.get("open", [])),
        "topicsCovered": sorted(record.topics),
        "objectionsRaised": record.objections,
    }
