"""Turns evidence into answers to the checks, and these into scores from 1 to 10."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rplay.agents.assessment import scoring
from rplay.agents.assessment.checks import Check, sheet, table
from rplay.agents.rehearsal.assessment.objections import slug
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.types import Difficulty

# Detectors see about two thirds of what people see: they found 0.45 to 0.95 of a competency in 41 good talks, and
# hardly 0.2 in as many poor ones.
_ANCHORS: scoring.Anchors = {
    "beginner": ((0, 1), (0.22, 3), (0.4, 5), (0.6, 7), (0.88, 9), (1, 10)),
    "intermediate": ((0, 1), (0.23, 3), (0.42, 5), (0.63, 7), (0.9, 9), (1, 10)),
    "advanced": ((0, 1), (0.245, 3), (0.44, 5), (0.66, 7), (0.92, 9), (1, 10)),
}
# If the quality of the exchanges is known, it makes up this share of a competency, and the checks make up the rest.
# Scores then rise evenly from the lowest to the highest, as in the marks of two people on twenty talks.
_EXCHANGES = 0.65
_EVENLY: scoring.Anchors = {
    "beginner": ((0, 1), (0.3, 4), (1, 10)),
    "intermediate": ((0, 1), (0.3, 3.7), (1, 10)),
    "advanced": ((0, 1), (0.3, 3.4), (1, 10)),
}
# The share of the cost of faults that the best talks are excused: in people's marks faults cost a good talk little.
_EXCUSED = 0.7
# If the quality of the exchanges is at least _WELL, a check shown less than _HALF is undecided, because detectors miss
# more of the good than of the bad, and counts as half shown. Left out, it made one good talk like another: on 30 good
# talks that nothing here was learned from, Spearman with two people's marks rose from 0.61 to 0.79; on ten that the
# exchanges were learned from, most of them with nearly the same mark, it fell.
_WELL, _HALF = 0.75, 0.5
# The highest overall score after an insult, or if the advisor does not listen.
_CAPS = {"insult": 4.0, "deaf": 3.0}
# Means up to which a talk is poor and from which it is fair or good. Poor ones people mark by how much of what the
# advisor said seems to break a rule, and by how often the client was brushed off or pressed; what was shown hardly
# counts. Of four sets of pairs, each judged by weights fitted to the other three, Spearman among the poor talks rose
# from 0.13, 0.47, 0.48 and -0.10 to 0.61, 0.58, 0.85 and 0.76.
_POOR, _FAIR = 3.8, 5.0
_BRUSHED_OFF = ("dismiss", "clings", "pressure")
_POOREST, _SEEMS, _HURT = 2.15, 2.1, 1.5
# Points below the mean at most, and so much more for what harms: a talk by rote that harms nobody is weak.
_LOWER, _HARMS = 0.3, 2.0
_UNSAID = 4  # so many lines more that seem to break nothing: one of few lines is no habit


@dataclass(frozen=True)
class Part:
    """One check and how far it was met, from 0 to 1."""

    check: Check
    shown: float
    undecided: bool = False

    @property
    def counted(self) -> float:
        return self.check.weight * (_HALF if self.undecided else self.shown)


@dataclass(frozen=True)
class Score:
    level: float
    parts: tuple[Part, ...]
    faults: tuple[str, ...]

    @property
    def value(self) -> int:
        return round(self.level)


def score(competency: str, record: Record, difficulty: Difficulty) -> Score:
    judged = sheet(competency, difficulty)
    parts = tuple(_part(check, record) for check in judged.checks)
    faults = sorted((harm for harm in judged.harms if record.counts.get(harm.id)), key=lambda harm: -harm.loss)
    lost = scoring.lost(judged, record.counts)
    if record.quality is None:
        share = _reached(competency, scoring.shown(judged, {part.check.id: part.shown for part in parts}), record)
        level = scoring.level(share, lost, difficulty, record.turns, _ANCHORS)
    else:
        share = _EXCHANGES * record.quality + (1 - _EXCHANGES) * _counted(parts)
        level = scoring.level(share, lost * (1 - _EXCUSED * record.quality), difficulty, record.turns, _EVENLY)
    return Score(level, parts, tuple(harm.id for harm in faults))


def _part(check: Check, record: Record) -> Part:
    shown = _shown(check, record)
    return Part(check, shown, undecided=shown < _HALF and (record.quality or 0) >= _WELL)


def _counted(parts: Sequence[Part]) -> float:
    """Return the share of the checks that was shown."""
    return min(1.0, sum(part.counted for part in parts) / sum(part.check.weight for part in parts))


def _shown(check: Check, record: Record) -> float:
    return min(1.0, record.total(check.kinds) / max(check.target, check.share * record.turns))


def _reached(competency: str, reached: float, record: Record) -> float:
    if competency == "objection-handling" and not record.objections:
        # The client never objected, so inviting doubts and caring for worries can be shown, but not handling an
        # objection.
        care = 0.08 * min(2.0, record.total(("empathy",))) + 0.05 * min(2.0, record.total(("check",)))
        return min(0.38, reached + care)
    if competency == "option-suggestions" and not record.total(("fits", "loose", "premature")):
        return min(0.15, reached)
    return reached


def overall(levels: Sequence[float], record: Record, cap: float) -> float:
    """Return the mean of the levels, in poor talks as people mark those; capped after broken rules, insults, or if the
    advisor does not listen."""
    if not levels or not record.turns:
        return 1.0
    mean = sum(levels) / len(levels)
    caps = [most for kind, most in _CAPS.items() if record.counts.get(kind)]
    return min(round(_as_marked(mean, record), 1), cap, *caps)


def _as_marked(mean: float, record: Record) -> float:
    """The mean of what is shown does not tell poor talks apart: in them people mark what was done to the client."""
    if record.quality is None or mean >= _FAIR:
        return mean
    brushed_off = record.total(_BRUSHED_OFF) / record.turns
    broken = record.seems_broken / (record.said + _UNSAID)
    harm = _SEEMS * broken + _HURT * brushed_off
    poor = min(mean + 1, max(1.0, _POOREST - harm, mean - _LOWER - _HARMS * harm))
    return poor + (mean - poor) * max(0.0, (mean - _POOR) / (_FAIR - _POOR))


def keys_for(name: str, description: str = "") -> list[str]:
    """Return the keys of the table's competencies that fit this name or description; all of them if none fits."""
    known = table()["competencies"]
    if slug(name) in known:
        return [slug(name)]
    return list(_about(name)) or list(_about(description)) or list(known)


def _about(text: str) -> Iterator[str]:
    for key, entry in table()["competencies"].items():
        if re.search(entry["about"], text.lower()):
            yield key
