"""Whether this process can serve requests and what prevents it, for load balancers and admins."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rplay.agents.breaker import STATES, State
from rplay.agents.types import Purpose
from rplay.errors import DataFileError
from rplay.web.parts import parts


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state of this process. `checks` are the results that probes see; `breakers` are circuit breakers by provider
    and purpose.
    """

    ready: bool
    checks: dict[str, Any]
    breakers: dict[str, dict[Purpose, State]]


def looked_at() -> Readiness:
    checks = {**parts().probes.database(), "data": _data_files()}
    breakers = parts().chain.states()
    told = {**checks, **_redis(), "providers": {name: _worst(states.values()) for name, states in breakers.items()}}
    return Readiness(all(check == "ok" for check in checks.values()), told, breakers)


def _worst(states: Iterable[State]) -> State:
    """Return the worst state among a provider's circuit breakers, of which there is one per purpose."""
    return max(states, key=STATES.index)


def _redis() -> dict[str, str]:
    """Return the state of Redis. It does not affect readiness, as the server works without Redis."""
    shared = parts().shared
    return {"redis": shared.state} if shared else {}


def _data_files() -> str:
    try:
        parts().data.industry_metadata()
    except DataFileError:
        return "unreadable"
    return "ok"
