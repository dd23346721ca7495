"""Time limits of talks. The talk's page ends a talk in time; if that page was closed, the server ends it."""

from uuid import UUID

from rplay import db
from rplay.db import engagement, time_limits
from rplay.training.scenario import Content


def seconds_left(simulation_id: UUID, scenario: Content | None) -> float | None:
    """Return the seconds left of a talk whose page is open; None if it has no limit."""
    return time_limits.start(simulation_id, scenario.minutes) if scenario and scenario.minutes else None


def end_those_over(tracks: bool) -> int:
    """End talks that are past their limit and return how many; their messages stay. With `tracks` their end is
    recorded as an event.
    """
    with db.transaction() as tx:
        ended = time_limits.end_those_over(tx)
        for one in ended if tracks else ():
            if one.user_id:
                engagement.record_once("simulation_complete", one.user_id, one.simulation_id, tx=tx)
    return len(ended)
