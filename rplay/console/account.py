"""A user's own account: name, password, sessions, language, theme, data export and erasure."""

from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import AfterValidator

from rplay import security
from rplay.console import cookies, words
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import gettext
from rplay.db import personal_data, sessions, users
from rplay.db.sessions import SignedIn
from rplay.people import accounts
from rplay.people.export import document
from rplay.web.auth import acting, signed_in
from rplay.web.body import Title, problem
from rplay.web.fields.people import NewPassword, Password
from rplay.web.limits import limited
from rplay.web.parts import parts

bp = Blueprint("account", __name__, url_prefix="/account")

DONE = {
    "name": words.N_("Your name is saved."),
    "password": words.N_("Your new password is set, and your other sessions have ended."),
    "sessions": words.N_("All other sessions have ended."),
    "reading": words.N_("Saved for this browser."),
}


def _one_of(*known: str) -> AfterValidator:
    def check(text: str) -> str:
        if text not in known:
            raise problem("Invalid choice")
        return text

    return AfterValidator(check)


class Profile(FormBody):
    name: Title
    job_role: Title | None = None


class PasswordChange(FormBody):
    current_password: Password
    new_password: NewPassword


class Reading(FormBody):
    language: Annotated[str, _one_of(*words.LANGUAGES)]
    theme: Annotated[str, _one_of(*cookies.THEMES)]


class Erasure(FormBody):
    password: Password


@bp.get("")
@signed_in
def page(user: SignedIn) -> Response:
    return _page(user)


@bp.post("/profile")
@signed_in
@takes_form(Profile)
def profile(user: SignedIn, form: Form[Profile]) -> Response:
    if form.body is None:
        return _page(user, 400, profile=form)
    with acting(user) as (now, _, tx):
        users.update(now.id, form.body.name, now.email.lower(), now.role, form.body.job_role, None, tx)
    return _done("name")


@bp.post("/password")
@signed_in
@limited("password")
@takes_form(PasswordChange)
def password(user: SignedIn, form: Form[PasswordChange]) -> Response:
    if form.body is None:
        return _page(user, 400, password=form)
    cost = parts().settings.bcrypt_cost
    former = accounts.has_password(user, form.body.current_password, cost)
    hashed = security.hash_password(form.body.new_password, cost) if former else ""
    with acting(user) as (_, _, tx):
        if former is None or not accounts.replace_password(user, former, hashed, tx):
            form.refuse("current_password", gettext("This is not your current password."))
    return _page(user, 400, password=form) if form.errors else _done("password")


@bp.post("/sessions")
@signed_in
@takes_no_fields
def end_other_sessions(user: SignedIn) -> Response:
    sessions.end_all(user.id, keep=user.session_id)
    return _done("sessions")


@bp.post("/reading")
@signed_in
@takes_form(Reading)
def reading(user: SignedIn, form: Form[Reading]) -> Response:
    if form.body is None:
        return _page(user, 400)
    users.keep_language(user.id, form.body.language)
    return cookies.prefer(_done("reading"), form.body.language, form.body.theme)


@bp.get("/export")
@signed_in
@limited("export")
def export(user: SignedIn) -> Response:
    answer = Response(document(user.id), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="rplay-{user.id}.json"'
    return answer


@bp.post("/erase")
@signed_in
@limited("password")
@takes_form(Erasure)
def erase(user: SignedIn, form: Form[Erasure]) -> Response:
    """Erase the account with everything that belongs to its owner."""
    if form.body is None or not accounts.has_password(user, form.body.password, parts().settings.bcrypt_cost):
        form.errors = {"password": gettext("This is not your current password.")}
        return _page(user, 400, erasure=form)
    with acting(user) as (now, _, tx):
        if now.role == "super_admin" and users.is_last_super_admin(now.id, tx):
            form.errors = {"password": gettext("You are the last super admin: without you nobody could let others in.")}
            return _page(user, 409, erasure=form)
        personal_data.erase(now.id, tx)
    return cookies.sign_out(to("console.sign_in.page"))


def _page(user: SignedIn, status: int = 200, **forms: Form) -> Response:  # type: ignore[type-arg]
    usual: dict[str, Form] = {  # type: ignore[type-arg]
        "profile": Form({"name": user.name, "job_role": user.job_role or ""}),
        "password": Form(),
        "erasure": Form(),
        "reading": Form({"language": words.language(), "theme": cookies.theme()}),
    }
    return rendered(
        "account.html", user, status, forms={**usual, **forms}, sessions=sessions.live(user.id), done=_said_done()
    )


def _done(what: str) -> Response:
    return to("console.account.page", done=what)


def _said_done() -> str | None:
    text = DONE.get(request.args.get("done", ""))
    return gettext(text) if text else None
