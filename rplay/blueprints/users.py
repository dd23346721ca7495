"""/api/users: users, as admins manage them."""

from contextlib import ExitStack
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint
from pydantic import AfterValidator, model_validator

from rplay import security
from rplay.db import review_views, simulations, users
from rplay.db.sessions import SignedIn
from rplay.db.users import NewUser as NewAccount
from rplay.errors import BadRequest, Forbidden, NotFound
from rplay.people import managing
from rplay.people.rules import full_name
from rplay.values import is_missing
from rplay.web import bounds, shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import ADMINS, acting, admin_only, signed_in
from rplay.web.body import Body, Query, Short, Title, asks, problem, takes, with_id
from rplay.web.fields.people import Email, EmailOrFormer, NewPassword, Role
from rplay.web.openapi import responds
from rplay.web.parts import parts
from rplay.web.views import Arguments, View, preceded

bp = Blueprint("users", __name__, url_prefix="/api/users")

OWN_PASSWORD = "Your own password is changed with the current one, through POST /api/auth/change-password"  # noqa: S105


class Search(Query):
    role: Short | None = None
    search: Title | None = None


class Named(Body):
    """A user's name, as one field or in two parts."""

    first_name: Title | None = None
    last_name: Title | None = None
    name: Title | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: dict[str, Any]) -> dict[str, Any]:
        if is_missing(data.get("name")) and (is_missing(data.get("firstName")) or is_missing(data.get("lastName"))):
            raise problem(str(cls.missing))
        return data

    @model_validator(mode="after")
    def _short(self) -> "Named":
        if len(self.full_name()) > bounds.NAME:
            raise problem("Invalid value for lastName")
        return self

    def full_name(self) -> str:
        return str(full_name(self.name, self.first_name, self.last_name))


class NewUser(Named):
    missing = "Missing required fields: firstName, lastName, email, password, role"

    email: Email
    password: NewPassword
    role: Role
    job_role: Title | None = None


class UserChange(Named):
    """A changed account. The role is required for another user's account. A job role that is not sent stays; a
    blank one is removed.
    """

    clearable = frozenset({"jobRole"})
    missing = "Missing required fields: firstName, lastName, email, role"

    email: EmailOrFormer
    role: Role | None = None
    password: NewPassword | None = None
    job_role: Annotated[Title | None, AfterValidator(lambda text: None if is_missing(text) else text)] = None


def self_or_admin(view: View) -> View:
    """Allow only the user named by `user_id` in the path, and admins. This runs before the body is read."""
    return preceded(view, _check_self_or_admin)


def _check_self_or_admin(arguments: Arguments, _: ExitStack) -> Arguments:
    user: SignedIn = arguments["user"]
    if user.id != arguments["user_id"] and user.role not in ADMINS:
        raise Forbidden("Admin access required")
    return arguments


@bp.get("")
@admin_only
@asks(Search)
@responds(200, users=list[users.User])
def everyone(user: SignedIn, query: Search) -> Answer:  # noqa: ARG001
    return ok(users=[person.public() for person in users.everyone(query.role, query.search)])


@bp.post("")
@admin_only
@takes(NewUser)
@responds(201, 409, user=users.User)
def create(user: SignedIn, body: NewUser) -> Answer:
    managing.may_manage(user, body.role)  # checked before the expensive hash is computed
    settings = parts().settings
    password = security.hash_password(body.password, settings.bcrypt_cost)
    person = NewAccount(body.full_name(), body.email, password, body.role, body.job_role)
    with acting(user) as (now, _, tx):
        created = managing.create(now, person, parts().outbox, settings.app_url, tx)
    parts().outbox.wake()
    return ok(201, user=created.public())


@bp.get("/<user_id>")
@signed_in
@with_id("user")
@responds(200, 403, user=shapes.UserWithCounts)
def get(user: SignedIn, user_id: UUID) -> Answer:
    """Return the caller's own account, or any account for an admin."""
    if user.id != user_id and user.role not in ADMINS:
        raise Forbidden("Unauthorized to view this user")
    person = users.by_id(user_id)
    if person is None:
        raise NotFound("User not found")
    if user.id != user_id:
        review_views.note_few_of(user_id, user.id)
    return ok(user={**person.public(), "stats": _stats(user_id)})


@bp.put("/<user_id>")
@signed_in
@with_id("user")
@self_or_admin
@takes(UserChange)
@responds(200, 403, 409, user=users.ChangedUser)
def put(user: SignedIn, user_id: UUID, body: UserChange) -> Answer:
    """Change an account. A new password ends its sessions."""
    if user.id != user_id and body.role is None:
        raise BadRequest(str(body.missing))
    if user.id == user_id and body.password:
        raise BadRequest(OWN_PASSWORD)
    password = security.hash_password(body.password, parts().settings.bcrypt_cost) if body.password else None
    return ok(user=_change(user, user_id, body, password).public())


def _change(user: SignedIn, user_id: UUID, body: UserChange, password: str | None) -> users.ChangedUser:
    """Change the account in one transaction with both accounts locked, as their roles decide what is allowed."""
    with acting(user, user_id) as (now, people, tx):
        person = managing.known(people, user_id)
        role = body.role or person.role
        job_role = body.job_role if "job_role" in body.model_fields_set else person.job_role
        return managing.change(now, person, body.full_name(), body.email, role, job_role, password, tx)


@bp.delete("/<user_id>")
@admin_only
@with_id("user")
@responds(200, message=str)
def delete(user: SignedIn, user_id: UUID) -> Answer:
    """Delete an account with everything that belongs to its owner."""
    if user.id == user_id:
        raise BadRequest(managing.OWN_ACCOUNT)
    with acting(user, user_id) as (now, people, tx):
        managing.delete(now, managing.known(people, user_id), tx)
    return ok(message="User deleted successfully")


def _stats(user_id: UUID) -> dict[str, Any]:
    stats = simulations.stats_of(user_id)
    return {
        "totalSimulations": stats.total,
        "completedSimulations": stats.completed,
        "avgScore": stats.average or 0,
    }
