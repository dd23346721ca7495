"""/api/assignments: which scenarios learners should practise, until when and how often."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import Blueprint
from pydantic import BeforeValidator, Field

from rplay.db.assignments import Assignment
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.training import assigning
from rplay.training.assigning import Details, Mine
from rplay.web import talks
from rplay.web.answers import Answer, ok
from rplay.web.auth import acting, signed_in
from rplay.web.body import Body, Int, problem, takes, takes_nothing, uuid_of, with_id
from rplay.web.fields.dates import end_of
from rplay.web.openapi import responds

bp = Blueprint("assignments", __name__, url_prefix="/api/assignments")


def _moment(text: object) -> datetime:
    try:
        return end_of(text) if isinstance(text, str) and len(text) <= 50 else _no_moment()
    except ValueError:
        return _no_moment()


def _no_moment() -> datetime:
    raise problem("Invalid value for dueAt")


def _id(text: object) -> UUID:
    found = uuid_of(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("no id")
    return found


Id = Annotated[UUID, BeforeValidator(_id)]
Deadline = Annotated[datetime, BeforeValidator(_moment)]
Attempts = Annotated[Int, Field(ge=1, le=100)]
RemindDays = Annotated[Int, Field(ge=1, le=60)]


class NewAssignment(Body):
    scenario_id: Id
    group_id: Id | None = None
    user_id: Id | None = None
    due_at: Deadline | None = None
    attempts: Attempts | None = None
    remind_days: RemindDays | None = None


class AssignmentPatch(Body):
    clearable = frozenset({"dueAt", "attempts", "remindDays"})

    due_at: Deadline | None = None
    attempts: Attempts | None = None
    remind_days: RemindDays | None = None


@bp.get("")
@signed_in
@responds(200, 403, data=list[Assignment])
def every(user: SignedIn) -> Answer:
    """Return the assignments of the caller's learners; all of them for an admin."""
    return ok(data=assigning.of_user(user))


@bp.get("/mine")
@signed_in
@responds(200, data=list[Mine])
def mine(user: SignedIn) -> Answer:
    """Return the assignments of the caller."""
    return ok(data=assigning.mine(user))


@bp.post("")
@signed_in
@takes(NewAssignment)
@responds(201, 403, 404, 409, data=Assignment)
def create(user: SignedIn, body: NewAssignment) -> Answer:
    on = [body.user_id] if body.user_id else []
    with acting(user, *on) as (now, _, tx):
        to = (body.group_id, body.user_id)
        made = assigning.assign(now, body.scenario_id, *to, body.due_at, body.attempts, body.remind_days, tx)
    return ok(201, data=made)


@bp.get("/<assignment_id>")
@signed_in
@with_id("assignment")
@responds(200, 403, data=Details)
def get(user: SignedIn, assignment_id: UUID) -> Answer:
    """Return an assignment with each learner's progress."""
    return ok(data=assigning.details(user, assignment_id))


@bp.patch("/<assignment_id>")
@signed_in
@with_id("assignment")
@takes(AssignmentPatch)
@responds(200, 403, data=Assignment)
def patch(user: SignedIn, assignment_id: UUID, body: AssignmentPatch) -> Answer:
    """Change deadline, attempts or reminder.

    Null removes the deadline or the reminder. Null for attempts means that the scenario's number applies.
    """
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    with acting(user) as (now, _, tx):
        changed = assigning.change(now, assignment_id, changes, tx)
    return ok(data=changed)


@bp.delete("/<assignment_id>")
@signed_in
@with_id("assignment")
@responds(200, 403, message=str)
def delete(user: SignedIn, assignment_id: UUID) -> Answer:
    """Delete an assignment; its talks stay."""
    with acting(user) as (now, _, tx):
        assigning.delete(now, assignment_id, tx)
    return ok(message="Assignment deleted successfully")


@bp.post("/<assignment_id>/attempts")
@signed_in
@with_id("assignment")
@takes_nothing
@responds(201, 403, data=Simulation)
def attempt(user: SignedIn, assignment_id: UUID) -> Answer:
    """Begin the caller's next attempt. It counts from now on."""
    return ok(201, data=talks.begin_assigned(user, assignment_id))
