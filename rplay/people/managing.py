"""Accounts as admins manage them: made, invited, changed, removed; and who may do that."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from rplay.db import Connection, password_resets, personal_data, sessions, users
from rplay.db.sessions import SignedIn
from rplay.db.users import ADMINS, ChangedUser, NewUser, User
from rplay.errors import BadRequest, Conflict, Duplicate, Forbidden, NotFound
from rplay.mail.outbox import Outbox
from rplay.people.rules import INVALID_EMAIL, LAST_SUPER_ADMIN, SUPER_ADMINS_ONLY, TAKEN, email_of

OWN_ACCOUNT = "You cannot delete your own account"


def may_manage(admin: SignedIn, role: str) -> None:
    """Admin accounts are made, changed and removed by super admins only."""
    if role in ADMINS and admin.role != "super_admin":
        raise Forbidden(SUPER_ADMINS_ONLY)


def off_limits(admin: SignedIn) -> frozenset[str]:
    """The roles that this admin may not give."""
    return frozenset() if admin.role == "super_admin" else ADMINS


def known(people: Mapping[UUID, User], user_id: UUID) -> User:
    if user_id not in people:
        raise NotFound("User not found")
    return people[user_id]


def create(admin: SignedIn, person: NewUser, outbox: Outbox, link: str, tx: Connection) -> User:
    """A new account, whose owner is welcomed with this link."""
    created = _made(admin, person, tx)
    outbox.put("welcome", created.id, link, tx)
    return created


def invite(admin: SignedIn, person: NewUser, outbox: Outbox, page: str, tx: Connection) -> User:
    """A new account without a password, whose owner is mailed a link to this page to choose one."""
    created = _made(admin, person, tx)
    outbox.put_invitation(created.id, page, tx)
    return created


def _made(admin: SignedIn, person: NewUser, tx: Connection) -> User:
    may_manage(admin, person.role)
    created = users.create(person.name, person.email, person.password, person.role, person.job_role, tx=tx)
    if created is None:
        raise Conflict(TAKEN)
    return created


def create_many(admin: SignedIn, people: Sequence[NewUser], tx: Connection) -> set[str]:
    """Whose account was made, by address: for thousands of rows the hashes take minutes, in which the importer may have
    been demoted."""
    if any(person.role in off_limits(admin) for person in people):
        raise Forbidden(SUPER_ADMINS_ONLY)
    return users.create_many(people, tx)


def invite_again(admin: SignedIn, person: User, outbox: Outbox, page: str, tx: Connection) -> None:
    """Another link to choose a password; those that were sent before no longer work."""
    may_manage(admin, person.role)
    password_resets.revoke(person.id, tx)
    outbox.put_invitation(person.id, page, tx)


def change(
    user: SignedIn,
    person: User,
    name: str,
    email: str,
    role: str,
    job_role: str | None,
    password: str | None,
    tx: Connection,
) -> ChangedUser:
    """A new password (a hash) ends the sessions. Conflict when somebody else has the address."""
    _may_change(user, person, role)
    if person.role == "super_admin" != role and users.is_last_super_admin(person.id, tx):
        raise Conflict(LAST_SUPER_ADMIN)
    try:
        changed = users.update(person.id, name, _address(person, email), role, job_role, password, tx)
    except Duplicate:
        raise Conflict(TAKEN) from None
    if password:
        sessions.end_all(person.id, tx=tx)
    if password or changed.email != person.email:
        password_resets.revoke(person.id, tx)  # a mail that is on its way must not undo this
    return changed


def _may_change(user: SignedIn, person: User, role: str) -> None:
    """Everybody may change their own account but not its role; others' are for admins."""
    if user.id == person.id and role == person.role:
        return
    if user.role not in ADMINS:
        raise Forbidden("Admin access required")
    may_manage(user, person.role)
    may_manage(user, role)


def _address(person: User, sent: str) -> str:
    """The address as it is stored; one that came back unchanged may be of a kind that is not taken any more."""
    if sent.strip().lower() == person.email.lower():
        return person.email.lower()
    email = email_of(sent)
    if email is None:
        raise BadRequest(INVALID_EMAIL)
    return email


def end_sessions(admin: SignedIn, person: User, tx: Connection) -> int:
    """Signs somebody out everywhere, but for the admin's own session; how many sessions ended."""
    may_manage(admin, person.role)
    return sessions.end_all(person.id, keep=admin.session_id, tx=tx)


def delete(admin: SignedIn, person: User, tx: Connection) -> None:
    """Removes an account with all that is its owner's."""
    if admin.id == person.id:
        raise BadRequest(OWN_ACCOUNT)
    may_manage(admin, person.role)
    personal_data.erase(person.id, tx)
