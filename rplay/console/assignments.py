"""Assignments: learners begin them, trainers assign them to groups and follow the results."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response
from pydantic import AfterValidator, BeforeValidator, Field

from rplay.console import groups, tables
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.rules import SEVERITIES
from rplay.console.words import N_, gettext, iso
from rplay.db.sessions import SignedIn
from rplay.errors import Conflict, Forbidden
from rplay.training import assigning
from rplay.training.assigning import Result
from rplay.web import talks
from rplay.web.auth import acting, signed_in
from rplay.web.body import Title, problem, uuid_of, with_id
from rplay.web.fields.dates import end_of

bp = Blueprint("assignments", __name__)

STATES = {
    "open": N_("not begun"),
    "begun": N_("begun"),
    "passed": N_("passed"),
    "failed": N_("not passed"),
    "overdue": N_("overdue"),
}

RESULTS = (
    N_("Learner"), N_("E-mail address"), N_("State"), N_("Attempts"), N_("Best number"), N_("Passed"),
    N_("Broken rules"), N_("Last attempt"),
)  # fmt: skip


def state_name(state: str) -> str:
    return gettext(STATES[state])


def _day(text: Any) -> datetime | None:
    return end_of(text) if isinstance(text, str) and text.strip() else None


def _count(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.strip() else None


def _id(text: str) -> str:
    if text and uuid_of(text) is None:
        raise problem("Invalid value for learner")
    return text


Due = Annotated[datetime | None, BeforeValidator(_day)]
Attempts = Annotated[Annotated[int, Field(ge=1, le=100)] | None, BeforeValidator(_count)]
RemindDays = Annotated[Annotated[int, Field(ge=1, le=60)] | None, BeforeValidator(_count)]


class NewAssignment(FormBody):
    """The form of a new assignment. `learner` is the id of a group member, or empty for the whole group."""

    scenario: Title
    learner: Annotated[Title, AfterValidator(_id)] = ""
    due: Due = None
    attempts: Attempts = None
    remind: RemindDays = None


class Rules(FormBody):
    """The form of an existing assignment's rules. A field that is left empty is cleared."""

    due: Due = None
    attempts: Attempts = None
    remind: RemindDays = None


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
    learner = uuid_of(form.body.learner)
    try:
        with acting(user, *([learner] if learner else [])) as (now, _, tx):
            to_group = None if learner else group_id
            rules = (form.body.due, form.body.attempts, form.body.remind)
            assigning.assign(now, scenario, to_group, learner, *rules, tx)
    except Conflict:
        form.refuse("scenario", gettext("This scenario is archived."))
        return groups.assigning_shown(user, group_id, form, 409)
    return to("console.groups.group", group_id=group_id)


@bp.get("/assignments/<assignment_id>")
@signed_in
@with_id("assignment")
def page(user: SignedIn, assignment_id: UUID) -> Response:
    return _page(user, assignment_id, None)


@bp.post("/assignments/<assignment_id>")
@signed_in
@with_id("assignment")
@takes_form(Rules)
def change(user: SignedIn, assignment_id: UUID, form: Form[Rules]) -> Response:
    """Change the deadline, number of attempts and reminder; an empty field is cleared."""
    if form.body is None:
        return _page(user, assignment_id, form, 400)
    with acting(user) as (now, _, tx):
        due = _as_it_was(form.body.due, assigning.seen_by(now, assignment_id, tx).due_at)
        changes = {"due_at": due, "attempts": form.body.attempts, "remind_days": form.body.remind}
        assigning.change(now, assignment_id, changes, tx)
    return to("console.assignments.page", assignment_id=assignment_id)


@bp.get("/assignments/<assignment_id>/results.csv")
@signed_in
@with_id("assignment")
def table(user: SignedIn, assignment_id: UUID) -> Response:
    """Return the results as CSV. Marks that the reader gives these talks afterwards are not blind."""
    rows = map(_row, assigning.results(user, assignment_id))
    return tables.answer("results.csv", [gettext(name) for name in RESULTS], rows)


def _as_it_was(day: datetime | None, due: datetime | None) -> datetime | None:
    """Return the stored deadline with its time of day if the form's date, which shows only the day, was not changed."""
    return due if day and due and day.date() == due.date() else day


def _row(result: Result) -> list[object]:
    """Return the cells of one result for the CSV table. Times are in UTC."""
    who, standing = result.learner, result.learner.standing
    moments = [iso(moment) if moment else None for moment in (standing.passed_at, result.ended_at)]
    counts = [(name, result.severities.count(severity)) for severity, name in SEVERITIES.items()]
    broken = ", ".join(f"{gettext(name)}: {count}" for name, count in reversed(counts) if count)
    return [
        who.name,
        who.email,
        state_name(standing.state),
        standing.begun,
        result.best,
        moments[0],
        broken,
        moments[1],
    ]


def _page(user: SignedIn, assignment_id: UUID, form: Form[Rules] | None, status: int = 200) -> Response:
    found = assigning.details(user, assignment_id)
    due, own, remind = found.assignment.due_at, found.assignment.own_attempts, found.assignment.remind_days
    values = {"due": due.date().isoformat() if due else "", "attempts": str(own or ""), "remind": str(remind or "")}
    return rendered(
        "assignment.html",
        user,
        status,
        assignment=found.assignment,
        learners=found.learners,
        state_name=state_name,
        form=form or Form[Rules](values),
    )


@bp.post("/assignments/<assignment_id>/remove")
@signed_in
@with_id("assignment")
@takes_no_fields
def remove(user: SignedIn, assignment_id: UUID) -> Response:
    """Remove the assignment; its talks stay."""
    group_id = assigning.seen_by(user, assignment_id).group_id
    with acting(user) as (now, _, tx):
        assigning.delete(now, assignment_id, tx)
    return to("console.groups.group", group_id=group_id) if group_id else to("console.groups.page")


@bp.post("/assignments/<assignment_id>/begin")
@signed_in
@with_id("assignment")
@takes_no_fields
def begin(user: SignedIn, assignment_id: UUID) -> Response:
    """Begin the learner's next attempt and show its client; go to the home page if no attempt is left."""
    try:
        talk = talks.begin_assigned(user, assignment_id)
    except Forbidden as refusal:
        if refusal.text == assigning.NOT_YOURS:
            raise
        return to("console.home.page")
    return to("console.new_talk.client", simulation_id=talk.id)
