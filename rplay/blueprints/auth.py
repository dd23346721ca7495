"""/api/auth: accounts and sessions."""

import time
from functools import lru_cache
from typing import Any, NotRequired

from flask import Blueprint, Flask, current_app

from rplay import background, db, mail, security
from rplay.db import password_resets, sessions, users
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Conflict, Forbidden, Unauthorized
from rplay.values import account_of
from rplay.web import guesses
from rplay.web.answers import Answer, ok, respond
from rplay.web.auth import (
    acting,
    public,
    sent_token,
    signed_in,
    start_session,
    super_admin_only,
    user_if_any,
)
from rplay.web.body import Body, Secret, Short, Title, takes, takes_nothing
from rplay.web.failures import DEAD
from rplay.web.fields.people import AnyEmail, Email, ForgottenEmail, NewPassword, Password
from rplay.web.limits import limited
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("auth", __name__, url_prefix="/api/auth")

NO_LOGIN = "Invalid email or password"
NOT_THE_CURRENT = "Current password is incorrect"
MINUTE = 60.0  # seconds


class Registration(Body):
    name: Title
    email: Email
    password: NewPassword
    job_role: Title | None = None


class Login(Body):
    email: AnyEmail
    password: Password


class PasswordChange(Body):
    current_password: Password
    new_password: NewPassword
    user_id: Short | None = None


class ForgottenPassword(Body):
    email: ForgottenEmail


class PasswordReset(Body):
    token: Secret
    new_password: NewPassword


def public_user(user: SignedIn) -> dict[str, object]:
    """The user object of a signed-in user, keys in the contract's order."""
    return users.User(user.id, user.email, user.name, user.role, user.job_role, user.created_at).public()


@bp.post("/register")
@public
@limited("register", "register_account")
@takes(Registration)
@responds(201, 409, data=dict[str, Any], message=str)
def register(body: Registration) -> Answer:
    """Makes a learner's account and signs them in."""
    settings = parts().settings
    password = security.hash_password(body.password, settings.bcrypt_cost)
    with db.transaction() as tx:
        user = users.create(body.name, body.email, password, "learner", body.job_role, tx=tx)
        if user is None:
            raise Conflict("This email is already registered. Please use a different email or try logging in.")
        token = start_session(users.Account(**user.public(), password=password), tx)
    if settings.enable_email_notifications:
        mail.welcome(user.email, user.name, settings.app_url)
    return ok(201, data={"user": user.public(), "token": token}, message="User registered successfully")


@bp.post("/login")
@public
@limited("login", "login_address")
@takes(Login)
@responds(200, 401, data=dict[str, Any])
def login(body: Login) -> Answer:
    """Signs in: a token for a session.

    The same answer, and about the same time, whether or not the account exists.
    """
    guesses.refuse(body.email)
    user, token = _signed_in(body) or _signed_in(body) or (None, None)  # the password may change while it is checked
    if user is None:
        raise Unauthorized(NO_LOGIN)
    return ok(data={"user": user.public(), "token": token})


