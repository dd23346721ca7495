"""The building blocks of clients' personalities: traits, archetypes, communication styles, moods, quirks."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import AfterValidator, BeforeValidator, Field

from rplay.console import steered
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import N_, gettext
from rplay.db import fusion, personality
from rplay.db.personality import Archetype, CommunicationStyle, CoreTrait, Mood, Part, Quirk
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.web import audit, bounds
from rplay.web.auth import admin_only
from rplay.web.body import Text, Title, problem, with_id

bp = Blueprint("personality", __name__, url_prefix="/personality")


def _lines(text: Any) -> Any:
    return [line.strip() for line in text.splitlines() if line.strip()] if isinstance(text, str) else text


def _percent(text: Any) -> int:
    if not (isinstance(text, str) and text.strip().isdecimal() and int(text) <= 100):
        raise problem(N_("Please give a whole number from 0 to 100."))
    return int(text)


Lines = Annotated[list[Title], BeforeValidator(_lines), Field(max_length=bounds.FEW, default_factory=list)]
Percent = Annotated[int, BeforeValidator(_percent)]


class PartForm(FormBody):
    """The form for every kind; each kind uses the fields for which it has a column."""

    name: Annotated[Title, AfterValidator(str.strip)]
    description: Text | None = None
    category: Annotated[Title, Field(max_length=100)] | None = None
    weight: Percent | None = None
    influence: Percent | None = None
    intensity: Percent | None = None
    impact: Text | None = None
    traits: Lines
    behaviors: Lines
    characteristics: Lines
    fusion_links: Lines


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of building block. `columns` are the ones that only this kind has: column, label, and type of the form
    field.
    """

    row: type[Part]
    many: str
    new: str
    columns: tuple[tuple[str, str, str], ...]


KINDS = {
    "core-trait": Kind(
        CoreTrait,
        N_("Core traits"),
        N_("New core trait"),
        (
            ("category", N_("Category"), "text"),
            ("weight", N_("Weight"), "number"),
            ("influence", N_("Influence"), "number"),
        ),
    ),
    "archetype": Kind(
        Archetype,
        N_("Archetypes"),
        N_("New archetype"),
        (("traits", N_("Traits"), "lines"), ("behaviors", N_("What they do"), "lines")),
    ),
    "communication-style": Kind(
        CommunicationStyle,
        N_("Ways of talking"),
        N_("New way of talking"),
        (("characteristics", N_("How it shows"), "lines"),),
    ),
    "mood": Kind(Mood, N_("Moods"), N_("New mood"), (("intensity", N_("Intensity"), "number"),)),
    "quirk": Kind(
        Quirk,
        N_("Quirks"),
        N_("New quirk"),
        (("impact", N_("What it does to the talk"), "long"), ("fusion_links", N_("Goes with"), "lines")),
    ),
}
NEEDED = frozenset({"category", "impact"})  # columns that must not be empty


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    return rendered(
        "personality.html",
        user,
        kinds=[
            (name, gettext(kind.many), gettext(kind.new), personality.every(kind.row)) for name, kind in KINDS.items()
        ],
        places=steered.places("personality"),
        done=request.args.get("done"),
    )


@bp.get("/<kind>/new")
@admin_only
def new(user: SignedIn, kind: str) -> Response:
    return _one(user, kind, None, Form({"weight": 50, "influence": 50, "intensity": 50}))


@bp.post("/<kind>/new")
@admin_only
@takes_form(PartForm)
def create(user: SignedIn, kind: str, form: Form[PartForm]) -> Response:
    values = _values(_kind(kind), form)
    if values is None:
        return _one(user, kind, None, form, 400)
    made = personality.create(_kind(kind).row, values)
    fusion.forget()
    audit.note(user.id, f"{kind}.create", None, made)
    return to("console.personality.page", done="saved")


@bp.get("/<kind>/<part_id>")
@admin_only
@with_id("part")
def one(user: SignedIn, kind: str, part_id: UUID) -> Response:
    found = _part(kind, part_id)
    values = {column: _shown(getattr(found, column)) for column, _, _ in _kind(kind).columns}
    return _one(user, kind, found, Form({"name": found.name, "description": found.description or "", **values}))


@bp.post("/<kind>/<part_id>")
@admin_only
@with_id("part")
@takes_form(PartForm)
def change(user: SignedIn, kind: str, part_id: UUID, form: Form[PartForm]) -> Response:
    found, values = _part(kind, part_id), _values(_kind(kind), form)
    if values is None:
        return _one(user, kind, found, form, 400)
    changed = personality.update(_kind(kind).row, part_id, values)
    fusion.forget()
    audit.note(user.id, f"{kind}.change", found, changed)
    return to("console.personality.page", done="saved")


@bp.post("/<kind>/<part_id>/remove")
@admin_only
@with_id("part")
@takes_no_fields
def remove(user: SignedIn, kind: str, part_id: UUID) -> Response:
    found = _part(kind, part_id)
    personality.delete(_kind(kind).row, part_id)
    fusion.forget()
    audit.note(user.id, f"{kind}.delete", found, None)
    return to("console.personality.page", done="removed")


def _one(user: SignedIn, kind: str, found: Part | None, form: Form[Any], status: int = 200) -> Response:
    known = _kind(kind)
    return rendered(
        "part.html",
        user,
        status,
        kind=kind,
        part=found,
        title=found.name if found else gettext(known.new),
        lead=gettext(known.many),
        columns=[(column, gettext(label), shape, column in NEEDED) for column, label, shape in known.columns],
        form=form,
        places=steered.places("personality") if known.row is not CoreTrait else [],
    )


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise NotFound("Endpoint not found")
    return KINDS[kind]


def _part(kind: str, part_id: UUID) -> Part:
    found = personality.get(_kind(kind).row, part_id)
    if found is None:
        raise NotFound("Endpoint not found")
    return found


def _values(kind: Kind, form: Form[PartForm]) -> dict[str, Any] | None:
    """Return the values to store; None if a required field is missing, which is then noted in the form."""
    if form.body is None:
        return None
    values = {"name": form.body.name, "description": form.body.description}
    for column, _, _ in kind.columns:
        value = getattr(form.body, column)
        if value is None and column in NEEDED:
            form.refuse(column, gettext("Please fill this in."))
        elif value is not None:
            values[column] = value
    return None if form.errors else values


def _shown(value: Any) -> str:
    """Return a value as text; a list has one item per line. Other programs may have stored objects in these columns."""
    if isinstance(value, dict):
        value = [f"{name}: {inner}" for name, inner in value.items()]
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
