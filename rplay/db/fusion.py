"""The fusion model: archetypes, moods, communication styles and quirks that admins describe."""

import time
from typing import Any

from rplay import db
from rplay.db import LIST_BYTES, before

_SECONDS = 60
_cache: dict[str, tuple[float, list[dict[str, Any]]]] = {}


def named(names: list[str]) -> list[dict[str, Any]]:
    """Return the entries with these names, ignoring case: kind, name, description and the details of the kind. The
    tables are cached for a minute.
    """
    wanted = {name.lower() for name in names}
    return [row for row in _all() if str(row["name"]).lower() in wanted] if wanted else []


def forget() -> None:
    """Clear the cache, so that the next call reads the tables again."""
    _cache.clear()


def _all() -> list[dict[str, Any]]:
    read, found = _cache.get("all", (0.0, []))
    if time.monotonic() - read > _SECONDS or "all" not in _cache:
        found = _read()
        _cache["all"] = (time.monotonic(), found)
    return found


def _read() -> list[dict[str, Any]]:
    return db.rows(
        f"""
        SELECT kind, name, description, details
          FROM (SELECT cut.*, {before("cut", "kind, name")} AS before
                  FROM (SELECT kind, left(name, 200) AS name, left(description, 2000) AS description, details
                          FROM ({_PARTS}) AS part) AS cut) AS found
         WHERE before < {LIST_BYTES}
        """
    )


_PARTS = """
    SELECT 'archetype' AS kind, name, description, jsonb_build_object('traits', traits, 'behaviors', behaviors)
           AS details FROM fusion_model_archetypes
 UNION ALL
    SELECT 'communication style', name, description, jsonb_build_object('characteristics', characteristics)
      FROM fusion_model_communication_styles
 UNION ALL
    SELECT 'mood', name, description, jsonb_build_object('intensity', intensity) FROM fusion_model_moods
 UNION ALL
    SELECT 'quirk', name, description, jsonb_build_object('impact', impact, 'links', fusion_links)
      FROM fusion_model_quirks"""
