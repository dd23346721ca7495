"""/api/parameter-categories: the categories of parameters."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from flask import Blueprint
from pydantic import AfterValidator

from rplay.db import parameter_categories
from rplay.db.parameter_categories import ParameterCategory
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Conflict, Duplicate, NotFound
from rplay.web import audit
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, signed_in
from rplay.web.body import Query, Short, SnakeBody, Text, asks, takes, with_id
from rplay.web.fields.names import Name, slug_of
from rplay.web.fields.parameters import CategoryType, plural
from rplay.web.openapi import responds

bp = Blueprint("parameter_categories", __name__, url_prefix="/api/parameter-categories")

TAKEN = "A category with this key already exists"


class Choice(Query):
    type: Annotated[Short, AfterValidator(plural)] | None = None


class NewCategory(SnakeBody):
    name: Name
    parameter_type: CategoryType
    key: Name | None = None
    description: Text | None = None


class CategoryPatch(SnakeBody):
    clearable = frozenset({"description"})

    name: Name | None = None
    parameter_type: CategoryType | None = None
    key: Name | None = None
    description: Text | None = None


@bp.get("")
@signed_in
@asks(Choice)
@responds(200, data=list[ParameterCategory])
def every(user: SignedIn, query: Choice) -> Answer:  # noqa: ARG001
    return ok(data=[_shown(category) for category in parameter_categories.every(query.type)])


@bp.post("")
@admin_only
@takes(NewCategory)
@responds(201, 409, data=ParameterCategory)
def create(user: SignedIn, body: NewCategory) -> Answer:
    key = body.key or slug_of(body.name)
    if not key:
        raise BadRequest("Invalid value for name")
    try:
        created = parameter_categories.create(body.name, body.parameter_type, key, body.description)
    except Duplicate:
        raise Conflict(TAKEN) from None
    audit.note(user.id, "parameter-category.create", None, created)
    return ok(201, data=created)


@bp.patch("/<category_id>")
@admin_only
@with_id("category")
@takes(CategoryPatch)
@responds(200, 409, data=ParameterCategory)
def patch(user: SignedIn, category_id: UUID, body: CategoryPatch) -> Answer:
    if not body.given():
        raise BadRequest("No fields to update")
    before = parameter_categories.get(category_id)
    try:
        updated = parameter_categories.update(category_id, body.name, body.parameter_type, body.key, body.description)
    except Duplicate:
        raise Conflict(TAKEN) from None
    if updated is None:
        raise NotFound("Category not found")
    audit.note(user.id, "parameter-category.change", before, updated)
    return ok(data=_shown(updated))


@bp.delete("/<category_id>")
@admin_only
@with_id("category")
@responds(200, 409, message=str)
def delete(user: SignedIn, category_id: UUID) -> Answer:
    before = parameter_categories.get(category_id)
    outcome = parameter_categories.delete(category_id)
    if outcome == "unknown":
        raise NotFound("Category not found")
    if outcome == "in use":
        raise Conflict("Category is in use: delete its parameters first")
    audit.note(user.id, "parameter-category.delete", before, None)
    return ok(message="Category deleted successfully")


def _shown(category: ParameterCategory) -> ParameterCategory:
    return category if category.key else replace(category, key=slug_of(category.name))
