"""The connection to a project in Azure AI Foundry: the SDK and the sign-in."""

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gevent
import openai
from gevent.lock import Semaphore

from rplay.agents.providers import policy
from rplay.agents.providers.policy import Fault, within
from rplay.connections import Beside, Connections
from rplay.errors import AIRefused, AIUnavailable

NO_SIGN_IN = "signing in to Azure failed: DefaultAzureCredential found no identity that works"


@dataclass(frozen=True)
class Opened:
    project: Any  # azure.ai.projects.AIProjectClient, which this module must not import at the top
    openai: openai.OpenAI


def sign_in(endpoint: str) -> Any:
    """Return the project's client, signed in with the identity of this machine."""
    from azure.ai.projects import AIProjectClient
    from azure.identity import DefaultAzureCredential

    return AIProjectClient(endpoint, DefaultAzureCredential())


class Foundry:
    """The clients of one project, opened at first use and then kept. `sign_in` makes the project's client."""

    def __init__(self, endpoint: str, sign_in: Callable[[str], Any], beside: Beside) -> None:
        self._endpoint = endpoint
        self._beside = beside
        self._sign_in = sign_in
        self._lock = Semaphore()
        self._opened: Opened | None = None

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    def open(self, until: float) -> Opened:
        if self._opened is None:
            with held(self._lock, until), within(until):
                self._opened = self._opened or self._open()
        return self._opened

    def close(self) -> None:
        if self._opened:
            self._opened.project.close()
            self._opened.openai.close()

    def _open(self) -> Opened:
        """Open the clients in a thread of the pool, because importing the SDK takes up to 2.4 s of processor.

        The SDK asks for the platform's name, for which Python runs a program. Under gevent that works only in the main
        thread; asking here first makes Python remember the name.
        """
        platform.platform()
        try:
            opened: Opened = gevent.get_hub().threadpool.apply(self._connect)
        except (ValueError, ImportError) as error:
            raise AIRefused(f"the Azure SDK could not be set up ({type(error).__name__})") from None
        return opened

    def _connect(self) -> Opened:
        project = self._sign_in(self._endpoint)
        http = openai.DefaultHttpxClient(transport=Connections(self._endpoint, self._beside))
        return Opened(project, project.get_openai_client(max_retries=0, http_client=http))


@contextmanager
def held(lock: Semaphore, until: float) -> Iterator[None]:
    """Hold the lock during the block. Raise AIUnavailable if it is not free by `until`."""
    if not lock.acquire(timeout=max(0.0, until - time.monotonic())):
        raise AIUnavailable("Azure is still being prepared")
    try:
        yield
    finally:
        lock.release()


def fault_of(error: Exception) -> Fault | None:
    """Return what an exception of one of the SDKs means; None for any other exception."""
    from azure.core import exceptions as azure

    if not isinstance(error, azure.AzureError):
        return policy.fault_of(error)
    response: Any = getattr(error, "response", None)
    if response is not None:
        return Fault.of_status(response.status_code, response.headers.get("retry-after"))
    if isinstance(error, azure.ClientAuthenticationError):
        return Fault(NO_SIGN_IN, refused=True)
    timeout = isinstance(error, azure.ServiceResponseTimeoutError)
    return Fault(f"no answer from the server ({type(error).__name__})", transient=not timeout)
