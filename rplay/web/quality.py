"""Measures, in the background after a talk, how true the client stayed to its life."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

import gevent

from rplay import background
from rplay.agents.persona.life import Life
from rplay.agents.types import Message
from rplay.briefing import messages_of
from rplay.db import simulations, talk_fidelity
from rplay.db.simulations import Simulation
from rplay.runtime import metrics
from rplay.web import lives
from rplay.web.fields.training import difficulty_of

if TYPE_CHECKING:
    from rplay.agents.fidelity import Fidelity


def measure(talk: Simulation) -> None:
    """Start the measurement in the background, so that no response waits for it."""
    profile = talk.client_profile if isinstance(talk.client_profile, dict) else {}
    difficulty = difficulty_of(talk.difficulty) or "beginner"
    life = lives.of_talk(str(talk.id), talk.user_id, profile, talk.industry, talk.subcategory, difficulty)
    background.run("talk_fidelity", _measure, talk.id, life)


def _measure(simulation_id: UUID, life: Life) -> None:
    turns = [one for one in simulations.history(simulation_id) if isinstance(one, dict)]
    messages = messages_of([one for one in turns if {"role", "content"} <= one.keys()])
    counts = gevent.get_hub().threadpool.apply(_counted, (life, messages))
    if not counts.turns:
        return
    provider = talk_fidelity.keep(simulation_id, **asdict(counts))
    metrics.CLIENT_TURNS.labels(provider).inc(counts.turns)
    for fault in talk_fidelity.FAULTS:
        metrics.CLIENT_FAULTS.labels(provider, fault).inc(getattr(counts, fault))


def _counted(life: Life, said: Sequence[Message]) -> "Fidelity":
    # This is imported in the thread, as it pulls in half of the rehearsal.
    from rplay.agents.fidelity import measured

    return measured(life, said)
