"""Parameters with which admins steer the AI agents."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, Connection, before, parameter_categories


@dataclass(frozen=True, slots=True)
class Steering:
    """The fields of a parameter that an agent needs."""

    name: str
    type: Literal["structured", "narrative", "guardrails"]
    value: Any
    description: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as clients see it, with its keys in this order. `range` and `examples` come from the metadata."""

    id: UUID
    name: str
    type: str | None
    category_id: UUID | None
    value: Any
    description: str | None
    metadata: Any
    range: Any
    examples: Any


@dataclass(frozen=True, slots=True)
class ListedParameter(Parameter):
    category_name: str | None


_COLUMNS = """p.id, p.name, p.type, p.category_id, p.value, p.description, p.metadata,
              p.metadata -> 'range' AS range, p.metadata -> 'examples' AS examples"""


def steering() -> list[Steering]:
    """Return the parameters that have a type, sorted by type and name. Long texts are cut, as prompts have no room for
    them.
    """
    return db.all_of(
        Steering,
        """
        SELECT left(name, 200) AS name, type, left(description, 2000) AS description,
               CASE WHEN octet_length(value::text) > 16384 THEN to_jsonb(left(value #>> '{}', 2000)) ELSE value END
               AS value
          FROM parameters
         WHERE type IS NOT NULL
      ORDER BY type, parameters.name
         LIMIT 500
        """,
    )


def every(category_id: UUID | None = None, kind: str | None = None) -> list[ListedParameter]:
    """Return the parameters by category name and name; only those of a category or a type if given."""
    return db.all_of(
        ListedParameter,
        f"""
        SELECT {_COLUMNS}, c.name AS category_name
          FROM (SELECT n.*, {before("n", "created_at DESC NULLS LAST, id")} AS before
                  FROM parameters n
                 WHERE (%(category_id)s::uuid IS NULL OR category_id = %(category_id)s)
                   AND (%(kind)s::text IS NULL OR type = %(kind)s)
              ORDER BY created_at DESC NULLS LAST, id
                 LIMIT 10000) AS p
     LEFT JOIN parameter_categories c ON c.id = p.category_id
         WHERE before < {LIST_BYTES}
      ORDER BY c.name, p.name, p.id
        """,
        category_id=category_id,
        kind=kind,
    )


def get(parameter_id: UUID) -> Parameter | None:
    return db.one(Parameter, f"SELECT {_COLUMNS} FROM parameters p WHERE p.id = %(id)s", id=parameter_id)


def create(
    category_id: UUID,
    name: str,
    kind: str,
    value: Any = None,
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
    tx: Connection | None = None,
) -> Parameter | None:
    """Create a parameter. Return None if the category does not exist."""
    return db.one(
        Parameter,
        f"""
        INSERT INTO parameters AS p (category_id, name, type, value, description, metadata)
        SELECT id, %(name)s, %(kind)s, %(value)s, %(description)s, %(metadata)s
          FROM parameter_categories
         WHERE id = %(category_id)s
           FOR KEY SHARE
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        category_id=category_id,
        name=name,
        kind=kind,
        value=_json(value),
        description=description,
        metadata=_json(metadata),
    )


def update(
    parameter_id: UUID,
    name: str | None = None,
    kind: str | None = None,
    value: Any = None,
    description: str | None = None,
    metadata: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
) -> Parameter | None:
    """Change the fields that are not None. Return None if the parameter does not exist.

    `metadata` replaces the stored metadata, `more` is merged into it.
    """
    return db.one(
        Parameter,
        f"""
        UPDATE parameters p
           SET name = coalesce(%(name)s, name),
               type = coalesce(%(kind)s, type),
               value = coalesce(%(value)s, value),
               description = coalesce(%(description)s, description),
               metadata = CASE
                   WHEN %(more)s::jsonb IS NULL THEN coalesce(%(metadata)s, metadata)
                   WHEN %(metadata)s::jsonb IS NOT NULL THEN %(metadata)s || %(more)s
                   WHEN jsonb_typeof(metadata) = 'object' THEN metadata || %(more)s
                   ELSE %(more)s END
         WHERE p.id = %(id)s
     RETURNING {_COLUMNS}
        """,
        id=parameter_id,
        name=name,
        kind=kind,
        value=_json(value),
        description=description,
        metadata=_json(metadata),
        more=_json(more or None),
    )


def delete(parameter_id: UUID) -> bool:
    return db.execute("DELETE FROM parameters WHERE id = %(id)s", id=parameter_id) > 0


def load_defaults_if_empty(defaults: list[dict[str, Any]]) -> bool:
    """Load the shipped categories and parameters into a new database. Return True if they were loaded.

    Nothing happens if there is any category or parameter. Several processes may call this at the same time.
    """
    with db.transaction() as tx:
        parameter_categories.lock(tx)
        used = "SELECT EXISTS (SELECT FROM parameters) OR EXISTS (SELECT FROM parameter_categories)"
        if db.value(used, tx=tx):
            return False
        _load(defaults, tx)
        return True


def reset(defaults: list[dict[str, Any]]) -> None:
    """Replace all categories and parameters by the shipped ones."""
    with db.transaction() as tx:
        parameter_categories.lock(tx)
        db.execute("DELETE FROM parameters", tx=tx)
        db.execute("DELETE FROM parameter_categories", tx=tx)
        _load(defaults, tx)


def _load(defaults: list[dict[str, Any]], tx: Connection) -> None:
    for shipped in defaults:
        kind = shipped["type"]
        category = parameter_categories.insert(shipped["name"], kind, shipped["key"], shipped["description"], tx)
        for one in shipped["parameters"]:
            metadata = {key: one[key] for key in ("range", "examples") if key in one}
            create(category.id, one["name"], kind, one["value"], one["description"], metadata, tx=tx)


def _json(thing: Any) -> Jsonb | None:
    return None if thing is None else Jsonb(thing)
