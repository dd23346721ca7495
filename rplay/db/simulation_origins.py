"""Where simulations come from: their focus areas, assignment and scenario, and the talk of which they are
another try.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import Connection

TRIES = 200  # tries with one client that are returned


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a simulation.

    `parent_id` is None for a first try, or if the parent was deleted; `from_line` 0 is the start of the talk.
    `scenario_id` is None if the talk has no scenario.
    """

    simulation_id: UUID
    parent_id: UUID | None
    from_line: int
    focus_areas: Any
    assignment_id: UUID | None
    scenario_id: UUID | None
    scenario_version: int | None


def keep(
    simulation_id: UUID,
    focus_areas: Sequence[str],
    tx: Connection,
    *,
    parent_id: UUID | None = None,
    from_line: int = 0,
    assignment_id: UUID | None = None,
    scenario_id: UUID | None = None,
    scenario_version: int | None = None,
) -> None:
    db.execute(
        """
        INSERT INTO simulation_origins (simulation_id, parent_id, from_line, focus_areas, assignment_id, scenario_id,
                                        scenario_version)
        VALUES (%(simulation_id)s, %(parent_id)s, %(from_line)s, %(focus_areas)s, %(assignment_id)s, %(scenario_id)s,
                %(scenario_version)s)
        """,
        tx=tx,
        simulation_id=simulation_id,
        parent_id=parent_id,
        from_line=from_line,
        focus_areas=Jsonb(list(focus_areas)),
        assignment_id=assignment_id,
        scenario_id=scenario_id,
        scenario_version=scenario_version,
    )


def of_simulation(simulation_id: UUID) -> Origin | None:
    """Return the origin; None for a talk that was begun elsewhere, for example in the web frontend."""
    return db.one(
        Origin,
        """
        SELECT simulation_id, parent_id, from_line, focus_areas, assignment_id, scenario_id, scenario_version
          FROM simulation_origins
         WHERE simulation_id = %(simulation_id)s
        """,
        simulation_id=simulation_id,
    )


def tries_of(simulation_id: UUID, user_id: UUID) -> list[UUID]:
    """Return all talks of the user with the same client, this one included, oldest first."""
    rows = db.rows(
        """
        WITH RECURSIVE links AS (
            SELECT o.simulation_id, o.parent_id
              FROM simulation_origins o
              JOIN simulations s ON s.id = o.simulation_id
             WHERE s.user_id = %(user_id)s AND o.parent_id IS NOT NULL
        ), family AS (
            SELECT %(simulation_id)s::uuid AS id
             UNION
            SELECT CASE WHEN family.id = links.parent_id THEN links.simulation_id ELSE links.parent_id END
              FROM family
              JOIN links ON family.id IN (links.parent_id, links.simulation_id)
        )
        SELECT s.id
          FROM family
          JOIN simulations s ON s.id = family.id
         WHERE s.user_id = %(user_id)s
      ORDER BY s.started_at, s.id
         LIMIT %(most)s
        """,
        simulation_id=simulation_id,
        user_id=user_id,
        most=TRIES,
    )
    return [row["id"] for row in rows]
