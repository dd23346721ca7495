"""The time that a scenario gives for a talk. The page of the talk ends it; who closes that is ended here."""

from uuid import UUID

from rplay import db
from rplay.db import engagement, time_limits
from rplay.training.scenario import Content


def seconds_left(simulation_id: UUID, scenario: Content | None) -> float | None:
    """Of a talk that is open on its page now; None without a limit."""
    return time_limits.start(simulation_id, scenario.minutes) if scenario and scenario.minutes else None


def end_those_over(tracks: bool) -> int:
    """How many were ended; what was said stays. `tracks` whether the end is noted among what people do."""
    with db.transaction() as tx:
        ended = time_limits.end_those_over(tx)
        for one in ended if tracks else ():
            if one.user_id:
                engagement.record_once("simulation_complete", one.user_id, one.simulation_id, tx=tx)
    return len(ended)
