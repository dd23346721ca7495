"""Competencies: admins name and weigh what learners are measured by."""

from typing import Annotated, Any

from flask import Blueprint, Response, request
from pydantic import AfterValidator, BeforeValidator

from rplay.console import steered
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.new_talk import difficulty_name
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import N_, gettext
from rplay.data import DIFFICULTY_LEVELS
from rplay.db.sessions import SignedIn
from rplay.errors import Conflict
from rplay.training import subjects
from rplay.web.auth import admin_only, changing
from rplay.web.body import Text, Title, problem
from rplay.web.fields.names import slug_of
from rplay.web.parts import parts

bp = Blueprint("competencies", __name__, url_prefix="/competencies")


def _weight(text: Any) -> float:
    try:
        number = float(str(text).replace(",", "."))
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise problem(N_("Please give a number from 0 to 100."))
    return int(number) if number == int(number) else number


class Competency(FormBody):
    name: Annotated[Title, AfterValidator(str.strip)]
    category: Annotated[Title, AfterValidator(str.strip)]
    weight: Annotated[float, BeforeValidator(_weight)]
    description: Text | None = None


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    return rendered(
        "competencies.html",
        user,
        competencies=parts().data.competencies(),
        used=_used(),
        done=request.args.get("done"),
    )


@bp.get("/new")
@admin_only
def new(user: SignedIn) -> Response:
    return _one(user, None, Form({"category": "General", "weight": 10}))


@bp.post("/new")
@admin_only
@takes_form(Competency)
def create(user: SignedIn, form: Form[Competency]) -> Response:
    if form.body is None:
        return _one(user, None, form, 400)
    made = {"id": slug_of(form.body.name), **form.body.model_dump()}
    if made["id"] in ("", "new"):
        return _one(user, None, form.refuse("name", gettext("This is not valid.")), 400)
    try:
        with changing(user, "competencies") as [competencies]:
            subjects.add(competencies, made)
    except Conflict as error:
        return _one(user, None, form.refuse("name", gettext(error.text)), 409)
    return to("console.competencies.one", competency_id=made["id"])


@bp.get("/<competency_id>")
@admin_only
def one(user: SignedIn, competency_id: str) -> Response:
    found = subjects.competency(parts().data.competencies(), competency_id)
    return _one(user, found, Form({**found, "description": found["description"] or ""}))


@bp.post("/<competency_id>")
@admin_only
@takes_form(Competency)
def change(user: SignedIn, competency_id: str, form: Form[Competency]) -> Response:
    found = subjects.competency(parts().data.competencies(), competency_id)
    if form.body is None:
        return _one(user, found, form, 400)
    with changing(user, "competencies") as [competencies]:
        subjects.competency(competencies, competency_id).update(form.body.model_dump())
    return to("console.competencies.page", done="saved")


@bp.post("/<competency_id>/remove")
@admin_only
@takes_no_fields
def remove(user: SignedIn, competency_id: str) -> Response:
    with changing(user, "competencies", "industry-competencies") as [competencies, industries]:
        subjects.remove(competencies, industries, competency_id)
    return to("console.competencies.page", done="removed")


def _one(user: SignedIn, found: dict[str, Any] | None, form: Form[Any], status: int = 200) -> Response:
    """Show the page of one competency; `found` is None for a new one."""
    rubrics = {row["competency_id"] for row in parts().data.rubrics()}
    return rendered(
        "competency.html",
        user,
        status,
        competency=found,
        form=form,
        used=_used().get(found["id"], []) if found else [],
        difficulties=list(DIFFICULTY_LEVELS) if found and found["id"] in rubrics else [],
        difficulty_name=difficulty_name,
        places=steered.places("competency"),
    )


def _used() -> dict[str, list[tuple[str, str]]]:
    """Return, for each competency, the industries and subcategories whose lists contain it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for industry, subcategories in parts().data.industry_competencies().items():
        for subcategory, lists in subcategories.items():
            for competency_id in lists.get("competencies", []):
                found.setdefault(competency_id, []).append((industry, subcategory))
    return found
