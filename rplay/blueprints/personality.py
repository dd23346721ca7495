"""/api/personality: the building blocks of clients' personalities."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from flask import Blueprint
from pydantic import Field

from rplay.db import fusion, personality
from rplay.db.personality import Archetype, CommunicationStyle, CoreTrait, Mood, Part, Quirk
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.web import audit
from rplay.web.answers import Answer, ok, respond
from rplay.web.auth import admin_only, signed_in_or_legacy
from rplay.web.body import Int, JsonList, JsonObject, SnakeBody, Text, Title, takes, with_id
from rplay.web.openapi import responds

bp = Blueprint("personality", __name__, url_prefix="/api/personality")

Texts = JsonList | JsonObject


class PartBody(SnakeBody):
    """The fields that all kinds have."""

    clearable = frozenset({"description"})

    name: Title
    description: Text | None = None


class CoreTraitBody(PartBody):
    category: Annotated[Title, Field(max_length=100)]
    weight: Int | None = None
    influence: Int | None = None


class ArchetypeBody(PartBody):
    traits: Texts | None = None
    behaviors: Texts | None = None


class CommunicationStyleBody(PartBody):
    characteristics: Texts | None = None


class MoodBody(PartBody):
    intensity: Int | None = None


class QuirkBody(PartBody):
    impact: Text
    fusion_links: Texts | None = None


@dataclass(frozen=True)
class Kind:
    singular: str
    plural: str
    title: str
    row: type[Part]
    body: type[PartBody]


KINDS = (
    Kind("core-trait", "core-traits", "Core trait", CoreTrait, CoreTraitBody),
    Kind("archetype", "archetypes", "Archetype", Archetype, ArchetypeBody),
    Kind(
        "communication-style", "communication-styles", "Communication style", CommunicationStyle, CommunicationStyleBody
    ),
    Kind("mood", "moods", "Mood", Mood, MoodBody),
    Kind("quirk", "quirks", "Quirk", Quirk, QuirkBody),
)


def _add_routes(kind: Kind) -> None:
    """Add the same four routes for a kind, with its own body."""

    @signed_in_or_legacy
    @responds(200, body=list[kind.row])  # type: ignore[name-defined]
    def every(user: SignedIn | None) -> Answer:  # noqa: ARG001
        return respond(personality.every(kind.row))

    @admin_only
    @takes(kind.body)
    @responds(201, body=kind.row)
    def create(user: SignedIn, body: PartBody) -> Answer:
        created = personality.create(kind.row, body.given())
        fusion.forget()
        audit.note(user.id, f"{kind.singular}.create", None, created)
        return respond(created, 201)

    @admin_only
    @with_id(kind.title.lower(), "row_id")
    @takes(kind.body)
    @responds(200, body=kind.row)
    def put(user: SignedIn, row_id: UUID, body: PartBody) -> Answer:
        """Change the fields that are sent."""
        before = personality.get(kind.row, row_id)
        updated = personality.update(kind.row, row_id, body.given())
        if updated is None:
            raise NotFound(f"{kind.title} not found")
        fusion.forget()
        audit.note(user.id, f"{kind.singular}.change", before, updated)
        return respond(updated)

    @admin_only
    @with_id(kind.title.lower(), "row_id")
    @responds(200)
    def delete(user: SignedIn, row_id: UUID) -> Answer:
        before = personality.get(kind.row, row_id)
        if not personality.delete(kind.row, row_id):
            raise NotFound(f"{kind.title} not found")
        fusion.forget()
        audit.note(user.id, f"{kind.singular}.delete", before, None)
        return ok()

    def add(method: str, path: str, view: Callable[..., Answer]) -> None:
        bp.add_url_rule(path, f"{view.__name__}_{kind.singular}".replace("-", "_"), view, methods=[method])

    add("GET", f"/{kind.plural}", every)
    add("POST", f"/{kind.singular}", create)
    add("PUT", f"/{kind.singular}/<row_id>", put)
    add("DELETE", f"/{kind.singular}/<row_id>", delete)


for _kind in KINDS:
    _add_routes(_kind)
