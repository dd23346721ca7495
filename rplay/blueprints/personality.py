"""/api/personality: the parts a client's personality is put together from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from flask import Blueprint
from pydantic import Field

from rplay.db import fusion, personality
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.web.answers import Answer, ok, respond
from rplay.web.auth import admin_only, signed_in_or_legacy
from rplay.web.body import Int, JsonList, JsonObject, SnakeBody, Text, takes, with_id
from rplay.web.openapi import answers

bp = Blueprint("personality", __name__, url_prefix="/api/personality")

Texts = JsonList | JsonObject


class Part(SnakeBody):
    """What all kinds have."""

    clearable = frozenset({"description"})

    name: Annotated[Text, Field(max_length=255)]
    description: Text | None = None


class CoreTrait(Part):
    category: Annotated[Text, Field(max_length=100)]
    weight: Int | None = None
    influence: Int | None = None


class Archetype(Part):
    traits: Texts | None = None
    behaviors: Texts | None = None


class CommunicationStyle(Part):
    characteristics: Texts | None = None


class Mood(Part):
    intensity: Int | None = None


class Quirk(Part):
    impact: Text
    fusion_links: Texts | None = None


@dataclass(frozen=True)
class Kind:
    singular: str
    plural: str
    title: str
    table: personality.Table
    body: type[Part]


KINDS = (
    Kind("core-trait", "core-traits", "Core trait", personality.CORE_TRAITS, CoreTrait),
    Kind("archetype", "archetypes", "Archetype", personality.ARCHETYPES, Archetype),
    Kind(
        "communication-style",
        "communication-styles",
        "Communication style",
        personality.COMMUNICATION_STYLES,
        CommunicationStyle,
    ),
    Kind("mood", "moods", "Mood", personality.MOODS, Mood),
    Kind("quirk", "quirks", "Quirk", personality.QUIRKS, Quirk),
)


def _add_routes(kind: Kind) -> None:
    """The same four for every kind, each with its own body."""

    @signed_in_or_legacy
    @answers(200)
    def every(user: SignedIn | None) -> Answer:  # noqa: ARG001
        return respond(personality.every(kind.table))

    @admin_only
    @takes(kind.body)
    @answers(201)
    def create(user: SignedIn, body: Part) -> Answer:  # noqa: ARG001
        created = personality.create(kind.table, body.given())
        fusion.forget()
        return respond(created, 201)

    @admin_only
    @with_id(kind.title.lower(), "row_id")
    @takes(kind.body)
    @answers(200)
    def put(user: SignedIn, row_id: UUID, body: Part) -> Answer:  # noqa: ARG001
        """Changes what is given."""
        updated = personality.update(kind.table, row_id, body.given())
        if updated is None:
            raise NotFound(f"{kind.title} not found")
        fusion.forget()
        return respond(updated)

    @admin_only
    @with_id(kind.title.lower(), "row_id")
    @answers(200)
    def delete(user: SignedIn, row_id: UUID) -> Answer:  # noqa: ARG001
        if not personality.delete(kind.table, row_id):
            raise NotFound(f"{kind.title} not found")
        fusion.forget()
        return ok()

    def add(method: str, path: str, view: Callable[..., Answer]) -> None:
        bp.add_url_rule(path, f"{view.__name__}_{kind.singular}".replace("-", "_"), view, methods=[method])

    add("GET", f"/{kind.plural}", every)
    add("POST", f"/{kind.singular}", create)
    add("PUT", f"/{kind.singular}/<row_id>", put)
    add("DELETE", f"/{kind.singular}/<row_id>", delete)


for _kind in KINDS:
    _add_routes(_kind)
