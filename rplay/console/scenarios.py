"""Scenarios: their list, and the workshop in which a trainer creates, tries and changes one."""

from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response
from pydantic import AfterValidator

from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.new_talk import DIFFICULTIES, difficulty_name, kind_name, kinds
from rplay.console.rendering import is_htmx, to
from rplay.console.rendering import page as rendered
from rplay.console.reviews_shown import UNLOCKS
from rplay.console.words import gettext
from rplay.console.workshop import FAILS, POINTS, SECRETS, Workshop, filled, scenario_of
from rplay.db.scenarios import Scenario
from rplay.db.sessions import SignedIn
from rplay.errors import AIError, AINotConfigured, BadRequest, Conflict
from rplay.training import scenarios
from rplay.training.scenario import stored
from rplay.web import drafts, talks
from rplay.web.auth import acting, signed_in
from rplay.web.body import Text, Title, problem, with_id
from rplay.web.disconnect import while_waited_for
from rplay.web.fields.training import DifficultyLevel
from rplay.web.limits import limited
from rplay.web.parts import parts

bp = Blueprint("scenarios", __name__, url_prefix="/scenarios")

NEW = Form[Any]({"pass_mark": "7", "fails_from": "high", "difficulty": "beginner"})
# The form field beside which an error in this part of a scenario is shown.
FIELDS = {
    "client": "client_name", "mustSay": "must_say", "mustNotSay": "must_not_say", "passMark": "pass_mark",
    "failsFrom": "fails_from", "industry": "kind", "subcategory": "kind", "secrets": "about_1",
}  # fmt: skip


def _known_kind(text: str) -> str:
    if text and text not in {kind.value for kind in kinds()}:
        raise problem("Invalid industry")
    return text


class Draft(FormBody):
    """The form for a draft. `draft_kind` is industry/subcategory, or empty if it should follow from the text."""

    text: Text
    draft_kind: Annotated[Title, AfterValidator(_known_kind)] = ""
    draft_difficulty: DifficultyLevel = "beginner"


@bp.get("")
@signed_in
def page(user: SignedIn) -> Response:
    return rendered(
        "scenarios.html",
        user,
        scenarios=scenarios.of_user(user),
        kind_of=lambda one: kind_name(parts().data.industry_metadata(), one.industry, one.subcategory),
        difficulty_name=difficulty_name,
    )


@bp.post("/shipped")
@signed_in
@takes_no_fields
def take_shipped(user: SignedIn) -> Response:
    with acting(user) as (now, _, tx):
        scenarios.take_shipped(now, parts().data.industry_metadata(), tx)
    return to("console.scenarios.page")


@bp.get("/new")
@signed_in
def new(user: SignedIn) -> Response:
    scenarios.for_trainers(user)
    return _workshop(user, NEW)


@bp.post("/new")
@signed_in
@takes_form(Workshop)
def create(user: SignedIn, form: Form[Workshop]) -> Response:
    scenarios.for_trainers(user)
    if form.body is None:
        return _workshop(user, form, status=400)
    try:
        with acting(user) as (now, _, tx):
            made = scenarios.create(now, scenario_of(form.body), parts().data.industry_metadata(), tx)
    except BadRequest as error:
        return _workshop(user, _refused(form, error), status=400)
    return to("console.scenarios.scenario", scenario_id=made.id)


@bp.post("/draft")
@signed_in
@limited("ai", "ai_address")
@takes_form(Draft)
@while_waited_for
def draft(user: SignedIn, form: Form[Draft]) -> Response:
    """Fill in the form of a new scenario from a few lines or a text. Nothing is stored yet."""
    scenarios.for_trainers(user)
    if form.body is None:
        return _draft_refused(user, form, gettext("Write what it is to be about, in at most 10,000 characters."), 400)
    industry, _, subcategory = form.body.draft_kind.partition("/")
    try:
        made = drafts.drafted(user, form.body.text, form.body.draft_difficulty, industry or None, subcategory or None)
    except AINotConfigured:
        return _draft_refused(user, form, gettext("No AI is set up on this server. Fill in the fields below."), 503)
    except AIError:
        return _draft_refused(
            user, form, gettext("No draft came just now. Try again in a minute, or fill in the fields."), 502
        )
    if is_htmx():
        return _workshop(user, Form(filled(made.value)), template="workshop_form.html", drafted=True)
    return _workshop(user, Form(filled(made.value)), draft_form=form, drafted=True)


