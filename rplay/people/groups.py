"""Groups: admins manage them, trainers see the ones they train."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rplay.db import Connection, audit_log, groups, review_numbers, review_views
from rplay.db.groups import Group
from rplay.db.sessions import SignedIn
from rplay.db.users import ADMINS, User
from rplay.errors import BadRequest, Conflict, Duplicate, Forbidden, NotFound

TAKEN = "Group name already exists"
NOT_FOUND = "Group not found"


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A group member with their results, in which people's scores take precedence over the machine's. `average` is
    None for fewer than three talks.
    """

    id: UUID
    name: str
    email: str
    role: str
    added_at: datetime
    talks: int
    average: float | None


@dataclass(frozen=True, slots=True)
class GroupDetails(Group):
    members: list[MemberStanding]


def of_user(user: SignedIn) -> list[Group]:
    """Return all groups for an admin, those that a trainer trains, and none for others."""
    if user.role in ADMINS:
        return groups.every()
    return groups.of_trainer(user.id) if user.role == "trainer" else []


def details(user: SignedIn, group_id: UUID) -> GroupDetails:
    """Return a group with its members. Raise Forbidden unless the user is an admin or trains it."""
    found = groups.get(group_id)
    trains = user.role == "trainer" and groups.is_trainer(user.id, group_id)
    if user.role not in ADMINS and not trains:
        raise Forbidden("Not authorized to view this group")
    if found is None:
        raise NotFound(NOT_FOUND)
    return _details(found)


def _details(group: Group) -> GroupDetails:
    people = groups.members(group.id)
    learners = [one.id for one in people if one.role == "learner"]
    means = {one.user_id: one for one in review_numbers.means_of(learners) if one.number == "overall"}
    return GroupDetails(
        group.id,
        group.name,
        group.created_at,
        group.trainers,
        group.learners,
        [_standing(one, means) for one in people],
    )


def _standing(member: groups.Member, means: Mapping[UUID, review_numbers.Mean]) -> MemberStanding:
    mean = means.get(member.id)
    talks = mean.talks if mean else 0
    average = mean.score if mean and talks >= review_views.FEW else None
    return MemberStanding(member.id, member.name, member.email, member.role, member.added_at, talks, average)


def create(user: SignedIn, name: str, tx: Connection) -> Group:
    try:
        created = groups.create(name, tx)
    except Duplicate:
        raise Conflict(TAKEN) from None
    audit_log.record("group.create", user.id, subject=created.id, tx=tx, name=name)
    return created


def rename(user: SignedIn, group_id: UUID, name: str, tx: Connection) -> Group:
    try:
        renamed = groups.rename(group_id, name, tx)
    except Duplicate:
        raise Conflict(TAKEN) from None
    if renamed is None:
        raise NotFound(NOT_FOUND)
    audit_log.record("group.rename", user.id, subject=group_id, tx=tx, name=name)
    return renamed


def delete(user: SignedIn, group_id: UUID, tx: Connection) -> None:
    """Delete a group. Its people stay; its trainers can no longer see their talks."""
    name = groups.delete(group_id, tx)
    if name is None:
        raise NotFound(NOT_FOUND)
    audit_log.record("group.delete", user.id, subject=group_id, tx=tx, name=name)


def add(user: SignedIn, group_id: UUID, person: User, role: str | None, tx: Connection) -> None:
    """Add a person to a group; without a role their account's role decides. Only a trainer's account can train a
    group.
    """
    role = role or ("trainer" if person.role == "trainer" else "learner")
    if role == "trainer" and person.role != "trainer":
        raise BadRequest("Only trainers can train a group")
    try:
        if not groups.add(group_id, person.id, role, tx):
            raise NotFound(NOT_FOUND)
    except Duplicate:
        raise Conflict("Already a member of this group") from None
    audit_log.record("group.add", user.id, about=person.id, subject=group_id, tx=tx, role=role)


def remove(user: SignedIn, group_id: UUID, person_id: UUID, tx: Connection) -> None:
    if not groups.remove(group_id, person_id, tx):
        raise NotFound("Not a member of this group")
    audit_log.record("group.remove", user.id, about=person_id, subject=group_id, tx=tx)
