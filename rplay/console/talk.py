"""The page on which a learner talks with a client. Its script uses the API like any other client."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from rplay.console.new_talk import own
from rplay.console.rendering import page as rendered
from rplay.console.words import gettext
from rplay.db import scenarios as stored_scenarios
from rplay.db import simulations
from rplay.db.sessions import SignedIn
from rplay.training import assigning, scenarios, time_limits
from rplay.training.scenario import stored
from rplay.web.auth import signed_in
from rplay.web.body import with_id
from rplay.web.fields.training import difficulty_of
from rplay.web.parts import parts

bp = Blueprint("talk", __name__, url_prefix="/talks")


@bp.get("/<simulation_id>")
@signed_in
@with_id("simulation")
def page(user: SignedIn, simulation_id: UUID) -> Response:
    talk = own(user, simulation_id)
    profile = talk.client_profile if isinstance(talk.client_profile, Mapping) else {}
    turns = [turn for turn in simulations.history(talk.id) if isinstance(turn, dict)]
    kept = stored_scenarios.of_simulation(talk.id)
    scenario = stored(kept.content) if kept else None
    left = None if talk.completed_at else time_limits.seconds_left(talk.id, scenario)
    name = str(profile.get("name") or gettext("The client"))
    return rendered(
        "talk.html",
        user,
        talk=talk,
        name=name,
        occupation=_work_if_known(talk, profile),
        turns=[turn for turn in turns if turn.get("role") in ("user", "assistant")],
        scenario=scenario,
        shows_points=scenario is not None and scenarios.shows_points_to(user, scenario),
        mine=assigning.begun_with(user, talk.id) if scenario else None,
        assisted=any(turn.get("coach") for turn in turns),
        page=json.dumps(_for_script(talk, turns, name, left)),
    )


def _work_if_known(talk: simulations.Simulation, profile: Mapping[str, Any]) -> str:
    """Return the client's occupation if the difficulty allows the advisor to know it, else ""."""
    level = parts().data.difficulty_setting(talk.industry, difficulty_of(talk.difficulty) or "beginner")
    visible = level.get("visibleDetails", {}).get("occupation")
    return str(profile.get("occupation") or "") if visible else ""


def _listens() -> bool:
    recogniser = parts().recogniser
    return recogniser is not None and recogniser.configured()


def _for_script(
    talk: simulations.Simulation, turns: list[dict[str, Any]], name: str, left: float | None
) -> dict[str, Any]:
    """Return the initial data of the page's script. The profile is not included: the server finds it by the
    simulation.
    """
    return {
        "id": str(talk.id),
        "name": name,
        "settings": {
            "industry": talk.industry,
            "subcategory": talk.subcategory,
            "difficulty": talk.difficulty,
            "simulationId": talk.simulation_id,
        },
        "turns": turns,
        "secondsLeft": left,
        "over": talk.completed_at is not None,
        "speaks": parts().speech.enabled(),
        "listens": _listens(),
        "signIn": url_for("console.sign_in.page", next=url_for("console.talk.page", simulation_id=talk.id)),
        "words": {
            "you": gettext("You"),
            "coach": gettext("Coach"),
            "saving": gettext("Saving …"),
            "saved": gettext("Saved"),
            "kept": gettext("Not saved yet: kept in this browser"),
            "offline": gettext("Offline: kept in this browser, sent when the network is back"),
            "thinks": gettext("%(name)s is thinking …", name=name),
            "failed": gettext("No answer came."),
            "again": gettext("Ask again"),
            "expired": gettext("You are signed out. What you wrote is kept in this browser."),
            "signIn": gettext("Sign in and go on"),
            "elsewhere": gettext("This talk is being answered in another window."),
            "other": gettext("This talk went on in another browser. Your last line from here stands below."),
            "ended": gettext("%(name)s has ended the talk.", name=name),
            "soundOn": gettext("Sound is on"),
            "soundOff": gettext("Sound is off"),
            "hold": gettext("Hold to speak"),
            "listening": gettext("Listening … let go to say it"),
            "free": gettext("Hands-free"),
            "freeOn": gettext("Hands-free: just talk"),
            "noMicrophone": gettext("There is no microphone, or this page may not use it."),
            "nothingHeard": gettext("Nothing was heard. Is the right microphone on?"),
            "timeLeft": gettext("%(time)s left"),
            "timeSoon": gettext("%(minutes)s minutes are left in this talk."),
            "timeLast": gettext("One minute is left in this talk."),
            "timeUp": gettext("The time is over, and %(name)s has to go. What was said is kept.", name=name),
            "unsaid": gettext("Not said any more:"),
            "endedByYou": gettext("You have taken leave of each other."),
        },
    }
