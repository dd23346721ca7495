"""Scenarios: their list, and the workshop in which a trainer makes one, tries it and changes it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from rplay.console.forms import Form, takes_form, takes_no_fields
from rplay.console.new_talk import DIFFICULTIES, difficulty_name, kind_name, kinds
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.reviews_shown import UNLOCKS
from rplay.console.words import gettext
from rplay.console.workshop import FAILS, POINTS, SECRETS, Workshop, filled, scenario_of
from rplay.db.scenarios import Scenario
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Conflict
from rplay.training import scenarios
from rplay.training.scenario import stored
from rplay.web import talks
from rplay.web.auth import acting, signed_in
from rplay.web.body import with_id
from rplay.web.parts import parts

bp = Blueprint("scenarios", __name__, url_prefix="/scenarios")

# Beside which field of the form it is said that this part of a scenario is wrong.
FIELDS = {
    "client": "client_name", "mustSay": "must_say", "mustNotSay": "must_not_say", "passMark": "pass_mark",
    "failsFrom": "fails_from", "industry": "kind", "subcategory": "kind", "secrets": "about_1",
}  # fmt: skip


@bp.get("")
@signed_in
def page(user: SignedIn) -> Response:
    return rendered(
        "scenarios.html",
        user,
        scenarios=scenarios.of_user(user),
        kind_of=lambda one: kind_name(parts().data.industry_metadata(), one.industry, one.subcategory),
        difficulty_name=difficulty_name,
    )


@bp.get("/new")
@signed_in
def new(user: SignedIn) -> Response:
    scenarios.for_trainers(user)
    return _workshop(user, Form({"pass_mark": "7", "fails_from": "high", "difficulty": "beginner"}))


@bp.post("/new")
@signed_in
@takes_form(Workshop)
def create(user: SignedIn, form: Form[Workshop]) -> Response:
    scenarios.for_trainers(user)
    if form.body is None:
        return _workshop(user, form, status=400)
    try:
        with acting(user) as (now, _, tx):
            made = scenarios.create(now, scenario_of(form.body), parts().data.industry_metadata(), tx)
    except BadRequest as error:
        return _workshop(user, _refused(form, error), status=400)
    return to("console.scenarios.scenario", scenario_id=made.id)


@bp.get("/<scenario_id>")
@signed_in
@with_id("scenario")
def scenario(user: SignedIn, scenario_id: UUID) -> Response:
    found = scenarios.seen_by(user, scenario_id)
    return _workshop(user, Form(filled(stored(found.content))), found)


@bp.post("/<scenario_id>")
@signed_in
@with_id("scenario")
@takes_form(Workshop)
def change(user: SignedIn, scenario_id: UUID, form: Form[Workshop]) -> Response:
    """The next version."""
    with acting(user) as (now, _, tx):
        there = scenarios.changed_by(now, scenario_id, tx)
    if form.body is None:
        return _workshop(user, form, there, 400)
    try:
        with acting(user) as (now, _, tx):
            said = scenario_of(form.body, there.content)
            scenarios.change(now, scenario_id, said, parts().data.industry_metadata(), tx)
    except BadRequest as error:
        return _workshop(user, _refused(form, error), there, 400)
    except Conflict:
        return _workshop(user, form.refuse("name", gettext("It has been changed too often.")), there, 409)
    return to("console.scenarios.scenario", scenario_id=scenario_id)


@bp.post("/<scenario_id>/try")
@signed_in
@with_id("scenario")
@takes_no_fields
def attempt(user: SignedIn, scenario_id: UUID) -> Response:
    """A talk of the trainer's own with the client, which counts for nothing."""
    talk = talks.try_scenario(user, scenarios.seen_by(user, scenario_id))
    return to("console.new_talk.client", simulation_id=talk.id)


@bp.post("/<scenario_id>/archive")
@signed_in
@with_id("scenario")
@takes_no_fields
def archive(user: SignedIn, scenario_id: UUID) -> Response:
    with acting(user) as (now, _, tx):
        scenarios.archive(now, scenario_id, tx)
    return to("console.scenarios.page")


def _refused(form: Form[Workshop], error: BadRequest) -> Form[Workshop]:
    """What is wrong, beside the field that it is about."""
    where = error.text.removeprefix("Invalid scenario: ").partition(":")[0]
    part = where.partition(".")[0]
    name = FIELDS.get(part, part)
    return form.refuse(name if name in Workshop.model_fields else "name", gettext("This is missing or not valid."))


def _workshop(user: SignedIn, form: Form[Any], there: Scenario | None = None, status: int = 200) -> Response:
    return rendered(
        "workshop.html",
        user,
        status,
        form=form,
        there=there,
        may_change=there is None or scenarios.may_change(user, there),
        kind_options=[(kind.value, kind.name) for kind in kinds()],
        difficulties=[(value, gettext(name)) for value, name, _ in DIFFICULTIES],
        unlocks=[(value, gettext(words), None) for value, words in UNLOCKS.items()],
        points=[(value, gettext(words)) for value, words in POINTS],
        fails=[(value, gettext(words)) for value, words in FAILS],
        places=range(1, SECRETS + 1),
    )
