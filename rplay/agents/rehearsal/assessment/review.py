"""The review of the rehearsal: scores with reasons, quotes and the rubric's own words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest
from typing import Any

from rplay.agents.assessment import checks
from rplay.agents.broken_rules import BrokenRule, broken_in, cap_of
from rplay.agents.rehearsal.assessment.advice import Text, accuse, advise, broke, doubts, pointed, praise
from rplay.agents.rehearsal.assessment.evidence import Evidence, gather, is_foreign_talk
from rplay.agents.rehearsal.assessment.judged import Judged, checks_of
from rplay.agents.rehearsal.assessment.occasions import missing
from rplay.agents.rehearsal.assessment.places import Places
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.rubrics import Rubrics, by_name, criteria_for
from rplay.agents.rehearsal.assessment.scoring import Part, Score, keys_for, overall, score
from rplay.agents.rehearsal.pick import fill
from rplay.agents.rehearsal.tables import table
from rplay.agents.types import Difficulty, Transcript

COMPETENCIES = 200  # the most competencies that are judged; each takes 0.15 ms
_MOST = 3
# a part shown less than _FULL gets advice; in a talk with a score of _GOOD or more only one shown less than _THIN
_FULL, _THIN, _GOOD = 0.75, 0.5, 5.0
_WELL, _SHOWN = 8, 3  # from _WELL on a score gets little advice, from _SHOWN on something is praised
_LONGEST_QUOTE = 240
_DESCRIPTION = 2_000


def review(transcript: Transcript) -> dict[str, Any]:
    """Return the review in both forms of the contract, so that `strengths` and `generalStrengths` hold the same."""
    evidence, asked = _judged(transcript)
    broken = broken_in(transcript)
    lacking = missing(evidence)
    shown = [one for one in asked if not one.only(lacking)] or asked
    judged = asked if evidence.record.counts.get("breach") else shown
    # A broken rule takes no competency out of the mean, and adds none that raises it.
    total = min(overall([one.level for one in those], evidence.record, cap_of(broken)) for those in (judged, shown))
    not_shown = _not_shown([one for one in asked if one not in judged])
    told = _told(judged, evidence, broken, total, not_shown)
    return _written(transcript, judged, evidence, told)


def _judged(transcript: Transcript) -> tuple[Evidence, list[Judged]]:
    """Return what the talk shows, and what that is worth.

    Lines that are not meant for the client are left out, but where the talk is worth less with what else they say:
    nobody gets rid of a bad line by adding an order to it.
    """
    evidence = gather(transcript.messages)
    asked = _worth(transcript, evidence)
    if not evidence.record.counts.get("tampering"):
        return evidence, asked
    other = gather(transcript.messages, whole=False)
    each = [min(pair, key=lambda one: one.level) for pair in zip(asked, _worth(transcript, other), strict=True)]
    levels = [one.level for one in each]
    return min(evidence, other, key=lambda one: overall(levels, one.record, 10)), each


def _worth(transcript: Transcript, evidence: Evidence) -> list[Judged]:
    rubrics = by_name(transcript.rubrics)
    return [_judge(one, evidence.record, transcript.difficulty, rubrics) for one in _asked(transcript)]


def _not_shown(those: Sequence[Judged]) -> list[Mapping[str, str]]:
    texts = table("review")["not_shown"]
    return [{"name": one.name, "text": fill(texts[one.keys[0]], name=one.name)} for one in those]


@dataclass(frozen=True)
class Told:
    """The texts that the learner reads in addition to the scores, for each competency and in general."""

    total: float
    cap: float
    strengths: Mapping[str, Sequence[Text]]  # the best competency first
    improvements: Mapping[str, Sequence[Text]]  # the weakest competency first
    breaches: Sequence[Text]
    flags: Sequence[Mapping[str, Any]]
    foreign: bool
    not_shown: Sequence[Mapping[str, str]]  # competencies without a score, and why

    @cached_property
    def general_strengths(self) -> list[Text]:
        return _spread(self.strengths.values())[: _MOST + 1]

    @cached_property
    def general_improvements(self) -> list[Text]:
        return list(dict.fromkeys([*self.breaches, *_spread(self.improvements.values())]))[: _MOST + 2]

    @property
    def first(self) -> Text | None:
        """The one thing to practise next; None if there is nothing to improve."""
        return next(iter(self.general_improvements), None)

    def all(self) -> list[Text]:
        """Return each text once, in the order of the talk."""
        texts = chain(self.breaches, *self.improvements.values(), *self.strengths.values())
        return sorted(dict.fromkeys(texts), key=lambda one: one.line)


def _told(
    judged: Sequence[Judged],
    evidence: Evidence,
    broken: Sequence[BrokenRule],
    total: float,
    not_shown: Sequence[Mapping[str, str]],
) -> Told:
    places = Places(evidence.talk, evidence.lines, evidence.record)
    foreign = is_foreign_talk(evidence.talk)
    best = sorted(judged, key=lambda one: -one.value)
    strengths = {one.name: _met(one, places) for one in best}
    breaches = [broke(one) for one in broken if one.sure]
    improvements = {one.name: [] if foreign else _to_improve(one, places, total, breaches) for one in reversed(best)}
    proved = list(chain.from_iterable(improvements.values()))
    return Told(
        total,
        cap_of(broken),
        strengths,
        improvements,
        breaches,
        [{"kind": "language"}] if foreign else list(doubts(places, total, proved)),
        foreign,
        not_shown,
    )


def _spread(texts: Iterable[Sequence[Text]]) -> list[Text]:
    """Return the first text of each competency, then the second and so on. Faults come before everything else."""
    rows = chain.from_iterable(zip_longest(*texts))
    return sorted(dict.fromkeys(one for one in rows if one), key=lambda one: one.kind != "fault")


def _written(transcript: Transcript, judged: Sequence[Judged], evidence: Evidence, told: Told) -> dict[str, Any]:
    record = evidence.record
    strengths, improvements = (
        [one.text for one in those] for those in (told.general_strengths, told.general_improvements)
    )
    feedback = {one.name: _feedback(one, record, told) for one in judged}
    summary = _summary(judged, record, told)
    return {
        "overallScore": told.total,
        "competencyScores": {
            one.name: _entry(one, record, told, transcript.difficulty) | {"feedback": feedback[one.name]}
            for one in judged
        },
        "strengths": strengths,
        "areasForImprovement": improvements,
        "generalStrengths": strengths,
        "generalImprovements": improvements,
        "detailedFeedback": "\n\n".join(
            [summary, *(f"{one.name} ({one.value}/10): {feedback[one.name]}" for one in judged)]
        ),
        "summary": summary,
        "conversationAnalysis": _analysis(transcript, record),
        "moments": [one.as_object() for one in told.all()],
        "nextStep": told.first.as_object() if told.first else None,
        "flags": list(told.flags),
        "notShown": list(told.not_shown),
        "checks": [one for each in judged for one in checks_of(each, evidence, told.improvements[each.name])],
    }


def _asked(transcript: Transcript) -> list[Mapping[str, Any]]:
    """Return the competencies to score: the requested ones, else the usual ones."""
    asked = transcript.competencies[:COMPETENCIES]
    named = [one for one in asked if str(one.get("name") or one.get("id") or "").strip()]
    return list(named or ({"id": key, "name": name} for key, name in table("wording")["names"].items()))


def _judge(competency: Mapping[str, Any], record: Record, difficulty: Difficulty, rubrics: Rubrics) -> Judged:
    name = str(competency.get("name") or competency.get("id")).strip()[:120]
    known = checks.table()["competencies"]
    given = str(competency.get("id") or "")
    keys = [given] if given in known else keys_for(name, str(competency.get("description") or "")[:_DESCRIPTION])
    scores = [score(key, record, difficulty) for key in keys]
    level = sum(one.level for one in scores) / len(scores)
    criteria = criteria_for(rubrics, given or (keys[0] if len(keys) == 1 else ""), name, round(level))
    faults = tuple(dict.fromkeys(fault for one in scores for fault in one.faults))
    return Judged(name, level, _parts(scores), faults, criteria, tuple(keys))


def _parts(scores: Sequence[Score]) -> tuple[Part, ...]:
    """Return the parts of all scores, the heaviest first, with each kind of behaviour only once."""
    unique = {part.check.kinds: part for one in reversed(scores) for part in one.parts}
    return tuple(sorted(unique.values(), key=lambda part: -part.check.weight))


def _entry(one: Judged, record: Record, told: Told, difficulty: str) -> dict[str, Any]:
    return {
        "score": one.value,
        "strengths": [text.text for text in told.strengths[one.name]],
        "improvements": [text.text for text in told.improvements[one.name]],
        "specificExamples": list(_examples(one, record)),
        "criteria": one.criteria,
        "expectation": expectation(one.value, difficulty),
    }


def expectation(value: int, difficulty: str) -> str:
    texts = table("review")["expectations"]
    step = next(step for step in (9, 7, 5, 3, 1) if value >= step)
    return fill(texts[str(step)], difficulty=difficulty)


def _met(one: Judged, places: Places) -> list[Text]:
    if one.value < _SHOWN:
        return []
    parts = [part for part in one.parts if part.shown >= _FULL]
    return [text for part in parts if (text := praise(part, places))][:_MOST]


def _to_improve(one: Judged, places: Places, total: float, breaches: Sequence[Text]) -> list[Text]:
    """Return the proved faults, then advice on what would have gained most."""
    broken = breaches[:1] if "breach" in one.faults else []
    accused = [text for fault in one.faults if fault != "breach" and (text := accuse(fault, places, total))]
    faults = [*broken, *accused][:2]
    least = _THIN if total >= _GOOD else _FULL
    thin = sorted(
        (part for part in one.parts if part.shown < least), key=lambda part: -part.check.weight * (1 - part.shown)
    )
    wanted = (1 if one.value >= _WELL else _MOST) - len(faults)
    advice = [text for part in thin[: max(0, wanted)] if (text := advise(part, places))]
    return [*faults, *advice]


def _examples(one: Judged, record: Record) -> Iterator[str]:
    """Yield the advisor's own sentences: first the one that cost points, then those that earned them."""
    quotes = [quote for fault in one.faults[:1] for quote in record.quotes.get(fault, [])[:1]]
    for part in one.parts:
        for kind in part.check.kinds:
            quotes += record.quotes.get(kind, [])[:1]
    yield from list(dict.fromkeys(quote for quote in quotes if len(quote) <= _LONGEST_QUOTE))[:_MOST]


