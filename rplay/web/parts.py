"""The parts that views work with, as `create_app` put them together."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from flask import current_app

from rplay.agents.chain import Chain
from rplay.agents.providers.azure import AzureProvider
from rplay.agents.providers.openai import OpenAIProvider
from rplay.config import Settings
from rplay.data import DataFiles
from rplay.db.sessions import SignedIn
from rplay.shared import Shared
from rplay.web.ending import Ending
from rplay.web.keys import Key
from rplay.web.limits import Limits
from rplay.web.neighbours import Neighbours
from rplay.web.probes import Probes
from rplay.web.usage import Ledger


class Speech(Protocol):
    """What is known of the speech connections."""

    places: float

    def enabled(self) -> bool: ...
    def connections(self) -> list[dict[str, Any]]: ...
    def stop(self) -> None: ...
    def hang_up(self) -> None: ...
    def look_again(self) -> None: ...


@dataclass
class Parts:
    settings: Settings
    data: DataFiles
    chain: Chain
    openai: OpenAIProvider
    azure: AzureProvider | None
    key: Key
    limits: Limits
    speech: Speech
    ledger: Ledger
    ending: Ending
    shared: Shared | None = None
    neighbours: Neighbours | None = None
    probes: Probes = field(default_factory=Probes)

    def speech_connections(self) -> list[dict[str, Any]]:
        """Of all processes that share a Redis; without one, of this one."""
        return self.neighbours.connections() if self.neighbours else self.speech.connections()


def parts() -> Parts:
    found: Parts = current_app.extensions["rplay"]
    return found


def chain_of(user: SignedIn | None) -> Chain:
    """The chain, with its calls put down to this user; None for nobody who is signed in."""
    return parts().chain.for_request(partial(parts().ledger.note, user.id if user else None))
