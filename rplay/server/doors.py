"""How many connections one address may have open to this process, counted before anything of them is read.

What comes on them does not matter: half a head, a body that does not come, a websocket that says nothing.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rplay.config import Network, Settings
from rplay.web.addresses import counted, inside, normalised


class Doors:
    """`most` is None where addresses are not counted."""

    def __init__(self, most: int | None, trusted: list[Network]) -> None:
        self._most, self._trusted = most, trusted
        self._open: Counter[str] = Counter()

    @contextmanager
    def through(self, peer: object) -> Iterator[bool]:
        """Goes around a connection from this socket address; whether it may be served."""
        address = self._address(peer)
        if self._most is None or address is None:
            yield True
            return
        self._open[address] += 1
        try:
            yield self._open[address] <= self._most
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    def _address(self, peer: object) -> str | None:
        """What the connection counts for; None for a proxy of ours, which many are behind, and a Unix socket."""
        if not isinstance(peer, tuple):
            return None
        address = normalised(peer[0])
        return None if inside(address, self._trusted) else counted(address)


def doors_for(settings: Settings) -> Doors:
    trusted = settings.trusted_proxies
    # Where proxies are only known by their number any peer may be one.
    off = not settings.rate_limit_enabled or (isinstance(trusted, int) and trusted > 0)
    return Doors(None if off else settings.connections_per_address, [] if isinstance(trusted, int) else trusted)
