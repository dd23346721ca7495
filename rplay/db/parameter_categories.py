"""The categories of parameters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from rplay import db
from rplay.db import LIST_BYTES, Connection, before
from rplay.errors import Duplicate


@dataclass(frozen=True, slots=True)
class ParameterCategory:
    """A category as clients see it, with its keys in this order. Old rows may lack a key."""

    id: UUID
    name: str
    key: str | None
    parameter_type: str
    description: str | None
    created_at: datetime | None


_COLUMNS = """id, name, key, CASE type WHEN 'guardrail' THEN 'guardrails' ELSE type END AS parameter_type,
              description, created_at"""


def stored(kind: str) -> str:
    """Return the type as the column stores it: `guardrail` where all other code says `guardrails`."""
    return "guardrail" if kind == "guardrails" else kind


def lock(tx: Connection) -> None:
    """Lock parameters and categories against writes until the transaction ends; reading stays possible.

    This keeps category keys unique without a constraint that old rows could violate. It also prevents a parameter from
    being added to a category that is being deleted.
    """
    db.execute("LOCK TABLE parameters, parameter_categories IN SHARE ROW EXCLUSIVE MODE", tx=tx)


def every(kind: str | None = None) -> list[ParameterCategory]:
    """Return the categories by name; only those of type `kind` if given."""
    return db.all_of(
        ParameterCategory,
        f"""
        SELECT {_COLUMNS}
          FROM (SELECT c.*, {before("c", "created_at DESC NULLS LAST, id")} AS before
                  FROM parameter_categories c
                 WHERE %(kind)s::text IS NULL OR type = %(kind)s
              ORDER BY created_at DESC NULLS LAST, id
                 LIMIT 10000) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY name, created_at, id
        """,
        kind=stored(kind) if kind is not None else None,
    )


def get(category_id: UUID) -> ParameterCategory | None:
    return db.one(ParameterCategory, f"SELECT {_COLUMNS} FROM parameter_categories WHERE id = %(id)s", id=category_id)


def create(name: str, kind: str, key: str, description: str | None) -> ParameterCategory:
    """Create a category. Raise Duplicate if another one has the key."""
    with db.transaction() as tx:
        lock(tx)
        _keep_unique(key, None, tx)
        return insert(name, kind, key, description, tx)


def insert(name: str, kind: str, key: str, description: str | None, tx: Connection) -> ParameterCategory:
    created = db.one(
        ParameterCategory,
        f"""
        INSERT INTO parameter_categories (name, type, key, description)
        VALUES (%(name)s, %(kind)s, %(key)s, %(description)s)
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        name=name,
        kind=stored(kind),
        key=key,
        description=description,
    )
    assert created is not None
    return created


def update(
    category_id: UUID, name: str | None, kind: str | None, key: str | None, description: str | None
) -> ParameterCategory | None:
    """Change the fields that are not None. Return None if the category does not exist; raise Duplicate if another one
    has the key.
    """
    with db.transaction() as tx:
        lock(tx)
        updated = db.one(
            ParameterCategory,
            f"""
            UPDATE parameter_categories
               SET name = coalesce(%(name)s, name),
                   type = coalesce(%(kind)s, type),
                   key = coalesce(%(key)s, key),
                   description = coalesce(%(description)s, description)
             WHERE id = %(id)s
         RETURNING {_COLUMNS}
            """,
            tx=tx,
            id=category_id,
            name=name,
            kind=stored(kind) if kind is not None else None,
            key=key,
            description=description,
        )
        if updated is not None and key is not None:
            _keep_unique(key, category_id, tx)
        return updated


def delete(category_id: UUID) -> Literal["deleted", "in use", "unknown"]:
    """Delete a category if it has no parameters."""
    with db.transaction() as tx:
        lock(tx)
        if db.value("SELECT EXISTS (SELECT FROM parameters WHERE category_id = %(id)s)", tx=tx, id=category_id):
            return "in use"
        deleted = db.execute("DELETE FROM parameter_categories WHERE id = %(id)s", tx=tx, id=category_id)
        return "deleted" if deleted else "unknown"


def _keep_unique(key: str, own_id: UUID | None, tx: Connection) -> None:
    taken = """
        SELECT EXISTS (SELECT FROM parameter_categories
                        WHERE key = %(key)s AND id IS DISTINCT FROM %(own_id)s::uuid)
        """
    if db.value(taken, tx=tx, key=key, own_id=own_id):
        raise Duplicate("parameter_categories.key")