def _draft_refused(user: SignedIn, form: Form[Draft], words: str, status: int) -> Response:
    if is_htmx():
        answer = rendered("draft_refused.html", user, status, words=words)
        answer.headers.update({"HX-Retarget": "#draft-wrong", "HX-Reswap": "innerHTML"})
        return answer
    return _workshop(user, NEW, status=status, draft_form=form.refuse("text", words))


@bp.get("/<scenario_id>")
@signed_in
@with_id("scenario")
def scenario(user: SignedIn, scenario_id: UUID) -> Response:
    found = scenarios.seen_by(user, scenario_id)
    return _workshop(user, Form(filled(stored(found.content))), found)


@bp.post("/<scenario_id>")
@signed_in
@with_id("scenario")
@takes_form(Workshop)
def change(user: SignedIn, scenario_id: UUID, form: Form[Workshop]) -> Response:
    """Save a new version of the scenario."""
    with acting(user) as (now, _, tx):
        there = scenarios.changed_by(now, scenario_id, tx)
    if form.body is None:
        return _workshop(user, form, there, 400)
    try:
        with acting(user) as (now, _, tx):
            said = scenario_of(form.body, there.content)
            scenarios.change(now, scenario_id, said, parts().data.industry_metadata(), tx)
    except BadRequest as error:
        return _workshop(user, _refused(form, error), there, 400)
    except Conflict:
        return _workshop(user, form.refuse("name", gettext("It has been changed too often.")), there, 409)
    return to("console.scenarios.scenario", scenario_id=scenario_id)


@bp.post("/<scenario_id>/try")
@signed_in
@with_id("scenario")
@takes_no_fields
def attempt(user: SignedIn, scenario_id: UUID) -> Response:
    """Begin a talk in which the trainer tries the scenario. It counts as no attempt."""
    talk = talks.try_scenario(user, scenarios.seen_by(user, scenario_id))
    return to("console.new_talk.client", simulation_id=talk.id)


@bp.post("/<scenario_id>/archive")
@signed_in
@with_id("scenario")
@takes_no_fields
def archive(user: SignedIn, scenario_id: UUID) -> Response:
    with acting(user) as (now, _, tx):
        scenarios.archive(now, scenario_id, tx)
    return to("console.scenarios.page")


def _refused(form: Form[Workshop], error: BadRequest) -> Form[Workshop]:
    """Add the error to the form, beside the field that it concerns."""
    where = error.text.removeprefix("Invalid scenario: ").partition(":")[0]
    part = where.partition(".")[0]
    name = FIELDS.get(part, part)
    return form.refuse(name if name in Workshop.model_fields else "name", gettext("This is missing or not valid."))


def _workshop(
    user: SignedIn,
    form: Form[Any],
    there: Scenario | None = None,
    status: int = 200,
    *,
    template: str = "workshop.html",
    draft_form: Form[Draft] | None = None,
    drafted: bool = False,
) -> Response:
    return rendered(
        template,
        user,
        status,
        form=form,
        there=there,
        draft_form=draft_form or Form({"draft_difficulty": "beginner"}),
        drafted=drafted,
        may_change=there is None or scenarios.may_change(user, there),
        kind_options=[(kind.value, kind.name) for kind in kinds()],
        difficulties=[(value, gettext(name)) for value, name, _ in DIFFICULTIES],
        unlocks=[(value, gettext(words), None) for value, words in UNLOCKS.items()],
        points=[(value, gettext(words)) for value, words in POINTS],
        fails=[(value, gettext(words)) for value, words in FAILS],
        places=range(1, SECRETS + 1),
    )
