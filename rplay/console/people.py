"""Admin pages for users: search, create, invite, change, sign out, delete."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import AfterValidator

from rplay import security
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import link_to, to
from rplay.console.rendering import page as rendered
from rplay.console.words import N_, gettext
from rplay.db import review_views, sessions, simulations, users
from rplay.db.sessions import SignedIn
from rplay.db.users import NO_PASSWORD, ROLES, NewUser, User
from rplay.errors import BadRequest, Conflict, NotFound
from rplay.people import managing
from rplay.people.rules import LAST_SUPER_ADMIN
from rplay.web.auth import acting, admin_only
from rplay.web.body import Title, with_id
from rplay.web.fields.people import Email, EmailOrFormer, NewPassword, Role
from rplay.web.parts import parts

bp = Blueprint("people", __name__, url_prefix="/people")

ROWS = 50
ROLE_NAMES = {
    "learner": N_("learner"),
    "trainer": N_("trainer"),
    "company_admin": N_("company admin"),
    "super_admin": N_("super admin"),
}
DONE = {
    "made": N_("The account is there."),
    "invited": N_("A mail with a link to choose a password is on its way."),
    "changed": N_("Saved."),
    "signed-out": N_("Signed out everywhere."),
    "deleted": N_("The account is gone, with all that was its owner’s."),
}


class NewPerson(FormBody):
    """The form of a new user. Without a password the user is invited by mail to choose one."""

    name: Annotated[Title, AfterValidator(str.strip)]
    email: Email
    role: Role
    job_role: Title | None = None
    password: NewPassword | None = None


class Change(FormBody):
    name: Annotated[Title, AfterValidator(str.strip)]
    email: EmailOrFormer
    role: Role
    job_role: Title | None = None
    password: NewPassword | None = None


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    chosen = {name: request.args.get(name, "")[:200].replace("\0", "").strip() for name in ("search", "role")}
    role, search = (chosen["role"] if chosen["role"] in ROLES else None), chosen["search"] or None
    total = users.count(role, search)
    pages = max(1, -(-total // ROWS))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    return rendered(
        "people.html",
        user,
        people=users.page_of(role, search, ROWS, (number - 1) * ROWS),
        total=total,
        number=number,
        pages=pages,
        chosen=chosen,
        address=lambda page: f"?{urlencode({**chosen, 'page': page})}",
        roles=[("", gettext("All")), *_named(ROLES)],
        role_name=role_name,
        done=_said_done(),
    )


@bp.get("/new")
@admin_only
def new(user: SignedIn) -> Response:
    return _new(user, Form({"role": "learner"}))


@bp.post("/new")
@admin_only
@takes_form(NewPerson)
def create(user: SignedIn, form: Form[NewPerson]) -> Response:
    if form.body is None:
        return _new(user, form, 400)
    outbox, invites = parts().outbox, form.body.password is None
    if invites and not outbox.can_invite():
        return _new(user, form.refuse("password", gettext("No mails are sent here: give a password.")), 400)
    person = _account(form.body)
    try:
        with acting(user) as (now, _, tx):
            if invites:
                made = managing.invite(now, person, outbox, link_to("console.sign_in.choose_page"), tx)
            else:
                made = managing.create(now, person, outbox, link_to("console.home.page"), tx)
    except Conflict:
        return _new(user, form.refuse("email", gettext("Somebody has this address already.")), 409)
    outbox.wake()
    return to("console.people.person", user_id=made.id, done="invited" if invites else "made")


def _account(body: NewPerson) -> NewUser:
    cost = parts().settings.bcrypt_cost
    password = security.hash_password(body.password, cost) if body.password else NO_PASSWORD
    return NewUser(body.name, body.email, password, body.role, body.job_role)


@bp.get("/<user_id>")
@admin_only
@with_id("user")
def person(user: SignedIn, user_id: UUID) -> Response:
    return _one(user, user_id)


@bp.post("/<user_id>")
@admin_only
@with_id("user")
@takes_form(Change)
def change(user: SignedIn, user_id: UUID, form: Form[Change]) -> Response:
    body = form.body
    if body is None:
        return _one(user, user_id, form, 400)
    if user.id == user_id and body.password:
        return _one(user, user_id, form.refuse("password", gettext("Change your own on the page Account.")), 400)
    password = security.hash_password(body.password, parts().settings.bcrypt_cost) if body.password else None
    try:
        with acting(user, user_id) as (now, people, tx):
            known = managing.known(people, user_id)
            managing.change(now, known, body.name, body.email, body.role, body.job_role, password, tx)
    except Conflict as error:
        return _one(user, user_id, _refused(form, error), 409)
    except BadRequest:
        return _one(user, user_id, form.refuse("email", gettext("Invalid email format")), 400)
    return to("console.people.person", user_id=user_id, done="changed")


def _refused(form: Form[Change], error: Conflict) -> Form[Change]:
    if error.text == LAST_SUPER_ADMIN:
        return form.refuse("role", gettext("The last super admin stays one: nobody else could let others in."))
    return form.refuse("email", gettext("Somebody has this address already."))


@bp.post("/<user_id>/sessions")
@admin_only
@with_id("user")
@takes_no_fields
def end_sessions(user: SignedIn, user_id: UUID) -> Response:
    with acting(user, user_id) as (now, people, tx):
        managing.end_sessions(now, managing.known(people, user_id), tx)
    return to("console.people.person", user_id=user_id, done="signed-out")


@bp.post("/<user_id>/invitation")
@admin_only
@with_id("user")
@takes_no_fields
def invite(user: SignedIn, user_id: UUID) -> Response:
    """Invite a user who has no password yet, or whose link has expired."""
    outbox = parts().outbox
    if not outbox.can_invite():
        raise Conflict("No mails are sent here")
    with acting(user, user_id) as (now, people, tx):
        page = link_to("console.sign_in.choose_page")
        managing.invite_again(now, managing.known(people, user_id), outbox, page, tx)
    outbox.wake()
    return to("console.people.person", user_id=user_id, done="invited")


@bp.post("/<user_id>/delete")
@admin_only
@with_id("user")
@takes_no_fields
def delete(user: SignedIn, user_id: UUID) -> Response:
    with acting(user, user_id) as (now, people, tx):
        managing.delete(now, managing.known(people, user_id), tx)
    return to("console.people.page", done="deleted")


def role_name(role: str) -> str:
    return gettext(ROLE_NAMES.get(role, role))


def _named(roles: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(role, role_name(role)) for role in roles]


def _may_give(user: SignedIn) -> list[tuple[str, str]]:
    refused = managing.off_limits(user)
    return _named(tuple(role for role in reversed(ROLES) if role not in refused))


def _new(user: SignedIn, form: Form[NewPerson], status: int = 200) -> Response:
    return rendered(
        "person_new.html", user, status, form=form, roles=_may_give(user), mails=parts().outbox.can_invite()
    )


def _one(user: SignedIn, user_id: UUID, form: Form[Change] | None = None, status: int = 200) -> Response:
    found = users.by_id(user_id)
    if found is None:
        raise NotFound("User not found")
    if user.id != user_id:
        review_views.note_few_of(user_id, user.id)
    return rendered(
        "person.html",
        user,
        status,
        person=found,
        form=form or Form(_values(found)),
        roles=_may_give(user),
        may_change=user.id == user_id or found.role not in managing.off_limits(user),
        role_name=role_name,
        stats=simulations.stats_of(user_id),
        sessions=len(sessions.live(user_id)),
        waits=users.password_of(user_id) == NO_PASSWORD,
        mails=parts().outbox.can_invite(),
        done=_said_done(),
    )


def _values(found: User) -> dict[str, str]:
    return {"name": found.name, "email": found.email, "role": found.role, "job_role": found.job_role or ""}


def _said_done() -> str | None:
    text = DONE.get(request.args.get("done", ""))
    return gettext(text) if text else None
