"""/api/groups: groups of learners whose talks a trainer may see."""

from typing import Annotated
from uuid import UUID

from flask import Blueprint
from pydantic import AfterValidator, BeforeValidator

from rplay.db.groups import ROLES, Group
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.people import groups
from rplay.people.groups import GroupDetails
from rplay.web.answers import Answer, ok
from rplay.web.auth import acting, admin_only, signed_in
from rplay.web.body import Body, Short, problem, takes, uuid_of, with_id
from rplay.web.fields.names import Name
from rplay.web.openapi import responds

bp = Blueprint("groups", __name__, url_prefix="/api/groups")


def _role(role: str) -> str:
    if role not in ROLES:
        raise problem(f"Invalid role. Must be one of: {', '.join(ROLES)}")
    return role


def _user_id(text: object) -> UUID:
    found = uuid_of(text) if isinstance(text, str) else None
    if found is None:
        raise problem("Invalid user ID format")
    return found


class GroupName(Body):
    name: Name


class NewMember(Body):
    user_id: Annotated[UUID, BeforeValidator(_user_id)]
    role: Annotated[Short, AfterValidator(_role)] | None = None


@bp.get("")
@signed_in
@responds(200, data=list[Group])
def every(user: SignedIn) -> Answer:
    """Return all groups for an admin, or those that a trainer trains."""
    return ok(data=groups.of_user(user))


@bp.post("")
@admin_only
@takes(GroupName)
@responds(201, 409, data=Group)
def create(user: SignedIn, body: GroupName) -> Answer:
    with acting(user) as (now, _, tx):
        created = groups.create(now, body.name, tx)
    return ok(201, data=created)


@bp.get("/<group_id>")
@signed_in
@with_id("group")
@responds(200, 403, data=GroupDetails)
def get(user: SignedIn, group_id: UUID) -> Answer:
    """Return a group with its members and their results, for an admin or its trainers."""
    return ok(data=groups.details(user, group_id))


@bp.put("/<group_id>")
@admin_only
@with_id("group")
@takes(GroupName)
@responds(200, 409, data=Group)
def put(user: SignedIn, group_id: UUID, body: GroupName) -> Answer:
    """Rename a group."""
    with acting(user) as (now, _, tx):
        renamed = groups.rename(now, group_id, body.name, tx)
    return ok(data=renamed)


@bp.delete("/<group_id>")
@admin_only
@with_id("group")
@responds(200, message=str)
def delete(user: SignedIn, group_id: UUID) -> Answer:
    """Delete a group. Its people stay; its trainers can no longer see their talks."""
    with acting(user) as (now, _, tx):
        groups.delete(now, group_id, tx)
    return ok(message="Group deleted successfully")


@bp.post("/<group_id>/members")
@admin_only
@with_id("group")
@takes(NewMember)
@responds(201, 404, 409, data=GroupDetails)
def add(user: SignedIn, group_id: UUID, body: NewMember) -> Answer:
    """Add a member to a group; without a role their account's role decides."""
    with acting(user, body.user_id) as (now, people, tx):
        if body.user_id not in people:
            raise NotFound("User not found")
        groups.add(now, group_id, people[body.user_id], body.role, tx)
    return ok(201, data=groups.details(now, group_id))


@bp.delete("/<group_id>/members/<user_id>")
@admin_only
@with_id("group")
@with_id("user")
@responds(200, message=str)
def remove(user: SignedIn, group_id: UUID, user_id: UUID) -> Answer:
    with acting(user) as (now, _, tx):
        groups.remove(now, group_id, user_id, tx)
    return ok(message="Member removed successfully")
