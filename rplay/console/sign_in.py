"""Signing in and out, registration, and choosing a new password."""

from flask import Blueprint, Flask, Response, current_app, request, url_for

from rplay import background
from rplay.console import cookies, words
from rplay.console.forms import Form, FormBody, takes_form
from rplay.console.rendering import led, link_to, to
from rplay.console.rendering import page as rendered
from rplay.console.words import gettext
from rplay.db import sessions, users
from rplay.errors import NotFound
from rplay.people import accounts
from rplay.web import guesses
from rplay.web.auth import public, user_if_any
from rplay.web.body import Secret, Title
from rplay.web.fields.people import AnyEmail, Email, ForgottenEmail, NewPassword, Password
from rplay.web.limits import limited
from rplay.web.parts import parts

bp = Blueprint("sign_in", __name__)


class SignIn(FormBody):
    email: AnyEmail
    password: Password
    next: Secret | None = None


class Registration(FormBody):
    name: Title
    email: Email
    password: NewPassword
    job_role: Title | None = None


class Forgotten(FormBody):
    email: ForgottenEmail


class ChosenPassword(FormBody):
    token: Secret
    password: NewPassword


@bp.get("/sign-in")
@public
def page() -> Response:
    user = user_if_any()
    if user:
        return _go_on(request.args.get("next"))
    return rendered("sign_in.html", form=Form({"next": request.args.get("next", "")}))


@bp.post("/sign-in")
@public
@limited("login", "login_address")
@takes_form(SignIn)
def sign_in(form: Form[SignIn]) -> Response:
    if form.body is None:
        return rendered("sign_in.html", status=400, form=form)
    guesses.refuse(form.body.email)
    signed_in = accounts.sign_in(form.body.email, form.body.password, parts().settings)
    if signed_in is None:
        guesses.failed()
        form.refuse("password", gettext("The e-mail address or the password is not right."))
        return rendered("sign_in.html", status=401, form=form)
    user, token = signed_in
    guesses.succeeded(user.id)
    users.keep_language(user.id, words.language())
    return cookies.sign_in(_go_on(form.body.next), token)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    user = user_if_any()
    if user:
        sessions.end(user.session_id)
    return cookies.sign_out(to("console.sign_in.page"))


@bp.get("/register")
@public
def register_page() -> Response:
    _only_where_open()
    return rendered("register.html", form=Form())


@bp.post("/register")
@public
@limited("register", "register_account")
@takes_form(Registration)
def register(form: Form[Registration]) -> Response:
    _only_where_open()
    if form.body is None:
        return rendered("register.html", status=400, form=form)
    body, settings = form.body, parts().settings
    home = link_to("console.home.page")
    registered = accounts.register(body.name, body.email, body.password, body.job_role, settings, parts().outbox, home)
    if registered is None:
        form.refuse(
            "email", gettext("There is an account with this address already. Sign in, or choose a new password.")
        )
        return rendered("register.html", status=409, form=form)
    _, token = registered
    return cookies.sign_in(to("console.home.page"), token)


@bp.get("/forgotten-password")
@public
def forgotten_page() -> Response:
    return rendered("forgotten.html", form=Form(), sent=False)


@bp.post("/forgotten-password")
@public
@limited("forgot", "forgot_account", "forgot_address")
@takes_form(Forgotten)
def forgotten(form: Form[Forgotten]) -> Response:
    """Send a reset mail. Neither the text nor the response time reveals whether the account exists."""
    if form.body is None:
        return rendered("forgotten.html", status=400, form=form, sent=False)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    background.run("reset_mail", _mail_link, app, form.body.email, link_to("console.sign_in.choose_page"))
    return rendered("forgotten.html", form=form, sent=True)


def _mail_link(app: Flask, email: str, page: str) -> None:
    with app.app_context():
        accounts.forgot(email, parts().outbox, page)


@bp.get("/new-password")
@public
def choose_page() -> Response:
    return rendered("new_password.html", form=Form({"token": request.args.get("token", "")}), done=False)


@bp.post("/new-password")
@public
@limited("reset")
@takes_form(ChosenPassword)
def choose(form: Form[ChosenPassword]) -> Response:
    if form.body is None:
        return rendered("new_password.html", status=400, form=form, done=False)
    if not accounts.choose_password(form.body.token, form.body.password, parts().settings.bcrypt_cost):
        form.refuse("token", gettext("This link has been used, or it is too old. Ask for a new one."))
        return rendered("new_password.html", status=400, form=form, done=False)
    return rendered("new_password.html", form=form, done=True)


def local(address: str | None) -> str:
    """Return the address if it is a page of the console, else the home page, so that nobody is redirected to a
    foreign site.
    """
    home = url_for("console.home.page")
    fits = address and address.startswith(home) and "\\" not in address and address.isprintable()
    return address if fits and address else home


def _go_on(address: str | None) -> Response:
    return led(local(address))


def _only_where_open() -> None:
    if not parts().settings.console_register:
        raise NotFound("Endpoint not found")
