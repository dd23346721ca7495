"""Creates the demo data talk by talk: each talk is held first and then replaces the one of an earlier run.

So an interrupted run leaves only whole talks, and two runs at once do no harm.
"""

from collections.abc import Iterator
from datetime import timedelta

from rplay import db
from rplay.agents import build_chain
from rplay.agents.providers.rehearsal import RehearsalProvider
from rplay.agents.types import Parameter
from rplay.config import Settings
from rplay.data import DataFiles
from rplay.db import (
    Connection,
    ai_usage,
    client_lives,
    demo,
    engagement,
    parameters,
    reviews,
    simulation_origins,
    simulations,
    talk_fidelity,
    talk_memories,
)
from rplay.db.demo import Counts
from rplay.db.reviews import Review
from rplay.db.simulations import Simulation
from rplay.demo import afterwards, first, people
from rplay.demo.talk import XP, Held, hold
from rplay.errors import Conflict, Duplicate
from rplay.reviews.numbers import OVERALL, numbers_in

TAKEN = "An account has an address, or a group a name, that the demo data wants"


def put_people() -> None:
    """Create the demo people, and remove what earlier versions left. Raise Conflict if somebody else has one of
    their addresses.
    """
    try:
        demo.put_people([one.row() for one in people.EVERYBODY], people.WEEKS + 1)
    except Duplicate:
        raise Conflict(TAKEN) from None
    demo.sweep(people.ids(), [one.key for one in people.plan()])


def hold_talks(settings: Settings, data: DataFiles, pause: float = 0) -> Iterator[int]:
    """Hold and store every talk; yield how many are done after each. `pause` is the number of seconds between two
    turns.
    """
    provider = RehearsalProvider((0, 0))
    chain = build_chain(settings.model_copy(update={"ai_providers": ["local"]}), {"local": provider})
    steering = [Parameter(row.name, row.type, row.value, row.description) for row in parameters.steering()]
    try:
        for done, planned in enumerate(people.plan(), 1):
            _store(hold(planned, chain, data, steering, pause))
            yield done
    finally:
        provider.close()


def put_first() -> None:
    """Store the recorded first talk if there is nothing to show yet."""
    if not counts().feedback:
        _store(first.held())


def counts() -> Counts:
    return demo.counts(people.ids())


def _store(held: Held) -> None:
    planned, learner = held.planned, held.planned.learner
    with db.transaction() as tx:
        demo.remove(planned.key, learner.id, tx)
        talk, review = _keep(held, tx)
        demo.log(planned.key, learner.id, afterwards.log_of(held), tx)
        if planned.answered:
            afterwards.answer(held, review.scores[OVERALL], tx)
        afterwards.judge(held, talk.id, review, tx)
        judged = held.ended + timedelta(hours=min(20, planned.age.days * 12))
        demo.date_back(talk.id, planned.key, learner.id, held.began, held.ended, judged, tx)
    talk_memories.keep_progress(planned.key, learner.id, held.progress, len(held.said), "", "local")
    talk_fidelity.keep(talk.id, **held.fidelity)
    ai_usage.add(held.uses)


def _keep(held: Held, tx: Connection) -> tuple[Simulation, Review]:
    """Store the talk as the learner's own pages would: begin, save, complete and review it."""
    planned, learner = held.planned, held.planned.learner
    industry, subcategory = learner.about.split("/")
    talk = simulations.create(planned.key, learner.id, industry, subcategory, planned.difficulty, held.profile, tx=tx)
    client_lives.keep(talk.id, held.life.model_dump(mode="json"), tx=tx)
    simulation_origins.keep(talk.id, (), tx)
    engagement.record("simulation_start", learner.id, planned.key, tx=tx)
    history, xp = [turn.kept() for turn in held.turns], XP * len(held.lines)
    simulations.update(talk.id, learner.id, history, sorted(held.reached), xp, tx=tx)
    scores = numbers_in(held.review)
    simulations.complete(talk.id, learner.id, xp, held.review, scores.get(OVERALL), held.seconds, tx=tx)
    engagement.record_once("simulation_complete", learner.id, planned.key, tx=tx)
    review = reviews.add(talk.id, "server", held.review, scores, learner.id, tx)
    assert review is not None  # it is the first review of this talk
    return talk, review
