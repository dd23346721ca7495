"""The components that views use, as `create_app` assembled them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import current_app

if TYPE_CHECKING:  # most of these modules import this one
    from rplay.agents.chain import Chain
    from rplay.agents.providers.azure import AzureProvider
    from rplay.agents.providers.openai import OpenAIProvider
    from rplay.config import Settings
    from rplay.data import DataFiles
    from rplay.db.sessions import SignedIn
    from rplay.mail.outbox import Outbox
    from rplay.runtime.ai_usage import Ledger
    from rplay.runtime.openai_key import Key
    from rplay.runtime.redis import Shared
    from rplay.runtime.shutdown import Shutdown
    from rplay.stt.recogniser import Recogniser
    from rplay.web.limits import Limits
    from rplay.web.probes import Probes
    from rplay.web.socket.other_processes import OtherProcesses
    from rplay.web.socket.server import SpeechSocket


@dataclass(frozen=True)
class Parts:
    settings: Settings
    data: DataFiles
    chain: Chain
    openai: OpenAIProvider
    azure: AzureProvider | None
    key: Key
    limits: Limits
    speech: SpeechSocket
    recogniser: Recogniser | None
    ledger: Ledger
    outbox: Outbox
    shutdown: Shutdown
    shared: Shared | None
    other_processes: OtherProcesses | None
    probes: Probes

    def speech_connections(self) -> list[dict[str, Any]]:
        """Return the speech connections of this process and, with Redis, of all other processes."""
        return self.speech.connections() + (self.other_processes.theirs() if self.other_processes else [])


def parts() -> Parts:
    found: Parts = current_app.extensions["rplay"]
    return found


def chain_of(user: SignedIn | None) -> Chain:
    """Return the provider chain, with its calls recorded for this user. None stands for a caller who is not
    signed in.
    """
    return parts().chain.for_request(partial(parts().ledger.note, user.id if user else None))