def _feedback(one: Judged, record: Record, told: Told) -> str:
    texts = table("review")["bands"]
    if not record.turns or (one.value <= 1 and not one.faults and not any(part.shown for part in one.parts)):
        return str(texts["none"])
    said = [texts[str((one.value + 1) // 2)]]
    best, worst = (next(iter(texts[one.name]), None) for texts in (told.strengths, told.improvements))
    said += pointed(best, worst)
    if record.turns < 6:
        said.append(fill(texts["short"], turns=_lines(record.turns)))
    return " ".join(said)


def _lines(turns: int) -> str:
    return "one line" if turns == 1 else f"{turns} lines"


def _summary(judged: Sequence[Judged], record: Record, told: Told) -> str:
    texts = table("review")["summary"]
    if told.foreign or not record.turns:
        return str(texts["foreign" if told.foreign else "empty"])
    grade = next(
        grade
        for grade, least in (("strong", 8.5), ("good", 6.5), ("fair", 4.5), ("weak", 2.5), ("poor", 0))
        if told.total >= least
    )
    said = [texts[grade]]
    if record.turns < 6:
        said.append(fill(texts["few"], turns=_lines(record.turns)))
    best, worst = max(judged, key=lambda one: one.value), min(judged, key=lambda one: one.value)
    if best.value - worst.value >= 2:
        said += [
            fill(texts[key], name=one.name, score=str(one.value)) for key, one in (("best", best), ("worst", worst))
        ]
    said += [one["text"] for one in told.not_shown]
    if record.counts.get("deaf"):
        said.append(texts["deaf"])
    if told.cap < 10:
        said.append(fill(texts["capped"], cap=f"{told.cap:g}"))
    return " ".join([*said, *(fill(texts["next"], step=one.text) for one in [told.first] if one)])


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
