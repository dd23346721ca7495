"""A new review of a stored talk, with the life that the server keeps of its client; and what people say of one."""

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
    """Made and kept as the next version; fails as `evaluation.review` does. No connection is held while it is made.

    Who may see it is looked at once more when it is there: it took a while.
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
    """A transaction for what this caller says of a talk: the caller as they are now, and the transaction.

    The owner's account is locked with the caller's, in one order, as two admins who judge each other's talks would wait
    for each other, and so would an erasure.
    """
    talk = simulations.owner(simulation_id)
    with acting(user, *([talk.user_id] if talk and talk.user_id else [])) as (now, _, tx):
        yield now, tx
