"""/api/auth: accounts and sessions."""

from typing import NotRequired

from flask import Blueprint, Flask, current_app

from rplay import background, security
from rplay.db import sessions, users
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Conflict, Forbidden, Unauthorized
from rplay.people import accounts
from rplay.web import guesses, shapes
from rplay.web.answers import Answer, ok, respond
from rplay.web.auth import (
    acting,
    public,
    sent_token,
    signed_in,
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
    """Return the user object of a session's user, with its keys in the order of the contract."""
    return users.User(user.id, user.email, user.name, user.role, user.job_role, user.created_at).public()


@bp.post("/register")
@public
@limited("register", "register_account")
@takes(Registration)
@responds(201, 409, data=shapes.SignedIn, message=str)
def register(body: Registration) -> Answer:
    """Create a learner's account and sign them in."""
    settings = parts().settings
    registered = accounts.register(
        body.name, body.email, body.password, body.job_role, settings, parts().outbox, settings.app_url
    )
    if registered is None:
        raise Conflict("This email is already registered. Please use a different email or try logging in.")
    user, token = registered
    return ok(201, data={"user": user.public(), "token": token}, message="User registered successfully")


@bp.post("/login")
@public
@limited("login", "login_address")
@takes(Login)
@responds(200, 401, data=shapes.SignedIn)
def login(body: Login) -> Answer:
    """Sign in: return a session token.

    The response, and roughly its time, are the same whether or not the account exists.
    """
    guesses.refuse(body.email)
    signed_in = accounts.sign_in(body.email, body.password, parts().settings)
    if signed_in is None:
        guesses.failed()
        raise Unauthorized(NO_LOGIN)
    user, token = signed_in
    guesses.succeeded(user.id)
    return ok(data={"user": user.public(), "token": token})


@bp.post("/logout")
@public
@takes_nothing
@responds(200, message=str)
def logout() -> Answer:
    """End this session. Without a session there is nothing to do."""
    user = user_if_any()
    if user:
        sessions.end(user.session_id)
    return ok(message="Logged out successfully")


@bp.get("/check")
@public
@responds(200, authenticated=bool, user=NotRequired[users.User])
def check() -> Answer:
    """Return whether the caller has a valid session, and its user."""
    user = user_if_any()
    return ok(authenticated=True, user=public_user(user)) if user else ok(authenticated=False)


@bp.get("/me")
@signed_in
@responds(200, user=users.User)
def me(user: SignedIn) -> Answer:
    """Return the signed-in user."""
    return ok(user=public_user(user))


@bp.post("/refresh")
@signed_in
@takes_nothing
@responds(200, data=shapes.NewToken)
def refresh(user: SignedIn) -> Answer:  # noqa: ARG001
    """Replace the token of this session; the old one becomes invalid."""
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
    """Change the user's password. Their other sessions end, this one stays."""
    cost = parts().settings.bcrypt_cost
    if body.user_id and body.user_id.lower() != str(user.id):
        raise Forbidden("Not authorized to change this password")
    former = accounts.has_password(user, body.current_password, cost)
    if former is None:
        raise Unauthorized(NOT_THE_CURRENT)
    password = security.hash_password(body.new_password, cost)
    with acting(user) as (_, _, tx):
        if not accounts.replace_password(user, former, password, tx):
            raise Unauthorized(NOT_THE_CURRENT)
    return ok(message="Password changed successfully")


@bp.post("/forgot-password")
@public
@limited("forgot", "forgot_account", "forgot_address")
@takes(ForgottenPassword)
@responds(200, message=str)
def forgot_password(body: ForgottenPassword) -> Answer:
    """Mail a link to choose a new password, if the account exists and got no such mail in the last five minutes.

    Neither the response nor its time reveals whether the account exists, as the work is done in the background.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    background.run("reset_mail", _mail_reset, app, body.email)
    return ok(message="If an account with this email exists, a link to choose a new password is on its way.")


def _mail_reset(app: Flask, email: str) -> None:
    with app.app_context():
        accounts.forgot(email, parts().outbox, f"{parts().settings.app_url}/reset-password")


@bp.post("/reset-password")
@public
@limited("reset")
@takes(PasswordReset)
@responds(200, message=str)
def reset_password(body: PasswordReset) -> Answer:
    """Set a new password with the token from a reset mail. All sessions of the account end."""
    if not accounts.choose_password(body.token, body.new_password, parts().settings.bcrypt_cost):
        raise BadRequest("Invalid or expired reset token")
    return ok(message="Password reset successfully")


@bp.get("/debug-constraint")
@super_admin_only
@responds(200, bare=True, constraints=list[dict[str, str]])
def debug_constraint(user: SignedIn) -> Answer:  # noqa: ARG001
    """Return the constraints of the table users."""
    return respond({"constraints": users.constraints()})
