"""Which competencies a talk gives no occasion to show, so that they are not scored.

Without a doubt of the client's nobody can show how they meet one, and without a proposal none can be judged, unless the
client asks what to do. In doubt a talk gives the occasion: in 80 talks that people marked, each of these numbers of
theirs has one of ours.
"""

from collections.abc import Iterator

from rplay.agents.rehearsal.assessment.doubts import says
from rplay.agents.rehearsal.assessment.evidence import Evidence, is_foreign_talk

_ENOUGH = 6  # lines of the advisor; what a shorter talk lacks is the advisor's doing
_PROPOSED = frozenset({"product", "recommend", "options", "tradeoff"})


def missing(evidence: Evidence) -> frozenset[str]:
    """Return the keys of the competencies that the talk gives no occasion to show."""
    return frozenset(_missing(evidence))


def _missing(evidence: Evidence) -> Iterator[str]:
    talk, record = evidence.talk, evidence.record
    if record.turns < _ENOUGH or is_foreign_talk(talk):
        return
    if not record.objections and not any(says(line, kind) for line in talk.client for kind in ("objection", "doubt")):
        yield "objection-handling"
    marks = frozenset[str]().union(*(one.marks for turn in talk.turns for one in turn.moves.sentences))
    proposed = record.total(("fits", "loose", "premature")) or not marks.isdisjoint(_PROPOSED)
    if not proposed and not any(says(line, "asks_advice") for line in talk.client):
        yield "option-suggestions"
