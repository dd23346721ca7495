"""A pool of keep-alive connections to one server, used as a stack."""

import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import gevent
import httpx2

# Runs a function with these arguments in the background, for example gevent.spawn.
Beside = Callable[..., object]


IDLE = 60.0  # seconds an unused connection is kept open
# Maximum bytes and pieces of a response. The longest legitimate response takes a third of either.
LONGEST, MOST = 4 * 1024 * 1024, 50_000
PACKED = {"gzip", "x-gzip", "deflate", "compress", "br", "zstd"}
# Bytes or pieces after which other greenlets get a turn: otherwise a server that never pauses would occupy the event
# loop.
TURN, PIECES = 64 * 1024, 256


class Unusable(httpx2.TransportError):
    """A response that is not read further. The text says why."""


class Connections(httpx2.BaseTransport):
    """A stack of transports with one connection each.

    The pool of httpx2 goes through all its connections before and after each call and asks the system about every idle
    one. With 400 simultaneous calls that takes 14 ms of CPU per call, and 2 ms this way.
    """

    def __init__(self, base_url: str, beside: Beside, longest: float = LONGEST, most: float = MOST) -> None:
        self._beside, self._longest, self._most = beside, longest, most
        self._proxy = _proxy_for(base_url)
        # the time since which each is unused, oldest first
        self._idle: deque[tuple[float, httpx2.HTTPTransport]] = deque()
        self._tidying = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        transport = self._take()
        # Refuse compression: a megabyte could expand to a gigabyte.
        request.headers["accept-encoding"] = "identity"
        try:
            response = transport.handle_request(request)
            # some servers put a charset into this header
            if response.headers.get("content-encoding", "").strip().lower() in PACKED:
                raise Unusable("the server's answer is compressed, which it was asked not to do")
        except BaseException:
            transport.close()
            raise
        response.stream = _Lent(response.stream, lambda: self._give_back(transport), self._longest, self._most)
        return response

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()

    def _take(self) -> httpx2.HTTPTransport:
        """Return the transport used last, as its connection is most likely still open."""
        if self._idle:
            return self._idle.pop()[1]
        limits = httpx2.Limits(max_connections=1, keepalive_expiry=IDLE)
        return httpx2.HTTPTransport(verify=_tls(), limits=limits, proxy=self._proxy)

    def _give_back(self, transport: httpx2.HTTPTransport) -> None:
        self._idle.append((time.monotonic(), transport))
        if not self._tidying:
            self._tidying = True
            self._beside(self._tidy)

    def _tidy(self) -> None:
        """Close unused connections, even if no further calls are made: after a burst a hundred connections stayed
        open.
        """
        while self._idle:
            left = self._idle[0][0] + IDLE - time.monotonic()
            if left > 0:
                gevent.sleep(left)
            else:
                self._idle.popleft()[1].close()
        self._tidying = False


class _Lent(httpx2.SyncByteStream):
    """The body of a response. Closing it gives the transport back."""

    def __init__(self, body: object, give_back: Callable[[], None], longest: float, most: float) -> None:
        assert isinstance(body, httpx2.SyncByteStream)
        self._body, self._longest, self._most = body, longest, most
        self._give_back: Callable[[], None] | None = give_back

    def __iter__(self) -> Iterator[bytes]:
        read = turn = 0
        for number, piece in enumerate(self._body, start=1):
            read += len(piece)
            if read > self._longest or number > self._most:
                raise Unusable("the server's answer does not end")
            if read - turn >= TURN or number % PIECES == 0:
                turn = read
                gevent.sleep(0)
            yield piece

    def close(self) -> None:
        self._body.close()
        if self._give_back:
            self._give_back()
            self._give_back = None


@cache
def _tls() -> ssl.SSLContext:
    """Cached, as reading all certificates takes 40 ms."""
    return httpx2.create_ssl_context()


def _proxy_for(base_url: str) -> str | None:
    """Return the proxy for this server according to HTTPS_PROXY, HTTP_PROXY and NO_PROXY."""
    url = urlsplit(base_url)
    if proxy_bypass(url.hostname or ""):
        return None
    proxies = getproxies()
    return proxies.get(url.scheme) or proxies.get("all")
