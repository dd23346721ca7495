"""/api/users: people, as admins manage them."""

from typing import Any, Self
from uuid import UUID

from flask import Blueprint
from pydantic import model_validator

from rplay import security
from rplay.db import simulations, users
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Conflict, Forbidden, NotFound
from rplay.web.answers import Answer, ok
from rplay.web.auth import ADMINS, admin_only, signed_in
from rplay.web.body import Body, Query, Text, asks, problem, takes, with_id
from rplay.web.parts import parts
from rplay.web.people import Email, NewPassword, Role

bp = Blueprint("users", __name__, url_prefix="/api/users")


class Search(Query):
    role: Text | None = None
    search: Text | None = None


class NewUser(Body):
    """The name comes as one field or in two parts."""

    missing = "Missing required fields: firstName, lastName, email, password, role"

    first_name: Text | None = None
    last_name: Text | None = None
    name: Text | None = None
    email: Email
    password: NewPassword
    role: Role
    job_role: Text | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.full_name():
            raise problem(str(self.missing))
        return self

    def full_name(self) -> str | None:
        """One name out of what was sent; None when a part of it is missing."""
        if self.name and self.name.strip():
            return self.name.strip()
        first, last = (self.first_name or "").strip(), (self.last_name or "").strip()
        return f"{first} {last}" if first and last else None


def may_manage(admin: SignedIn, role: str) -> None:
    """Admin accounts are made, changed and removed by super admins only."""
    if role in ADMINS and admin.role != "super_admin":
        raise Forbidden("Only a super admin can manage admin accounts")


@bp.get("")
@admin_only
@asks(Search)
def everyone(user: SignedIn, query: Search) -> Answer:  # noqa: ARG001
    return ok(users=[person.public() for person in users.everyone(query.role, query.search)])


@bp.post("")
@admin_only
@takes(NewUser)
def create(user: SignedIn, body: NewUser) -> Answer:
    may_manage(user, body.role)
    password = security.hash_password(body.password, parts().settings.bcrypt_cost)
    created = users.create(str(body.full_name()), body.email, password, body.role, body.job_role)
    if created is None:
        raise Conflict("Email already registered")
    return ok(201, user=created.public())


@bp.get("/<user_id>")
@signed_in
@with_id("user")
def get(user: SignedIn, user_id: UUID) -> Answer:
    """Oneself, or anybody for an admin."""
    if user.id != user_id and user.role not in ADMINS:
        raise Forbidden("Unauthorized to view this user")
    return ok(user={**found(user_id).public(), "stats": _stats(user_id)})


@bp.delete("/<user_id>")
@admin_only
@with_id("user")
def delete(user: SignedIn, user_id: UUID) -> Answer:
    if user.id == user_id:
        raise BadRequest("You cannot delete your own account")
    may_manage(user, found(user_id).role)
    if not users.delete(user_id):
        raise NotFound("User not found")
    return ok(message="User deleted successfully")


def found(user_id: UUID) -> users.User:
    person = users.by_id(user_id)
    if person is None:
        raise NotFound("User not found")
    return person


def _stats(user_id: UUID) -> dict[str, Any]:
    stats = simulations.stats_of(user_id)
    return {
        "totalSimulations": stats.total,
        "completedSimulations": stats.completed,
        "avgScore": stats.average or 0,
    }
