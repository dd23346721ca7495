"""Who is asking, and whether they may.

Every view wears exactly one of these decorators; a test walks the routes and sees to it. The check comes before
anything else about the request is looked at, and once more after every wait: a body may take minutes to come, and by
then the caller may be nobody, or no admin any more.
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
MOMENT_SECONDS = 0.1  # seconds from the first look on after which a learner is looked at again; it costs 0.2 ms a save


def user_of_token(token: str) -> SignedIn | None:
    """The signed-in user with this session token, or None."""
    return sessions.by_token(token, token_hash(token)) if is_storable(token) else None


def current_user() -> SignedIn | None:
    """The user of this request; None when nothing was sent. Unauthorized when what was sent is no live session."""
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
    """The user of this request; None also when what was sent is no live session."""
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
    """Where no rule looks at the token that was sent (public routes, no route at all), it is looked up to be counted: a
    made-up one would be a way around the limit of the address, and whoever is signed in shares that with nobody.

    Not in the database if it was there a moment ago: that is a third of what such a request costs.
    """
    if declared_here().access in (None, "public") and brings_token() and not uncounted():
        count_token(_user_to_count())


def _user_to_count() -> UUID | None:
    if (
        request.path == "/metrics"
    ):  # its token is not that of a session, and it must not wait for a database that is away
        return None
    token = sent_token()
    if token and (user_id := parts().limits.live_tokens.user_of(token_hash(token))):
        return user_id
    try:
        user = user_if_any()
    except DatabaseError:
        return None  # what needs no database is served all the same
    return user.id if user else None


def sent_token() -> str | None:
    """The token of the header, else of the cookie; "" when what was sent is not a token, None when nothing was sent."""
    token = bearer_of(request.headers.get("Authorization"))
    if token is not None:
        return token
    cookie = request.cookies.get("session_token")
    if cookie and _does_something() and not origins.is_allowed():
        return ""  # a foreign page could make the browser send the cookie
    return cookie or None


def _does_something() -> bool:
    return request.method in UNSAFE or declared_here().acts


def acts(view: View) -> View:
    """For a GET that does more than to tell: a cookie is taken from an own page only, as with other methods."""
    declared(view).acts = True
    return view


# ---------------------------------------------------------------- rules: the caller as the view gets them, or a refusal
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
    """The existing frontend's own server calls without a token; where that is not allowed, a session is needed."""

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


# Anyone; a token is ignored, also a dead one. The view gets no user.
public = _access("public", None)
# A live session; the view gets `user`.
signed_in = _access("session", _anybody_signed_in)
# A live session of an admin.
admin_only = _access("admin", _with_role(ADMINS))
super_admin_only = _access("super_admin", _with_role(frozenset({"super_admin"})))
# The same, but with LEGACY_FRONTEND also without any token; `user` is then None.
signed_in_or_legacy = _access("session or legacy", _or_legacy(_anybody_signed_in))
admin_or_legacy = _access("admin or legacy", _or_legacy(_with_role(ADMINS)))


# ---------------------------------------------------------------- once more, after a wait
def again(user: SignedIn, tx: Connection | None = None) -> SignedIn:
    """The caller as they are now, whom this route's rule lets in still; else they are refused."""
    now = sessions.by_id(user.session_id, tx)
    if now is None:
        raise Unauthorized(DEAD)
    g.rule(now)
    return now


def _after_the_body(user: SignedIn | None) -> SignedIn | None:
    """The caller, looked at again: an admin always, anybody else when the body was not there at once."""
    if user is None or (user.role not in ADMINS and time.monotonic() - g.looked < MOMENT_SECONDS):
        return user
    return again(user)


@contextmanager
def changing(user: SignedIn, *names: data.Name) -> Iterator[list[Any]]:
    """The contents of these data files for this caller to change, when it is their turn: others may take seconds. What
    was changed stands in the audit log then."""
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
    """A transaction for what only this caller may do: the caller as they are now, these people, and the transaction.

    All of them stay as they are until it ends.
    """
    with db.transaction() as tx:
        people = users.locked((user.id, *on), tx)
        yield again(user, tx), people, tx
