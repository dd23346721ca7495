"""A learner's talks: a list with filters, the trend of each score, and tries with one client compared."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from rplay.console import charts
from rplay.console.new_talk import DIFFICULTIES, difficulty_name, kind_name, own
from rplay.console.rendering import page as rendered
from rplay.console.review import client_name
from rplay.console.words import date, gettext
from rplay.db import learner_talks, review_numbers, simulation_origins
from rplay.db.learner_talks import Filter, LearnerTalk
from rplay.db.review_numbers import Number
from rplay.db.sessions import SignedIn
from rplay.reviews.numbers import OVERALL
from rplay.web.auth import signed_in
from rplay.web.body import with_id
from rplay.web.parts import parts

bp = Blueprint("history", __name__)

ROWS, TREND = 20, 30  # talks on a page of the list; talks in the chart


@bp.get("/history")
@signed_in
def page(user: SignedIn) -> Response:
    chosen = {name: request.args.get(name, "")[:100] for name in ("industry", "difficulty", "state")}
    wanted = Filter(**{name: value or None for name, value in chosen.items()})
    total = learner_talks.count(user.id, wanted)
    pages = max(1, -(-total // ROWS))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    talks = learner_talks.page_of(user.id, wanted, ROWS, (number - 1) * ROWS)
    trend = learner_talks.page_of(user.id, Filter(wanted.industry, wanted.difficulty, "done"), TREND)
    numbers = review_numbers.of_simulations({talk.id for talk in (*talks, *trend)})
    return rendered(
        "history.html",
        user,
        talks=talks,
        total=total,
        number=number,
        pages=pages,
        chosen=chosen,
        address=lambda page: f"?{urlencode({**chosen, 'page': page})}",
        overall={one.simulation_id: one.score for one in numbers if one.number == OVERALL},
        **_trend(trend, numbers),
        **_words(),
    )


@bp.get("/talks/<simulation_id>/tries")
@signed_in
@with_id("simulation")
def compare(user: SignedIn, simulation_id: UUID) -> Response:
    """Show every try with the client of this talk, side by side."""
    talk = own(user, simulation_id)
    tries = learner_talks.of_ids(simulation_origins.tries_of(talk.id, user.id))
    numbers = review_numbers.of_simulations([one.id for one in tries])
    names = list(dict.fromkeys(one.number for one in numbers if one.number != OVERALL))
    return rendered(
        "tries.html",
        user,
        talk=talk,
        client=client_name(talk),
        tries=tries,
        rows=[OVERALL, *sorted(names)],
        scores={(one.simulation_id, one.number): one.score for one in numbers},
        **_words(),
    )


def _trend(talks: Sequence[LearnerTalk], numbers: Sequence[Number]) -> dict[str, Any]:
    """Return the chart of one score over the talks, oldest first, and the scores to choose from."""
    names = sorted({one.number for one in numbers if one.number != OVERALL})
    shown = request.args.get("number", "")
    shown = shown if shown in names else OVERALL
    scores = {one.simulation_id: one.score for one in numbers if one.number == shown}
    values = [(date(talk.started_at, "short"), scores[talk.id]) for talk in reversed(talks) if talk.id in scores]
    chart = charts.line(values) if len(values) > 1 else None
    return {"chart": chart, "names": names, "number_options": [(one, one) for one in names], "shown": shown}


def _words() -> dict[str, Any]:
    metadata = parts().data.industry_metadata()
    return {
        "kind_of": lambda talk: kind_name(metadata, talk.industry, talk.subcategory),
        "difficulty_name": difficulty_name,
        "industries": [("", gettext("All"))] + [(one, kind_name(metadata, one, None)) for one in metadata],
        "difficulties": [("", gettext("All"))] + [(value, gettext(name)) for value, name, _ in DIFFICULTIES],
    }
