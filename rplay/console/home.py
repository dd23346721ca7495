"""The first page after signing in: open talks, a proposal for the next one, and recent results."""

from collections import defaultdict

from flask import Blueprint, Response

from rplay.console.assignments import state_name
from rplay.console.exercise import proposed
from rplay.console.new_talk import difficulty_name, kind_name
from rplay.console.rendering import page as rendered
from rplay.db import learner_talks, review_numbers
from rplay.db.learner_talks import Filter
from rplay.db.sessions import SignedIn
from rplay.reviews.numbers import OVERALL
from rplay.training import assigning
from rplay.web.auth import signed_in
from rplay.web.parts import parts

bp = Blueprint("home", __name__)

OPEN, DONE = 3, 8  # open and completed talks that are shown


@bp.get("/")
@signed_in
def page(user: SignedIn) -> Response:
    done = learner_talks.page_of(user.id, Filter(state="done"), DONE)
    numbers = review_numbers.of_simulations([talk.id for talk in done])
    order = {talk.id: place for place, talk in enumerate(done)}
    scores: dict[str, list[float]] = defaultdict(list)
    for one in sorted(numbers, key=lambda one: order[one.simulation_id]):
        scores[one.number].append(one.score)
    return rendered(
        "home.html",
        user,
        going_on=learner_talks.page_of(user.id, Filter(state="open"), OPEN),
        done=done,
        overall={one.simulation_id: one.score for one in numbers if one.number == OVERALL},
        exercise=proposed(done, scores),
        assigned=assigning.mine(user),
        state_name=state_name,
        kind_of=lambda talk: kind_name(parts().data.industry_metadata(), talk.industry, talk.subcategory),
        difficulty_name=difficulty_name,
    )
