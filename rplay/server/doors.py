"""Limits the open connections per address in this process, before anything is read from them.

They count whatever they send: half a request head, a body that never arrives, a silent websocket.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rplay.config import Network, Settings
from rplay.web.addresses import counted, inside, normalised


class Doors:
    """Counts open connections by address. `most` is the limit per address, None for no limit."""

    def __init__(self, most: int | None, trusted: list[Network]) -> None:
        self._most, self._trusted = most, trusted
        self._open: Counter[str] = Counter()

    @contextmanager
    def through(self, peer: object) -> Iterator[bool]:
        """Count a connection from this socket address while the block runs. Yield True if it may be served."""
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
        """Return the key under which the connection counts; None for a trusted proxy, which serves many clients,
        and for a Unix socket.
        """
        if not isinstance(peer, tuple):
            return None
        address = normalised(peer[0])
        return None if inside(address, self._trusted) else counted(address)


def doors_for(settings: Settings) -> Doors:
    trusted = settings.trusted_proxies
    # If only the number of trusted proxies is known, any peer may be one of them.
    off = not settings.rate_limit_enabled or (isinstance(trusted, int) and trusted > 0)
    return Doors(None if off else settings.connections_per_address, [] if isinstance(trusted, int) else trusted)
