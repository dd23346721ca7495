"""What is assigned: begun by learners, given to groups and followed by trainers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response
from pydantic import BeforeValidator, Field

from rplay.console import groups
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import N_, gettext
from rplay.db.sessions import SignedIn
from rplay.errors import Conflict, Forbidden
from rplay.training import assigning
from rplay.web import talks
from rplay.web.auth import acting, signed_in
from rplay.web.body import Title, uuid_of, with_id
from rplay.web.fields.dates import end_of

bp = Blueprint("assignments", __name__)

STATES = {
    "open": N_("not begun"),
    "begun": N_("begun"),
    "passed": N_("passed"),
    "failed": N_("not passed"),
    "overdue": N_("overdue"),
}


def state_name(state: str) -> str:
    return gettext(STATES[state])


def _day(text: Any) -> datetime | None:
    return end_of(text) if isinstance(text, str) and text.strip() else None


def _count(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.strip() else None


class NewAssignment(FormBody):
    scenario: Title
    due: Annotated[datetime | None, BeforeValidator(_day)] = None
    attempts: Annotated[Annotated[int, Field(ge=1, le=100)] | None, BeforeValidator(_count)] = None


@bp.post("/groups/<group_id>/assignments")
@signed_in
@with_id("group")
@takes_form(NewAssignment)
def create(user: SignedIn, group_id: UUID, form: Form[NewAssignment]) -> Response:
    scenario = uuid_of(form.body.scenario) if form.body else None
    if form.body is None or scenario is None:
        if not form.errors:
            form.refuse("scenario", gettext("Please fill this in."))
        return groups.assigning_shown(user, group_id, form, 400)
    try:
        with acting(user) as (now, _, tx):
            assigning.assign(now, scenario, group_id, None, form.body.due, form.body.attempts, tx)
    except Conflict:
        form.refuse("scenario", gettext("This scenario is archived."))
        return groups.assigning_shown(user, group_id, form, 409)
    return to("console.groups.group", group_id=group_id)


@bp.get("/assignments/<assignment_id>")
@signed_in
@with_id("assignment")
def page(user: SignedIn, assignment_id: UUID) -> Response:
    found = assigning.details(user, assignment_id)
    return rendered(
        "assignment.html", user, assignment=found.assignment, learners=found.learners, state_name=state_name
    )


@bp.post("/assignments/<assignment_id>/remove")
@signed_in
@with_id("assignment")
@takes_no_fields
def remove(user: SignedIn, assignment_id: UUID) -> Response:
    """The talks stay."""
    group_id = assigning.seen_by(user, assignment_id).group_id
    with acting(user) as (now, _, tx):
        assigning.delete(now, assignment_id, tx)
    return to("console.groups.group", group_id=group_id) if group_id else to("console.groups.page")


@bp.post("/assignments/<assignment_id>/begin")
@signed_in
@with_id("assignment")
@takes_no_fields
def begin(user: SignedIn, assignment_id: UUID) -> Response:
    """The learner's next attempt, with its client first; home where there is none any more."""
    try:
        talk = talks.begin_assigned(user, assignment_id)
    except Forbidden as refusal:
        if refusal.text == assigning.NOT_YOURS:
            raise
        return to("console.home.page")
    return to("console.new_talk.client", simulation_id=talk.id)
