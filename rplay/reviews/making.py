"""Creates a review of a stored talk on the server, which knows the client's life."""

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
    """Return the messages of a stored talk. Other data in old histories is ignored."""
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
    """Return the review in the form that the review page reads.

    The client's life is used only if the talk is over, as nobody may know it before.
    """
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
    """Return the competencies by which such a talk is measured; all of them if its industry lists none."""
    ids = data.competencies_for(talk.industry, talk.subcategory)
    every = data.competencies()
    return [one for one in every if one["id"] in ids] or every


def _kept_back(life: Life, said: Sequence[Message]) -> list[Subject]:
    # This is imported in the thread, as it pulls in half of the rehearsal.
    from rplay.agents.fidelity import kept_back

    return kept_back(life, said)


def _shown(subject: Subject) -> Mapping[str, Any]:
    """Describe a subject that stayed hidden, and what would have made the client tell it."""
    return {"about": subject.name, "unlock": list(subject.unlock)}
