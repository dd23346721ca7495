"""Authentication and access rules: who makes a request, and whether they may.

Every view has exactly one of these decorators, which a test checks for all routes. The rule runs before anything else
of the request is read, and again after every wait: a body may take minutes to arrive, and by then the session may have
ended or the caller may no longer be an admin.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from functools import partial
from typing import Any
from uuid import UUID

from flask import g, request

from rplay import data, db
from rplay.db import Connection, audit_log, sessions, users
from rplay.db.sessions import SignedIn
from rplay.errors import DatabaseError, Forbidden, Unauthorized
from rplay.security import bearer_of, token_hash
from rplay.values import is_storable
from rplay.web import audit, origins
from rplay.web.failures import DEAD
from rplay.web.hosts import is_own
from rplay.web.limits import brings_token, count_token, uncounted
from rplay.web.parts import parts
from rplay.web.views import Arguments, View, declared, declared_here, preceded

ADMINS = users.ADMINS
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# seconds after the first check from which a learner is checked again; skipping the check saves 0.2 ms
MOMENT_SECONDS = 0.1


def user_of_token(token: str) -> SignedIn | None:
    """Return the session with this token and its user; None if there is none."""
    return sessions.by_token(token, token_hash(token)) if is_storable(token) else None


def current_user() -> SignedIn | None:
    """Return the user of this request, None if no token was sent. Raise Unauthorized if the token belongs to no valid
    session.
    """
    token = sent_token()
    if token is None:
        return None
    user = _looked_up(token)
    count_token(user.id if user else None)
    if user is None:
        raise Unauthorized(DEAD)
    g.user_id = user.id
    return user


def user_if_any() -> SignedIn | None:
    """Return the user of this request; None if no token was sent or it belongs to no valid session."""
    if "user_if_any" not in g:
        g.user_if_any = _looked_up(sent_token())
    user: SignedIn | None = g.user_if_any
    return user


def _looked_up(token: str | None) -> SignedIn | None:
    user = user_of_token(token) if token else None
    if user and token:
        parts().limits.live_tokens.note(token_hash(token), user.id)
    return user


def count_where_nobody_looks() -> None:
    """Count a request with a token on a route where no access rule looks the token up (public or unknown routes).

    The token is looked up only for counting: an invented token must not bypass the limit of the address, and a
    signed-in user has a limit of their own. A token that was valid a moment ago is not looked up in the database, which
    would be a third of the cost of such a request.
    """
    if declared_here().access in (None, "public") and brings_token() and not uncounted():
        count_token(_user_to_count())


def _user_to_count() -> UUID | None:
    if request.path == "/metrics":  # its token is not a session's, and it must work while the database is down
        return None
    token = sent_token()
    if token and (user_id := parts().limits.live_tokens.user_of(token_hash(token))):
        return user_id
    try:
        user = user_if_any()
    except DatabaseError:
        return None  # requests that need no database are still served
    return user.id if user else None


def sent_token() -> str | None:
    """Return the token of the header, or else of the cookie. "" if what was sent cannot be used as a token, None if
    nothing was sent.
    """
    token = bearer_of(request.headers.get("Authorization"))
    if token is not None:
        return token
    cookie = request.cookies.get("session_token")
    if cookie and _does_something() and not origins.is_allowed():
        return ""  # a foreign page could have made the browser send the cookie
    return cookie or None


def _does_something() -> bool:
    return request.method in UNSAFE or declared_here().acts


def acts(view: View) -> View:
    """Mark a GET view that changes something. As with unsafe methods, a cookie then counts only if the request comes
    from one of our pages.
    """
    declared(view).acts = True
    return view


# ---------------------------------------------------------------- rules: return the caller for the view, or refuse
Rule = Callable[[SignedIn | None], SignedIn | None]


def _anybody_signed_in(user: SignedIn | None) -> SignedIn:
    if user is None:
        raise Unauthorized("Authentication required")
    return user


def _with_role(roles: frozenset[str]) -> Rule:
    def rule(user: SignedIn | None) -> SignedIn:
        known = _anybody_signed_in(user)
        if known.role not in roles:
            raise Forbidden("Admin access required")
        return known

    return rule


def _or_legacy(rule: Rule) -> Rule:
    """Also allow calls without a token, which the existing frontend's server makes, if LEGACY_FRONTEND is set."""

    def or_legacy(user: SignedIn | None) -> SignedIn | None:
        settings = parts().settings
        served = user is None and settings.legacy_frontend and is_own(request.host, settings)
        return None if served else rule(user)

    return or_legacy


def _access(name: str, rule: Rule | None) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        declared(view).access, declared(view).open_to_legacy = name, name.endswith("legacy")
        if rule is None:
            return view

        return preceded(view, partial(_admit, rule))

    return decorate


def _admit(rule: Rule, arguments: Arguments, _: ExitStack) -> Arguments:
    user = rule(current_user())
    g.rule, g.looked, g.once_more = rule, time.monotonic(), _after_the_body
    return {**arguments, "user": user}


# Anyone may call the view. A token is ignored even if it is invalid, and the view gets no user.
public = _access("public", None)
# The view needs a valid session and gets its `user`.
signed_in = _access("session", _anybody_signed_in)
# The view needs a valid session of an admin.
admin_only = _access("admin", _with_role(ADMINS))
super_admin_only = _access("super_admin", _with_role(frozenset({"super_admin"})))
# Like `signed_in` and `admin_only`, but with LEGACY_FRONTEND calls without a token are allowed; `user` is then None.
signed_in_or_legacy = _access("session or legacy", _or_legacy(_anybody_signed_in))
admin_or_legacy = _access("admin or legacy", _or_legacy(_with_role(ADMINS)))


# ---------------------------------------------------------------- checking again after a wait
def again(user: SignedIn, tx: Connection | None = None) -> SignedIn:
    """Load the caller again and apply this route's rule once more. Return the user, or raise if they may no longer do
    this.
    """
    now = sessions.by_id(user.session_id, tx)
    if now is None:
        raise Unauthorized(DEAD)
    g.rule(now)
    return now


def _after_the_body(user: SignedIn | None) -> SignedIn | None:
    """Check the caller again after the body was read: an admin always, others only if the body did not arrive
    at once.
    """
    if user is None or (user.role not in ADMINS and time.monotonic() - g.looked < MOMENT_SECONDS):
        return user
    return again(user)


@contextmanager
def changing(user: SignedIn, *names: data.Name) -> Iterator[list[Any]]:
    """Yield the contents of these data files for the caller to change, and log the changes in the audit log.

    The caller is checked again after the files are locked, as others may hold them for seconds.
    """
    with ExitStack() as files:
        contents = [files.enter_context(parts().data.change(name)) for name in names]
        before = deepcopy(contents)
        again(user)
        yield contents
    for name, old, new in zip(names, before, contents, strict=True):
        if details := audit.changes(old, new):
            audit_log.record(f"{name}.change", user.id, **details)


@contextmanager
def acting(user: SignedIn, *on: UUID) -> Iterator[tuple[SignedIn, dict[UUID, users.User], Connection]]:
    """Open a transaction for an action of this caller. Yield the caller as they are now, the users with the ids `on`,
    and the transaction.

    All of these users are locked until it ends.
    """
    with db.transaction() as tx:
        people = users.locked((user.id, *on), tx)
        yield again(user, tx), people, tx
