"""Who is asking, and whether they may.

Every view wears exactly one of these decorators; a test walks the routes and sees to it. The check comes before
anything else about the request is looked at.
"""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, current_app, g, request

from rplay.db import Connection, sessions
from rplay.db.sessions import SignedIn
from rplay.db.users import User
from rplay.errors import DatabaseError, Forbidden, Unauthorized
from rplay.security import new_token, token_hash
from rplay.values import is_storable
from rplay.web.limits import brings_token, count_token, uncounted
from rplay.web.parts import parts

View = TypeVar("View", bound=Callable[..., Any])

ADMINS = frozenset({"super_admin", "company_admin"})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def user_of_token(token: str) -> SignedIn | None:
    """The signed-in user with this session token, or None."""
    return sessions.by_token(token, token_hash(token)) if is_storable(token) else None


def current_user() -> SignedIn | None:
    """The user of this request; None when nothing was sent. Unauthorized when what was sent is no live session."""
    token = _sent_token()
    if token is None:
        return None
    user = user_of_token(token) if token else None
    count_token(user.id if user else None)
    if user is None:
        raise Unauthorized("Invalid or expired session")
    g.user_id = user.id
    return user


def user_if_any() -> SignedIn | None:
    """The user of this request; None also when what was sent is no live session."""
    if "user_if_any" not in g:
        token = _sent_token()
        g.user_if_any = user_of_token(token) if token else None
    user: SignedIn | None = g.user_if_any
    return user


def install(app: Flask) -> None:
    app.before_request(_count_where_nobody_looks)


def _count_where_nobody_looks() -> None:
    """Where no rule looks at the token that was sent (public routes, no route at all), it is looked up to be counted: a
    made-up one would be a way around the limit of the address, and whoever is signed in shares that with nobody."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "access", "public") == "public" and brings_token() and not uncounted():
        count_token(_user_to_count())


def _user_to_count() -> UUID | None:
    if request.path == "/metrics":  # its token is none of a session, and it must not wait for a database that is away
        return None
    try:
        user = user_if_any()
    except DatabaseError:
        return None  # what needs no database is served all the same
    return user.id if user else None


def start_session(user: User, tx: Connection | None = None) -> str:
    """A new session for this user; its token, which nobody can read again."""
    token = new_token()
    days = parts().settings.session_days
    sessions.create(token_hash(token), user.id, user.email, user.name, user.role, days, tx=tx)
    return token


def _sent_token() -> str | None:
    """The token of the header, else of the cookie; "" when something was sent that is none, None when nothing was."""
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""
    cookie = request.cookies.get("session_token")
    if cookie and request.method in UNSAFE and not _own_origin():
        return ""  # a foreign page could make the browser send the cookie
    return cookie or None


def _own_origin() -> bool:
    allowed = parts().settings.cors_origins
    origin = request.headers.get("Origin", "")
    return any(hmac.compare_digest(origin.encode(), known.encode()) for known in allowed)


def required_user() -> SignedIn:
    user = current_user()
    if user is None:
        raise Unauthorized("Authentication required")
    return user


def required_admin(roles: frozenset[str] = ADMINS) -> SignedIn:
    user = required_user()
    if user.role not in roles:
        raise Forbidden("Admin access required")
    return user


def _legacy_user() -> SignedIn | None:
    """The existing frontend's own server calls without a token; where that is not allowed, a session is needed."""
    user = current_user()
    if user is None and not parts().settings.legacy_frontend:
        raise Unauthorized("Authentication required")
    return user


def _legacy_admin() -> SignedIn | None:
    user = _legacy_user()
    if user is not None and user.role not in ADMINS:
        raise Forbidden("Admin access required")
    return user


def _rule(name: str, find: Callable[[], SignedIn | None] | None) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        if find is None:
            view.access = name  # type: ignore[attr-defined]
            return view

        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            return view(*args, user=find(), **kwargs)

        checked.access = name  # type: ignore[attr-defined]
        checked.open_to_legacy = find in (_legacy_user, _legacy_admin)  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


# Anyone; a token is ignored, also a dead one. The view gets no user.
public = _rule("public", None)
# A live session; the view gets `user`.
signed_in = _rule("session", required_user)
# A live session of an admin.
admin_only = _rule("admin", required_admin)
super_admin_only = _rule("super_admin", lambda: required_admin(frozenset({"super_admin"})))
# The same, but with LEGACY_FRONTEND also without any token; `user` is then None.
signed_in_or_legacy = _rule("session or legacy", _legacy_user)
admin_or_legacy = _rule("admin or legacy", _legacy_admin)
