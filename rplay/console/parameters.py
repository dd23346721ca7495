"""Parameters with which admins steer the agents, shown as they appear in the prompts."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, request
from pydantic import AfterValidator

from rplay.agents.wording import parameter_line
from rplay.console import steered
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import N_, gettext
from rplay.db import audit_log, parameter_categories, parameters
from rplay.db.parameter_categories import ParameterCategory
from rplay.db.parameters import Parameter
from rplay.db.sessions import SignedIn
from rplay.errors import Conflict, Duplicate, NotFound
from rplay.web import audit
from rplay.web.auth import admin_only
from rplay.web.body import Text, Title, with_id
from rplay.web.fields.names import slug_of
from rplay.web.fields.parameters import TYPES, CategoryType
from rplay.web.parts import parts
from rplay.web.scenes import forget_steering

bp = Blueprint("parameters", __name__, url_prefix="/parameters")

TYPE_NAMES = {
    "structured": N_("Form: how the client answers"),
    "narrative": N_("Story: how the client is"),
    "guardrails": N_("Bounds: what no agent may do"),
}
DONE = {"saved": N_("Saved. Agents are told from now on."), "removed": N_("Removed."), "reset": N_("As shipped again.")}

Named = Annotated[Title, AfterValidator(str.strip)]


class Setting(FormBody):
    name: Named
    value: Text | None = None
    description: Text | None = None
    range: Text | None = None
    examples: Text | None = None

    def more(self) -> dict[str, Any]:
        """Return the values that are stored in the metadata, as they have no column."""
        return {"range": self.range or "", "examples": self.examples or ""}


class Category(FormBody):
    name: Named
    parameter_type: CategoryType
    description: Text | None = None


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    return _page(user, Form({"parameter_type": TYPES[0]}))


def _page(user: SignedIn, form: Form[Category], status: int = 200) -> Response:
    every = parameters.every()
    return rendered(
        "parameters.html",
        user,
        status,
        categories=[
            (category, [one for one in every if one.category_id == category.id])
            for category in parameter_categories.every()
        ],
        without=[one for one in every if one.category_id is None],
        types=_types(),
        type_name=_type_name,
        agents_of=lambda kind: ", ".join(place.agent for place in steered.places(kind)),
        shown=_shown,
        form=form,
        done=_done(),
    )


@bp.post("")
@admin_only
@takes_form(Category)
def create_category(user: SignedIn, form: Form[Category]) -> Response:
    body = form.body
    if body is None:
        return _page(user, form, 400)
    key = slug_of(body.name)
    if not key:
        return _page(user, form.refuse("name", gettext("This is not valid.")), 400)
    try:
        made = parameter_categories.create(body.name, body.parameter_type, key, body.description)
    except Duplicate:
        return _page(user, form.refuse("name", gettext("There is one of this name.")), 409)
    audit.note(user.id, "parameter-category.create", None, made)
    return to("console.parameters.page", done="saved")


@bp.post("/reset")
@admin_only
@takes_no_fields
def reset(user: SignedIn) -> Response:
    """Restore the shipped categories and parameters; all others are deleted."""
    parameters.reset(parts().data.parameter_defaults())
    forget_steering()
    audit_log.record("parameters.reset", user.id)
    return to("console.parameters.page", done="reset")


@bp.get("/categories/<category_id>")
@admin_only
@with_id("category")
def category(user: SignedIn, category_id: UUID) -> Response:
    found = _category(category_id)
    return _one_category(user, found, Form(_category_values(found)))


def _one_category(user: SignedIn, found: ParameterCategory, form: Form[Any], status: int = 200) -> Response:
    return rendered("parameter_category.html", user, status, category=found, form=form, types=_types(), done=_done())


@bp.post("/categories/<category_id>")
@admin_only
@with_id("category")
@takes_form(Category)
def change_category(user: SignedIn, category_id: UUID, form: Form[Category]) -> Response:
    found, body = _category(category_id), form.body
    if body is None:
        return _one_category(user, found, form, 400)
    changed = parameter_categories.update(category_id, body.name, body.parameter_type, None, body.description or "")
    audit.note(user.id, "parameter-category.change", found, changed)
    return to("console.parameters.category", category_id=category_id, done="saved")


@bp.post("/categories/<category_id>/remove")
@admin_only
@with_id("category")
@takes_no_fields
def remove_category(user: SignedIn, category_id: UUID) -> Response:
    found = _category(category_id)
    if parameter_categories.delete(category_id) == "in use":
        raise Conflict("Category is in use: delete its parameters first")
    audit.note(user.id, "parameter-category.delete", found, None)
    return to("console.parameters.page", done="removed")


@bp.post("/categories/<category_id>/parameters")
@admin_only
@with_id("category")
@takes_form(Setting)
def create(user: SignedIn, category_id: UUID, form: Form[Setting]) -> Response:
    found, body = _category(category_id), form.body
    if body is None:
        return _one_category(user, found, Form(_category_values(found)), 400)
    more = {name: text for name, text in body.more().items() if text}
    made = parameters.create(
        category_id, body.name, found.parameter_type, _value(body.value), body.description, more or None
    )
    if made is None:
        raise NotFound("Category not found")
    forget_steering()
    audit.note(user.id, "parameter.create", None, made)
    return to("console.parameters.one", parameter_id=made.id, done="saved")


def _category_values(found: ParameterCategory) -> dict[str, Any]:
    return {"name": found.name, "parameter_type": found.parameter_type, "description": found.description or ""}


@bp.get("/<parameter_id>")
@admin_only
@with_id("parameter")
def one(user: SignedIn, parameter_id: UUID) -> Response:
    found = _parameter(parameter_id)
    values = {"name": found.name, "value": _shown(found.value), "description": found.description or ""}
    return _one(user, found, Form({**values, "range": _shown(found.range), "examples": _shown(found.examples)}))


def _one(user: SignedIn, found: Parameter, form: Form[Any], status: int = 200) -> Response:
    return rendered(
        "parameter.html",
        user,
        status,
        parameter=found,
        form=form,
        type_name=_type_name(found.type or ""),
        places=steered.places(found.type) if found.type in TYPES else [],
        line=parameter_line(found.name, found.value, found.description),
        done=_done(),
    )


@bp.post("/<parameter_id>")
@admin_only
@with_id("parameter")
@takes_form(Setting)
def change(user: SignedIn, parameter_id: UUID, form: Form[Setting]) -> Response:
    found, body = _parameter(parameter_id), form.body
    if body is None:
        return _one(user, found, form, 400)
    value = found.value if body.value == _shown(found.value) else _value(body.value)
    changed = parameters.update(
        parameter_id, body.name, None, "" if value is None else value, body.description or "", None, body.more()
    )
    forget_steering()
    audit.note(user.id, "parameter.change", found, changed)
    return to("console.parameters.one", parameter_id=parameter_id, done="saved")


@bp.post("/<parameter_id>/remove")
@admin_only
@with_id("parameter")
@takes_no_fields
def remove(user: SignedIn, parameter_id: UUID) -> Response:
    found = _parameter(parameter_id)
    parameters.delete(parameter_id)
    forget_steering()
    audit.note(user.id, "parameter.delete", found, None)
    return to("console.parameters.page", done="removed")


def _types() -> list[tuple[str, str]]:
    return [(kind, gettext(TYPE_NAMES[kind])) for kind in TYPES]


def _type_name(kind: str) -> str:
    return gettext(TYPE_NAMES.get(kind, kind))


def _done() -> str | None:
    text = DONE.get(request.args.get("done", ""))
    return gettext(text) if text else None


def _category(category_id: UUID) -> ParameterCategory:
    found = parameter_categories.get(category_id)
    if found is None:
        raise NotFound("Category not found")
    return found


def _parameter(parameter_id: UUID) -> Parameter:
    found = parameters.get(parameter_id)
    if found is None:
        raise NotFound("Parameter not found")
    return found


def _value(text: str | None) -> Any:
    """Parse the value as JSON (number, boolean, list, object); anything else is kept as text."""
    try:
        return None if text is None else orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _shown(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
