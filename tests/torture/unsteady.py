"""Fakes of AI servers that can go away and come back."""

import threading
from contextlib import suppress
from typing import Any

from tests.fakes.foundry import FakeFoundry
from tests.fakes.openai_server import FakeOpenAI


class Unsteady:
    """`refuse` closes the port, with every connection; `accept` opens the same one again."""

    _server: Any

    def refuse(self) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        with suppress(OSError):
            self.close_idle()  # type: ignore[attr-defined]

    def accept(self) -> None:
        old = self._server
        self._server = type(old)(old.server_address, old.RequestHandlerClass)
        self._server.fake = self
        serve = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serve.start()
        self._thread = serve


class UnsteadyOpenAI(Unsteady, FakeOpenAI):
    pass


class UnsteadyFoundry(Unsteady, FakeFoundry):
    pass
