"""Groups and their learners: who practises, who needs help, and each learner's level in each competency."""

from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response
from pydantic import AfterValidator

from rplay.console import tables
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import gettext
from rplay.db import assignments, learner_talks, review_numbers, users
from rplay.db.groups import ROLES
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Conflict, Forbidden
from rplay.people import groups
from rplay.people.groups import GroupDetails
from rplay.reviews.numbers import OVERALL
from rplay.training import assigning, scenarios
from rplay.values import account_of
from rplay.web.auth import ADMINS, acting, admin_only, signed_in
from rplay.web.body import Title, problem, with_id
from rplay.web.fields.names import Name

bp = Blueprint("groups", __name__, url_prefix="/groups")

NEEDS_HELP = 5.0  # average score below which a learner is shown as in need of help


def _role(role: str) -> str:
    if role not in ROLES:
        raise problem(f"Invalid role. Must be one of: {', '.join(ROLES)}")
    return role


class GroupName(FormBody):
    name: Name


class NewMember(FormBody):
    email: Title
    role: Annotated[Title, AfterValidator(_role)] = "learner"


@bp.get("")
@signed_in
def page(user: SignedIn) -> Response:
    return _all(user, Form())


@bp.post("")
@admin_only
@takes_form(GroupName)
def create(user: SignedIn, form: Form[GroupName]) -> Response:
    if form.body is None:
        return _all(user, form, 400)
    try:
        with acting(user) as (now, _, tx):
            made = groups.create(now, form.body.name, tx)
    except Conflict:
        return _all(user, form.refuse("name", gettext("There is a group of this name.")), 409)
    return to("console.groups.group", group_id=made.id)


@bp.get("/<group_id>")
@signed_in
@with_id("group")
def group(user: SignedIn, group_id: UUID) -> Response:
    return _one(user, group_id, Form())


@bp.post("/<group_id>/members")
@admin_only
@with_id("group")
@takes_form(NewMember)
def add(user: SignedIn, group_id: UUID, form: Form[NewMember]) -> Response:
    """Add a member by e-mail address, as admins know people by their address."""
    if form.body is None:
        return _one(user, group_id, form, 400)
    person = users.by_email(form.body.email, account_of(form.body.email))
    if person is None:
        return _one(user, group_id, form.refuse("email", gettext("Nobody has this address.")), 404)
    try:
        with acting(user, person.id) as (now, people, tx):
            groups.add(now, group_id, people[person.id], form.body.role, tx)
    except Conflict:
        return _one(user, group_id, form.refuse("email", gettext("Is in this group already.")), 409)
    except BadRequest:
        return _one(user, group_id, form.refuse("role", gettext("Only a trainer can train a group.")), 400)
    return to("console.groups.group", group_id=group_id)


@bp.post("/<group_id>/members/<user_id>/remove")
@admin_only
@with_id("group")
@with_id("user")
@takes_no_fields
def remove(user: SignedIn, group_id: UUID, user_id: UUID) -> Response:
    with acting(user) as (now, _, tx):
        groups.remove(now, group_id, user_id, tx)
    return to("console.groups.group", group_id=group_id)


@bp.get("/<group_id>/scores.csv")
@signed_in
@with_id("group")
def table(user: SignedIn, group_id: UUID) -> Response:
    """Return the heat map as CSV."""
    found = groups.details(user, group_id)
    names, scores = _heat(found)
    columns = [gettext("Learner"), gettext("E-mail address"), gettext("Talks"), *names]
    rows = (
        [one.name, one.email, one.talks, *(scores.get((one.id, name)) for name in names)] for one in _learners(found)
    )
    return tables.answer("scores.csv", columns, rows)


def _all(user: SignedIn, form: Form[GroupName], status: int = 200) -> Response:
    if user.role not in ADMINS and user.role != "trainer":
        raise Forbidden("Trainer access required")
    return rendered("groups.html", user, status, groups=groups.of_user(user), form=form, is_admin=user.role in ADMINS)


def assigning_shown(user: SignedIn, group_id: UUID, form: Form[Any], status: int) -> Response:
    """Show the group's page with the errors of the form for an assignment."""
    return _one(user, group_id, Form(), status, form)


def _one(
    user: SignedIn, group_id: UUID, form: Form[NewMember], status: int = 200, assign_form: Form[Any] | None = None
) -> Response:
    found = groups.details(user, group_id)
    names, scores = _heat(found)
    learners = _learners(found)
    last = learner_talks.last_of([one.id for one in learners])
    return rendered(
        "group.html",
        user,
        status,
        group=found,
        form=form,
        learners=learners,
        trainers=[one for one in found.members if one.role == "trainer"],
        names=names,
        scores=scores,
        last=last,
        needing=[one for one in learners if one.average is not None and one.average < NEEDS_HELP],
        is_admin=user.role in ADMINS,
        overall=OVERALL,
        assigned=assigning.with_learners(assignments.of_group(group_id)),
        learner_options=[("", gettext("everybody in the group")), *((str(one.id), one.name) for one in learners)],
        scenario_options=[(str(one.id), one.name) for one in scenarios.of_user(user)],
        assign_form=assign_form or Form(),
    )


def _learners(found: GroupDetails) -> list[groups.MemberStanding]:
    return [one for one in found.members if one.role == "learner"]


def _heat(found: GroupDetails) -> tuple[list[str], dict[tuple[UUID, str], float]]:
    """Return the names of the scores (`overall` first) and each learner's mean per score. Learners with too few
    talks for a mean are left out.
    """
    enough = [one.id for one in _learners(found) if one.average is not None]
    means = review_numbers.means_of(enough)
    names = sorted({one.number for one in means}, key=lambda name: (name != OVERALL, name))
    return names, {(one.user_id, one.number): one.score for one in means}
