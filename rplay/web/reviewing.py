"""Creates a new review of a stored talk, using the life of its client, and opens transactions for people's judgements
of talks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from rplay.agents.types import Difficulty
from rplay.db import Connection, scenarios, simulations
from rplay.db.reviews import Review
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.reviews import access, kept, making
from rplay.training.said import measured
from rplay.training.scenario import stored
from rplay.web import lives
from rplay.web.auth import acting, again
from rplay.web.fields.training import difficulty_of
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering


def difficulty_in(talk: Simulation) -> Difficulty:
    return difficulty_of(talk.difficulty) or "beginner"


def review(user: SignedIn, talk: Simulation) -> Review:
    """Create a review and store it as the next version. Raise the same errors as `evaluation.review`.

    No database connection is held while the model is asked. The caller's access is checked again afterwards, as that
    takes a while.
    """
    difficulty = difficulty_in(talk)
    profile = talk.client_profile if isinstance(talk.client_profile, dict) else {}
    life = lives.of_talk(str(talk.id), talk.user_id, profile, talk.industry, talk.subcategory, difficulty)
    said = making.messages_in(simulations.history(talk.id))
    made = making.made(chain_of(user), parts().data, steering(), talk, said, difficulty, life)
    scenario = scenarios.of_simulation(talk.id)
    if scenario:
        made |= measured(stored(scenario.content), said)
    talk = access.seen_by(again(user), talk.id)
    access.note_seen(user, talk)
    return kept.keep_own(talk.id, made, user.id)


@contextmanager
def judging(user: SignedIn, simulation_id: UUID) -> Iterator[tuple[SignedIn, Connection]]:
    """Open a transaction for this caller's judgement of a talk. Yield the caller as they are now, and the transaction.

    The accounts of owner and caller are locked together in a fixed order. Otherwise two admins who judge each other's
    talks, or an erasure, could deadlock.
    """
    talk = simulations.owner(simulation_id)
    with acting(user, *([talk.user_id] if talk and talk.user_id else [])) as (now, _, tx):
        yield now, tx
