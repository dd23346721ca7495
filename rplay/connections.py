"""Keep-alive connections to one server, taken and given back without looking at the others."""

import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import gevent
import httpx2

# Does work with these arguments that nobody waits for; gevent.spawn is one such.
Beside = Callable[..., object]


IDLE = 60.0  # seconds an unused connection is kept
# Bytes and pieces of an answer. The longest that we leave room for takes a third of either.
LONGEST, MOST = 4 * 1024 * 1024, 50_000
PACKED = {"gzip", "x-gzip", "deflate", "compress", "br", "zstd"}
# After so many bytes or pieces others get a turn: a server that never pauses would keep the loop to itself.
TURN, PIECES = 64 * 1024, 256


class Unusable(httpx2.TransportError):
    """An answer that is not read on. Says so in our words."""


class Connections(httpx2.BaseTransport):
    """A stack of transports with one connection each.

    The pool of httpx2 walks through all its connections before and after each call and asks the system about every idle
    one. With 400 calls at once that is 14 ms of processor a call, and 2 ms this way.
    """

    def __init__(self, base_url: str, beside: Beside, longest: float = LONGEST, most: float = MOST) -> None:
        self._beside, self._longest, self._most = beside, longest, most
        self._proxy = _proxy_for(base_url)
        self._idle: deque[tuple[float, httpx2.HTTPTransport]] = deque()  # since when each is unused, oldest first
        self._tidying = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        transport = self._take()
        # Nothing is unpacked: a megabyte may have been a gigabyte.
        request.headers["accept-encoding"] = "identity"
        try:
            response = transport.handle_request(request)
            if response.headers.get("content-encoding", "").strip().lower() in PACKED:  # some name a charset there
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
        """The one used last, as its connection is the likeliest to live."""
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
        """Closes what nobody uses, also when no call comes any more: a burst left a hundred connections open."""
        while self._idle:
            left = self._idle[0][0] + IDLE - time.monotonic()
            if left > 0:
                gevent.sleep(left)
            else:
                self._idle.popleft()[1].close()
        self._tidying = False


class _Lent(httpx2.SyncByteStream):
    """A response's body; closing it gives the transport back."""

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
    """Reading all certificates takes 40 ms."""
    return httpx2.create_ssl_context()


def _proxy_for(base_url: str) -> str | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for this server."""
    url = urlsplit(base_url)
    if proxy_bypass(url.hostname or ""):
        return None
    proxies = getproxies()
    return proxies.get(url.scheme) or proxies.get("all")
