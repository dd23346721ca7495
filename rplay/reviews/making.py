"""A review made here of a stored talk, which knows what the server knows of the client."""

from collections.abc import Mapping, Sequence
from typing import Any

import gevent

from rplay import briefing
from rplay.agents import evaluation
from rplay.agents.chain import Chain
from rplay.agents.persona.life import Life, Subject
from rplay.agents.types import Difficulty, Message, Parameter
from rplay.data import DataFiles
from rplay.db.simulations import Simulation
from rplay.errors import BadRequest

ROLES = ("user", "assistant", "system")
NOTHING_SAID = "Nothing was said in this simulation"


def messages_in(history: Sequence[Any]) -> list[Message]:
    """The turns of a stored talk; whatever else old ones hold is left out."""
    return briefing.messages_of([turn for turn in history if _is_turn(turn)])


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, dict) and turn.get("role") in ROLES and isinstance(turn.get("content"), str)


def made(
    chain: Chain,
    data: DataFiles,
    parameters: Sequence[Parameter],
    talk: Simulation,
    said: Sequence[Message],
    difficulty: Difficulty,
    life: Life,
) -> dict[str, Any]:
    """The review as the review page reads it. The life counts once the talk is over: before, it is nobody's to know."""
    if not any(one["role"] == "user" for one in said):
        raise BadRequest(NOTHING_SAID)
    over = talk.completed_at is not None
    kept = gevent.get_hub().threadpool.apply(_kept_back, (life, said)) if over else []
    transcript = briefing.transcript(
        data,
        parameters,
        said,
        difficulty,
        competencies_of(data, talk),
        profile=talk.client_profile if isinstance(talk.client_profile, dict) else {},
        industry=talk.industry,
        subcategory=talk.subcategory,
        life=life if over else None,
        hidden=[one.name for one in kept],
    )
    review = evaluation.review(chain, transcript).as_array()
    return {**review, "hidden": [_shown(one) for one in kept]} if over else review


def competencies_of(data: DataFiles, talk: Simulation) -> list[dict[str, Any]]:
    """What such a talk is measured by; all where its industry says nothing."""
    ids = data.competencies_for(talk.industry, talk.subcategory)
    every = data.competencies()
    return [one for one in every if one["id"] in ids] or every


def _kept_back(life: Life, said: Sequence[Message]) -> list[Subject]:
    # Imported here, in the thread, as it knows half of the rehearsal.
    from rplay.agents.fidelity import kept_back

    return kept_back(life, said)


def _shown(subject: Subject) -> Mapping[str, Any]:
    """What stayed hidden, and by what it would have been told."""
    return {"about": subject.name, "unlock": list(subject.unlock)}
