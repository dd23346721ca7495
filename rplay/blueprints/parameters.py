"""/api/parameters: parameters with which admins steer the agents. The existing frontend also uses the path without
/api.
"""

from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint
from pydantic import BeforeValidator, Field

from rplay.db import audit_log, parameters
from rplay.db.parameters import ListedParameter, Parameter
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, NotFound
from rplay.web import audit
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, signed_in
from rplay.web.body import (
    Body,
    Json,
    JsonObject,
    Query,
    Short,
    Text,
    asks,
    problem,
    takes,
    takes_nothing,
    uuid_of,
    with_id,
)
from rplay.web.fields.names import Name
from rplay.web.fields.parameters import ParameterType
from rplay.web.openapi import responds
from rplay.web.parts import parts
from rplay.web.scenes import forget_steering

routes = Blueprint("api", __name__)
bp = Blueprint("parameters", __name__)
bp.register_blueprint(routes, url_prefix="/api/parameters")
bp.register_blueprint(routes, url_prefix="/parameters", name="without_api")

ALL = "[object Object]"  # the frontend sends this for "all categories"


def _id(value: Any) -> UUID:
    if not isinstance(value, str):
        raise ValueError("an id is a text")
    found = uuid_of(value)
    if found is None:
        raise problem("Invalid category ID format")
    return found


def _id_if_any(value: Any) -> UUID | None:
    return None if value == ALL else _id(value)


class Choice(Query):
    category_id: Annotated[UUID | None, BeforeValidator(_id_if_any)] = None
    type: Short | None = None


class NewParameter(Body):
    clearable = frozenset({"value"})

    name: Name
    type: ParameterType
    category_id: Annotated[UUID, BeforeValidator(_id)]
    value: Json = None
    description: Text | None = None
    metadata: JsonObject | None = None
    range: Json = None
    examples: Json = None
    is_global: bool | None = Field(None, alias="global", strict=True)


class ParameterPatch(Body):
    clearable = frozenset({"value", "description"})

    name: Name | None = None
    type: ParameterType | None = None
    value: Json = None
    description: Text | None = None
    metadata: JsonObject | None = None
    range: Json = None
    examples: Json = None
    is_global: bool | None = Field(None, alias="global", strict=True)


@routes.get("")
@signed_in
@asks(Choice)
@responds(200, parameters=list[ListedParameter], data=list[ListedParameter])
def every(user: SignedIn, query: Choice) -> Answer:  # noqa: ARG001
    kind = query.type if query.category_id is None else None
    found = parameters.every(query.category_id, kind)
    return ok(parameters=found, data=found)


@routes.post("")
@admin_only
@takes(NewParameter)
@responds(201, 404, parameter=Parameter, data=Parameter)
def create(user: SignedIn, body: NewParameter) -> Answer:
    metadata = {**(body.metadata or {}), **_kept_in_metadata(body)}
    created = parameters.create(
        body.category_id,
        body.name,
        body.type,
        body.value,
        body.description,
        metadata or None,
    )
    forget_steering()
    if created is None:
        raise NotFound("Category not found")
    audit.note(user.id, "parameter.create", None, created)
    return _shown(created, 201)


@routes.post("/reset")
@admin_only
@takes_nothing
@responds(200, message=str)
def reset(user: SignedIn) -> Answer:
    """Restore the shipped categories and parameters; all others are deleted."""
    parameters.reset(parts().data.parameter_defaults())
    forget_steering()
    audit_log.record("parameters.reset", user.id)
    return ok(message="Parameters reset to defaults successfully")


@routes.get("/<parameter_id>")
@signed_in
@with_id("parameter")
@responds(200, parameter=Parameter, data=Parameter)
def get(user: SignedIn, parameter_id: UUID) -> Answer:  # noqa: ARG001
    """Return one parameter."""
    return _shown(parameters.get(parameter_id))


@routes.patch("/<parameter_id>")
@admin_only
@with_id("parameter")
@takes(ParameterPatch)
@responds(200, parameter=Parameter, data=Parameter)
def patch(user: SignedIn, parameter_id: UUID, body: ParameterPatch) -> Answer:
    if not body.given():
        raise BadRequest("No fields to update")
    more, before = _kept_in_metadata(body), parameters.get(parameter_id)
    updated = parameters.update(parameter_id, body.name, body.type, body.value, body.description, body.metadata, more)
    forget_steering()
    if updated:
        audit.note(user.id, "parameter.change", before, updated)
    return _shown(updated)


@routes.delete("/<parameter_id>")
@admin_only
@with_id("parameter")
@responds(200, message=str)
def delete(user: SignedIn, parameter_id: UUID) -> Answer:
    before, deleted = parameters.get(parameter_id), parameters.delete(parameter_id)
    forget_steering()
    if not deleted:
        raise NotFound("Parameter not found")
    audit.note(user.id, "parameter.delete", before, None)
    return ok(message="Parameter deleted successfully")


def _kept_in_metadata(body: NewParameter | ParameterPatch) -> dict[str, Any]:
    """Return the fields that are stored in the metadata, as they have no column."""
    given = {"range": body.range, "examples": body.examples, "global": body.is_global}
    return {name: value for name, value in given.items() if value is not None}


def _shown(parameter: Parameter | None, status: int = 200) -> Answer:
    """Return the parameter under two keys, as two pages read different ones."""
    if parameter is None:
        raise NotFound("Parameter not found")
    return ok(status, parameter=parameter, data=parameter)
