"""The life of a client, kept by the server: made with the profile, given to the simulation, told to nobody."""

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

KEPT_LIVES = 128  # lives of talks that go on, 120 kB each: to read one takes 0.2 ms of processor


def wait(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> None:
    """Keeps the life of a generated profile until a simulation is begun with it."""
    about = industry, parts().data.subcategory_of(industry, subcategory), difficulty
    client_lives.wait(facts_digest(profile, *about), _made(profile, *about).model_dump(mode="json"))


def of_profile(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> Life:
    """The life that waits for a simulation with this profile, else one made now."""
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
    """That of the caller's own simulation; of another difficulty, or without one, the profile's."""
    kept = client_lives.of_simulation(simulation, user_id) if simulation and user_id else None
    life = _read(kept) if kept else None
    if life and life.difficulty == difficulty:
        return life
    return _made(profile, industry, subcategory, difficulty)


def _made(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> Life:
    """At once where it is remembered, else by a thread, so that others are served meanwhile."""
    about = profile, industry, subcategory, difficulty
    return remembered(*about) or _thread(gevent.get_hub()).apply(life_of, about)


@lru_cache(maxsize=1)
def _thread(hub: object) -> ThreadPool:
    """One, so that what many wait for at once is made once."""
    return ThreadPool(1, hub)


@lru_cache(maxsize=KEPT_LIVES)
def _read(kept: str) -> Life | None:
    """None when it is one of a version that is no longer understood."""
    try:
        life = Life.model_validate_json(kept)
    except ValidationError:
        return None
    return life if life.version == VERSION else None