def _signed_in(body: Login) -> tuple[users.User, str] | None:
    """Who that is, with a new session; None when the account changed after its password was read."""
    cost = parts().settings.bcrypt_cost
    account = users.by_email(body.email, account_of(body.email))
    hashed = account.password if account else None
    unknown = _usual_cost(db.pool(), int(time.monotonic() // MINUTE)) or cost
    if not security.password_matches(body.password, hashed, unknown) or account is None:
        guesses.failed()
        raise Unauthorized(NO_LOGIN)
    token = start_session(account)
    if token is None:
        return None
    guesses.succeeded(account.id)
    if security.cost_of(account.password) != cost:
        users.replace_password(account.id, account.password, security.hash_password(body.password, cost))
    return account.user(), token


@lru_cache(maxsize=1)
def _usual_cost(pool: object, minute: int) -> int | None:  # noqa: ARG001
    """What most accounts' hashes cost here; looked up once a minute, as it takes 10 ms with 10,000 accounts.

    An unknown account has to take as long as a known one, also after BCRYPT_COST was changed.
    """
    return users.commonest_cost()


@bp.post("/logout")
@public
@takes_nothing
@responds(200, message=str)
def logout() -> Answer:
    """Ends this session; without one there is nothing to end."""
    user = user_if_any()
    if user:
        sessions.end(user.session_id)
    return ok(message="Logged out successfully")


@bp.get("/check")
@public
@responds(200, authenticated=bool, user=NotRequired[users.User])
def check() -> Answer:
    """Whether there is a live session, and whose."""
    user = user_if_any()
    return ok(authenticated=True, user=public_user(user)) if user else ok(authenticated=False)


@bp.get("/me")
@signed_in
@responds(200, user=users.User)
def me(user: SignedIn) -> Answer:
    """The signed-in user."""
    return ok(user=public_user(user))


@bp.post("/refresh")
@signed_in
@takes_nothing
@responds(200, data=dict[str, Any])
def refresh(user: SignedIn) -> Answer:  # noqa: ARG001
    """A new token for this session; the old one is dead."""
    former, token = sent_token() or "", security.new_token()
    days = parts().settings.session_days
    expires_at = sessions.refresh(former, security.token_hash(former), security.token_hash(token), days)
    if expires_at is None:
        raise Unauthorized(DEAD)
    return ok(data={"token": token, "expiresAt": expires_at})


@bp.post("/change-password")
@signed_in
@limited("password")
@takes(PasswordChange)
@responds(200, 403, message=str)
def change_password(user: SignedIn, body: PasswordChange) -> Answer:
    """Changes the user's password. Their other sessions end, this one stays."""
    cost = parts().settings.bcrypt_cost
    if body.user_id and body.user_id.lower() != str(user.id):
        raise Forbidden("Not authorized to change this password")
    former = users.password_of(user.id)
    if not security.password_matches(body.current_password, former, cost) or former is None:
        raise Unauthorized(NOT_THE_CURRENT)
    password = security.hash_password(body.new_password, cost)
    with acting(user) as (_, _, tx):
        if not users.replace_password(user.id, former, password, tx=tx):
            raise Unauthorized(NOT_THE_CURRENT)
        sessions.end_all(user.id, keep=user.session_id, tx=tx)
        password_resets.revoke(user.id, tx)
    return ok(message="Password changed successfully")


@bp.post("/forgot-password")
@public
@limited("forgot", "forgot_account", "forgot_address")
@takes(ForgottenPassword)
@responds(200, message=str)
def forgot_password(body: ForgottenPassword) -> Answer:
    """Mails a link to choose a new password, if there is such an account and it was sent none in the last five minutes.

    Says nothing about accounts, neither in words nor by the time it takes: the work is done in the background.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    background.run("reset_mail", _mail_reset, app, body.email)
    return ok(message="If an account with this email exists, a link to choose a new password is on its way.")


def _mail_reset(app: Flask, email: str) -> None:
    with app.app_context():
        account = users.by_email(email, account_of(email))
        if account is None:
            return
        token = security.new_token()
        if not password_resets.create(account.id, security.token_hash(token)):
            return
        link = f"{parts().settings.app_url}/reset-password?token={token}"
        mail.password_reset(account.email, account.name, link)


@bp.post("/reset-password")
@public
@limited("reset")
@takes(PasswordReset)
@responds(200, message=str)
def reset_password(body: PasswordReset) -> Answer:
    """Sets a new password with the token of such a mail. All sessions of the account end."""
    password = security.hash_password(body.new_password, parts().settings.bcrypt_cost)
    with db.transaction() as tx:
        user_id = password_resets.use(security.token_hash(body.token), tx)
        if user_id is None:
            raise BadRequest("Invalid or expired reset token")
        users.set_password(user_id, password, tx=tx)
        sessions.end_all(user_id, tx=tx)
    return ok(message="Password reset successfully")


@bp.get("/debug-constraint")
@super_admin_only
@responds(200, bare=True, constraints=list[dict[str, str]])
def debug_constraint(user: SignedIn) -> Answer:  # noqa: ARG001
    """The constraints of the table of users."""
    return respond({"constraints": users.constraints()})
