"""Logs that a client ended the talk, as one entry in the engagement log."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any
from uuid import UUID

from rplay.agents.client import Event
from rplay.db import engagement_log, simulations
from rplay.db.sessions import SignedIn
from rplay.web.body import uuid_of
from rplay.web.fields.training import Talk
from rplay.web.parts import parts

_NAME_CHARACTERS = 200  # characters of the name of a session or talk


def log_end(user: SignedIn | None, talk: Talk, ended: Mapping[str, str] | None) -> None:
    """Log `client_ended` if the client ended the talk. Nothing is logged if neither session nor talk is named."""
    _log(*_whose(user, talk), ended)


def logging_end(user: SignedIn | None, talk: Talk, events: Generator[Event]) -> Iterator[Event]:
    """Pass on the events of a streamed talk, and log `client_ended` if the client ended it."""
    return _passing_on(_whose(user, talk), events)


def _passing_on(whose: tuple[UUID | None, str | None, str | None], events: Generator[Event]) -> Iterator[Event]:
    with closing(events):
        for event in events:
            if event.type == "complete":
                _log(*whose, event.data.get("ended"))
            yield event


def _whose(user: SignedIn | None, talk: Talk) -> tuple[UUID | None, str | None, str | None]:
    """Return user, session and talk for the log entry; all None if tracking is disabled."""
    if not parts().settings.enable_engagement_tracking:
        return None, None, None
    return user.id if user else None, talk.session_id, talk.simulation_settings.simulation_id


def _log(user_id: UUID | None, session: str | None, simulation: str | None, ended: Mapping[str, Any] | None) -> None:
    if not ended or ended["by"] != "client" or not (session or simulation):
        return
    named = _named(simulation[:_NAME_CHARACTERS]) if simulation else None
    engagement_log.add(
        "client_ended", session[:_NAME_CHARACTERS] if session else named or "", named, user_id, dict(ended), None
    )


def _named(simulation: str) -> str:
    """Return the `SIM-…` text of a talk named by its id. Any other name is returned unchanged."""
    talk = simulations.find(simulation, uuid_of(simulation))
    return talk.simulation_id if talk else simulation
