"""The clients' lives, which the server keeps: created with the profile, attached to the simulation, and sent to no
browser.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import gevent
from gevent.threadpool import ThreadPool
from pydantic import ValidationError

from rplay.agents.persona.life import VERSION, Life
from rplay.agents.persona.make import facts_digest, life_of, remembered
from rplay.agents.types import Difficulty
from rplay.db import client_lives
from rplay.web.parts import parts

KEPT_LIVES = 128  # lives kept in memory for current talks, 120 kB each; parsing one takes 0.2 ms of CPU


def wait(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> None:
    """Keep the life of a generated profile until a simulation is created with it."""
    about = industry, parts().data.subcategory_of(industry, subcategory), difficulty
    client_lives.wait(facts_digest(profile, *about), _made(profile, *about).model_dump(mode="json"))


def of_profile(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> Life:
    """Return the life kept for a simulation with this profile, or else a new one."""
    about = industry, parts().data.subcategory_of(industry, subcategory), difficulty
    waiting = client_lives.waiting(facts_digest(profile, *about))
    return (_read(waiting) if waiting else None) or _made(profile, *about)


def of_talk(
    simulation: str | None,
    user_id: UUID | None,
    profile: Mapping[str, Any],
    industry: str,
    subcategory: str | None,
    difficulty: Difficulty,
) -> Life:
    """Return the life of the caller's own simulation. If there is none, or if it has another difficulty, create one
    from the profile.
    """
    kept = client_lives.of_simulation(simulation, user_id) if simulation and user_id else None
    life = _read(kept) if kept else None
    if life and life.difficulty == difficulty:
        return life
    return _made(profile, industry, subcategory, difficulty)


def _made(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> Life:
    """Create a life: at once if it is cached, else in a thread, so that other requests are served meanwhile."""
    about = profile, industry, subcategory, difficulty
    return remembered(*about) or _thread(gevent.get_hub()).apply(life_of, about)


@lru_cache(maxsize=1)
def _thread(hub: object) -> ThreadPool:
    """Return a pool with a single thread, so that a life that several requests need at once is created only once."""
    return ThreadPool(1, hub)


@lru_cache(maxsize=KEPT_LIVES)
def _read(kept: str) -> Life | None:
    """Parse a stored life. Return None if an incompatible version wrote it."""
    try:
        life = Life.model_validate_json(kept)
    except ValidationError:
        return None
    return life if life.version == VERSION else None
