"""How admins manage accounts: create, invite, change and delete them; and who may do so."""

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
    """Raise Forbidden if this admin may not manage accounts with this role: only super admins manage admin accounts."""
    if role in ADMINS and admin.role != "super_admin":
        raise Forbidden(SUPER_ADMINS_ONLY)


def off_limits(admin: SignedIn) -> frozenset[str]:
    """Return the roles that this admin may not give."""
    return frozenset() if admin.role == "super_admin" else ADMINS


def known(people: Mapping[UUID, User], user_id: UUID) -> User:
    if user_id not in people:
        raise NotFound("User not found")
    return people[user_id]


def create(admin: SignedIn, person: NewUser, outbox: Outbox, link: str, tx: Connection) -> User:
    created = _made(admin, person, tx)
    outbox.put("welcome", created.id, link, tx)
    return created


def invite(admin: SignedIn, person: NewUser, outbox: Outbox, page: str, tx: Connection) -> User:
    """Create an account without a password, and queue a mail with a link to this page to choose one."""
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
    """Create accounts and return their addresses. Raise Forbidden if the importer may not give these roles:
    thousands of hashes take minutes, in which they may have been demoted.
    """
    if any(person.role in off_limits(admin) for person in people):
        raise Forbidden(SUPER_ADMINS_ONLY)
    return users.create_many(people, tx)


def invite_again(admin: SignedIn, person: User, outbox: Outbox, page: str, tx: Connection) -> None:
    """Queue another mail with a link to choose a password, and invalidate earlier links."""
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
    """Change an account. A new password (a hash) ends its sessions. Raise Conflict if another user has the address."""
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
        password_resets.revoke(person.id, tx)  # a link that was already mailed must not undo this change
    return changed


def _may_change(user: SignedIn, person: User, role: str) -> None:
    """Raise Forbidden unless the user changes their own account and keeps its role, or is an admin who may manage
    both roles.
    """
    if user.id == person.id and role == person.role:
        return
    if user.role not in ADMINS:
        raise Forbidden("Admin access required")
    may_manage(user, person.role)
    may_manage(user, role)


def _address(person: User, sent: str) -> str:
    """Return the address to store. An unchanged address is accepted even if it has a form that is no longer allowed."""
    if sent.strip().lower() == person.email.lower():
        return person.email.lower()
    email = email_of(sent)
    if email is None:
        raise BadRequest(INVALID_EMAIL)
    return email


def end_sessions(admin: SignedIn, person: User, tx: Connection) -> int:
    """End the person's sessions, except the admin's current one. Return how many were ended."""
    may_manage(admin, person.role)
    return sessions.end_all(person.id, keep=admin.session_id, tx=tx)


def delete(admin: SignedIn, person: User, tx: Connection) -> None:
    if admin.id == person.id:
        raise BadRequest(OWN_ACCOUNT)
    may_manage(admin, person.role)
    personal_data.erase(person.id, tx)
