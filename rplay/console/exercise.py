"""Proposes what to practise next, and why, by a rule that people can follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from rplay.agents.types import Difficulty
from rplay.console.new_talk import difficulty_name
from rplay.console.words import gettext, number
from rplay.db.learner_talks import LearnerTalk
from rplay.reviews.numbers import OVERALL
from rplay.web.fields.training import DIFFICULTIES, difficulty_of

LAST = 3  # newest talks that are considered
READY = 7.5  # mean overall score from which the next difficulty is proposed
WEAK = 7.0  # mean score below which a competency is proposed for practice


@dataclass(frozen=True, slots=True)
class Exercise:
    title: str
    why: str
    kind: str
    difficulty: Difficulty


def proposed(talks: Sequence[LearnerTalk], scores: Mapping[str, Sequence[float]]) -> Exercise | None:
    """Return a proposal, from the learner's newest reviewed talks and the newest scores of each competency. None if
    no talk was reviewed.
    """
    if not talks or not scores.get(OVERALL):
        return None
    last = talks[0]
    kind, level = f"{last.industry}/{last.subcategory or 'default'}", difficulty_of(last.difficulty) or "beginner"
    overall = fmean(scores[OVERALL][:LAST])
    if overall >= READY and level != DIFFICULTIES[-1] and len(scores[OVERALL]) >= LAST:
        harder = DIFFICULTIES[DIFFICULTIES.index(level) + 1]
        why = gettext("Your last talks came to %(score)s on average: this one is easy for you.", score=number(overall))
        return Exercise(gettext("A harder client: %(level)s", level=difficulty_name(harder)), why, kind, harder)
    name, mean = min(
        ((name, fmean(found[:LAST])) for name, found in scores.items() if name != OVERALL),
        key=lambda pair: pair[1],
        default=(None, 10.0),
    )
    if name is None or mean >= WEAK:
        return Exercise(gettext("Another client of this kind"), gettext("Practice keeps it."), kind, level)
    why = gettext("It is your lowest number: %(score)s on average of your last talks.", score=number(mean))
    return Exercise(gettext("Practise: %(what)s", what=name), why, kind, level)
