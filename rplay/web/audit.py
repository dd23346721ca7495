"""Writes admins' changes to the audit log: each changed value with its path, before and after."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson

from rplay.db import audit_log

MOST = 50  # changes that one log entry keeps
CHARACTERS = 300  # characters kept of each value


def note(by: UUID, action: str, before: Any, after: Any) -> None:
    """Log the change of a database row. `before` and `after` are dataclasses; `before` is None for a new row,
    `after` for a deleted one.
    """
    if details := changes(_plain(before), _plain(after)):
        audit_log.record(action, by, subject=(after or before).id, **details)


def _plain(row: Any) -> Any:
    return orjson.loads(orjson.dumps(row))


def changes(before: Any, after: Any) -> dict[str, Any]:
    """Return the details of a log entry; {} if nothing changed."""
    found = list(_changes(before, after, ()))
    if not found:
        return {}
    kept = [{"at": ".".join(place), "before": _short(old), "after": _short(new)} for place, old, new in found[:MOST]]
    return {"changes": kept, "more": len(found) - MOST} if len(found) > MOST else {"changes": kept}


def _changes(before: Any, after: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    old, new = _by_name(before), _by_name(after)
    if old is None or new is None:
        if before != after:
            yield place, before, after
        return
    for name in dict.fromkeys((*old, *new)):
        yield from _changes(old.get(name), new.get(name), (*place, name))


def _by_name(content: Any) -> Mapping[str, Any] | None:
    """Return the content as a mapping of names: an object, or a list whose items have an `id` or (in a rubric) a
    `range`. None for other content.
    """
    if isinstance(content, dict):
        return content
    if isinstance(content, list) and content:
        for key in ("id", "range"):
            if all(isinstance(one, dict) and isinstance(one.get(key), str) for one in content):
                return {one[key]: one for one in content}
    return None


def _short(value: Any) -> Any:
    """Shorten a long value. None, for a value that is absent, stays None."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return value if value is None or len(text) <= CHARACTERS else f"{text[:CHARACTERS]} …"
