"""What admins changed, as the audit log keeps it: each place with what stood there and what stands now."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson

from rplay.db import audit_log

MOST = 50  # changes that are kept of one write
CHARACTERS = 300  # of what stood in a place


def note(by: UUID, action: str, before: Any, after: Any) -> None:
    """A row that admins changed, as a dataclass; None for one that was not there, or is gone."""
    if details := changes(_plain(before), _plain(after)):
        audit_log.record(action, by, subject=(after or before).id, **details)


def _plain(row: Any) -> Any:
    return orjson.loads(orjson.dumps(row))


def changes(before: Any, after: Any) -> dict[str, Any]:
    """The details of an entry; {} where nothing was changed."""
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
    """What has names of its own: an object, or a list of objects with ids, or of a rubric's with ranges."""
    if isinstance(content, dict):
        return content
    if isinstance(content, list) and content:
        for key in ("id", "range"):
            if all(isinstance(one, dict) and isinstance(one.get(key), str) for one in content):
                return {one[key]: one for one in content}
    return None


def _short(value: Any) -> Any:
    """None for what is not there."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return value if value is None or len(text) <= CHARACTERS else f"{text[:CHARACTERS]} …"
