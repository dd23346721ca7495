"""Statistics for admins: learners' feedback, practice, AI usage and cost, and how far scores and clients can be
trusted.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from datetime import date as Day
from typing import Any

import gevent
from flask import Blueprint, Response, request

from rplay.console import charts, costs, tables
from rplay.console.rendering import page as rendered
from rplay.console.words import date, gettext
from rplay.db import engagement_log, insight, review_marks, talk_fidelity
from rplay.db.insight import AiUse, Span
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.reviews import agreement
from rplay.reviews.agreement import LEAST, Agreement
from rplay.reviews.numbers import OVERALL
from rplay.web.auth import admin_only
from rplay.web.parts import parts

bp = Blueprint("insight", __name__, url_prefix="/insight")

SPANS = (7, 30, 90, 365)  # numbers of days to choose from
USUAL = 30
NEWEST_ENTRIES = 1000  # newest log entries, in which recent sessions are searched
# days up to which a chart has one bar a day, and beyond one a week: 365 rows of tables took 0.4 s and 300 kB
MOST_BY_DAY = 90
PRICES_KNOWN = Day(2026, 11, 27)  # date of the shipped prices
Table = tuple[Sequence[str], list[Sequence[object]]]


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    days = _days()
    by: Span = "day" if days <= MOST_BY_DAY else "week"
    answers, practice, uses = insight.answers(days), insight.practice(days, by), insight.ai_use(days, by)
    prices = parts().data.prices()
    by_time = costs.by(lambda use: use.day, uses, prices)
    return rendered(
        "insight.html",
        user,
        days=days,
        by_week=by == "week",
        spans=SPANS,
        answered=sum(one.answers for one in answers),
        nps=_score_of(answers),
        nps_chart=charts.line([(_short(one.week), one.score) for one in answers], -100, 100, 50),
        talks=sum(one.talks for one in practice),
        talks_chart=charts.amounts([(_short(one.day), one.talks) for one in practice]),
        people_chart=charts.amounts([(_short(one.day), one.people) for one in practice]),
        all_use=costs.total("", uses, prices),
        calls_chart=charts.amounts([(_short(Day.fromisoformat(one.name)), one.calls) for one in by_time]),
        days_of_use=by_time,
        prices_changed=parts().data.prices_changed(),
        prices_known=PRICES_KNOWN,
        providers=costs.by(lambda use: f"{use.provider}: {use.model}", uses, prices),
        agents=costs.by(lambda use: use.agent, uses, prices),
        agreements=_agreements(),
        least=LEAST,
        demo_marks=review_marks.of_demo_talks(),
        overall=OVERALL,
        fidelity=talk_fidelity.summed_up(),
        faults=_faults(),
        day_of=lambda name: date(Day.fromisoformat(name)),
    )


@bp.get("/<table>.csv")
@admin_only
def file(user: SignedIn, table: str) -> Response:  # noqa: ARG001
    """Return a table of the page as CSV."""
    if table not in TABLES:
        raise NotFound("Endpoint not found")
    return tables.answer(f"{table}.csv", *TABLES[table]())


@bp.get("/sessions")
@admin_only
def sessions(user: SignedIn) -> Response:
    """Show what the web frontend logged of a session, oldest first; without one, the recent sessions."""
    key = request.args.get("session", "")[:200].replace("\0", "").strip()
    entries = engagement_log.of_session(key) if key else engagement_log.newest()[:NEWEST_ENTRIES]
    last = list({one["sessionId"]: one for one in reversed(entries)}.values())[::-1] if not key else []
    return rendered(
        "sessions.html",
        user,
        session=key,
        entries=[(one, [(name, str(text)[:300]) for name, text in one["metadata"].items()]) for one in entries[::-1]],
        last=last,
    )


def _days() -> int:
    asked = request.args.get("days", USUAL, int)
    return asked if asked in SPANS else USUAL


def _short(day: Day) -> str:
    return f"{day:%d.%m.}"


def _score_of(answers: Sequence[insight.Answers]) -> float | None:
    total = sum(one.answers for one in answers)
    return sum(one.score * one.answers for one in answers) / total if total else None


def _agreements() -> list[Agreement]:
    """Measure the agreement in a thread, as it takes a tenth of a second per score when there are new marks."""
    found = gevent.get_hub().threadpool.apply(agreement.measured, (review_marks.pairs(),))
    return [found.overall, *found.competencies]


def _faults() -> list[tuple[str, str]]:
    return [
        ("early", gettext("Told too early")),
        ("contradictions", gettext("Contradictions")),
        ("blanks", gettext("Said nothing")),
        ("repeats", gettext("Repeats")),
    ]


def _nps() -> Table:
    found = insight.answers(_days())
    rows = [(one.week, one.answers, one.promoters, one.detractors, round(one.score, 1)) for one in found]
    return ("week", "answers", "promoters", "detractors", "nps"), list(rows)


def _practice() -> Table:
    return ("day", "talks", "people"), [astuple(one) for one in insight.practice(_days())]


def _use() -> Table:
    prices = parts().data.prices()
    columns = [field.name for field in fields(AiUse)]
    return [*columns, "cost_usd"], [(*astuple(use), costs.cost_of(use, prices)) for use in insight.ai_use(_days())]


def _agreement() -> Table:
    columns = ("number", "n", "kappa", "kappa_low", "kappa_high", "difference", "difference_low", "difference_high")
    none = (None, None)
    rows = [
        (one.number, one.n, one.kappa, *(one.kappa_interval or none), one.difference)
        + (one.difference_interval or none)
        for one in _agreements()
    ]
    return columns, list(rows)


def _fidelity() -> Table:
    names = [field.name for field in fields(talk_fidelity.Counts)]
    return names, [astuple(one) for one in talk_fidelity.by_provider()]


TABLES: dict[str, Callable[[], Any]] = {
    "nps": _nps,
    "practice": _practice,
    "ai": _use,
    "agreement": _agreement,
    "fidelity": _fidelity,
}
