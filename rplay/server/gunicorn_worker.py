"""A gevent worker for gunicorn that shuts down so that a proxy notices at once and no request is lost.

The master imports this before gevent has patched anything.
"""

import select
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import SimpleNamespace
from typing import Any

import gevent
from gevent.local import local
from gevent.monkey import get_original
from gevent.pool import Pool
from gevent.server import StreamServer
from gevent.socket import socket
from gunicorn.sock import ssl_context
from gunicorn.workers.ggevent import GeventWorker

LOOK_SECONDS = 0.05  # seconds until the next check whether to stop
# seconds between two signs of life to the master, and for which a stopping worker waits for one more request on a
# connection
PULSE = 1.0


# gevent's close waits for its loop, 40 ms under load, and more connections arrive meanwhile
_close = get_original("os", "close")


class Listener(StreamServer):  # type: ignore[misc]
    """A listener that accepts every waiting connection at the moment it closes.

    The kernel resets connections that nobody accepted, although a request may be on its way. A proxy may not repeat a
    POST or PATCH: under full load two or three of them were lost at each restart.
    """

    def close(self) -> None:
        if not self.closed:
            self.stop_accepting()
            while (waiting := self.do_read()) is not None:
                self.do_handle(*waiting)
            for waiting in _last_of(self.socket):
                self.do_handle(*waiting)
        super().close()


def _last_of(listening: socket) -> list[tuple[socket, Any]]:
    """Close the listening socket and return the connections that had arrived until then.

    Nothing happens between the last accept and the close, as connections that arrive in between are reset. When the
    server's own way of accepting was in between, 1 of 480 clients was reset at a busy restart.
    """
    accept, descriptor, taken = listening._accept, listening.fileno(), []
    try:
        while True:
            taken.append(accept())
    except OSError:
        _close(descriptor)
    listening.detach()
    return [(socket(listening.family, listening.type, listening.proto, fileno=one), peer) for one, peer in taken]


class Worker(GeventWorker):  # type: ignore[misc]
    """gunicorn's gevent worker with a lossless shutdown.

    At SIGTERM gunicorn's own worker continues to accept for up to a second, drops connections that wait to be accepted,
    and keeps every idle connection for `keepalive` seconds.

    `when_ending` is called once as soon as the shutdown begins, `when_cut` once when running work has had its time.
    `through` wraps every connection and yields whether it may be served; `turn_away` answers connections that may not.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.when_ending: Callable[[], None] = lambda: None
        self.when_cut: Callable[[], None] = lambda: None
        self.through: Callable[[object], AbstractContextManager[bool]] = lambda _: nullcontext(True)
        self.turn_away: Callable[[Any], None] = lambda _: None
        self.grace = float(self.cfg.graceful_timeout)
        self._idle: dict[_Waiting, Any] = {}

    def run(self) -> None:
        servers = [self.listener(one) for one in self.sockets]
        for server in servers:
            server.start()
        self._wait_while(lambda: self.alive)
        self.when_ending()
        for server in servers:
            server.close()
        self._close_idle()
        until = time.monotonic() + self.grace
        self._wait_while(lambda: any(map(_busy, servers)) and time.monotonic() < until)
        self.when_cut()
        until = time.monotonic() + self.cfg.graceful_timeout - self.grace - PULSE
        self._wait_while(lambda: any(map(_busy, servers)) and time.monotonic() < until)
        for server in servers:
            if _busy(server):
                self.log.warning("Worker %s ends with %s connections open", self.pid, len(server.pool))
            server.stop(timeout=0)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        self._here.client, self._here.waited = client, False
        with self.through(addr) as served:
            if served:
                super().handle(listener, client, addr)
                return
        with client:
            self.turn_away(client)

    def timeout_ctx(self) -> "_Waiting":
        """Return the timeout for waiting for a request. A connection that waits for its first request does not
        count as idle.
        """
        again, self._here.waited = self._here.waited, True
        patience = self.cfg.keepalive if self.alive else min(self.cfg.keepalive, PULSE)
        return _Waiting(patience, self._idle if again else {}, self._here.client)

    def listener(self, listening: Any) -> Listener:
        """Create the listener for a socket like gunicorn's own `run`, but as a `Listener` of this module."""
        listening.setblocking(1)
        # gunicorn asks the listening socket for its name at each connection. For the last connections the socket is
        # already closed, and they would be dropped.
        name = listening.getsockname()
        named = SimpleNamespace(getsockname=lambda: name)
        options = {"ssl_context": ssl_context(self.cfg)} if self.cfg.is_ssl else {}
        pool = Pool(self.worker_connections)
        listener = Listener(listening, handle=partial(self.handle, named), spawn=pool, **options)
        if self.cfg.workers > 1:
            listener.max_accept = 1
        return listener

    def _wait_while(self, condition: Callable[[], bool]) -> None:
        pulse = 0.0
        while condition():
            if time.monotonic() >= pulse:
                self.notify()
                pulse = time.monotonic() + PULSE
            gevent.sleep(LOOK_SECONDS)

    def _close_idle(self) -> None:
        """Close connections on which nothing has arrived. A connection that has just sent a request is still
        answered.
        """
        for waiting, client in list(self._idle.items()):
            if client.fileno() >= 0 and not _has_come(client.fileno()):
                waiting.end()

    def init_process(self) -> None:
        self._here = local()
        super().init_process()


class _Waiting(gevent.Timeout):  # type: ignore[misc]
    """A timeout that ends silently and can be made to end early."""

    def __init__(self, seconds: float, idle: dict["_Waiting", Any], client: Any) -> None:
        super().__init__(seconds, False)
        self._idle, self._client = idle, client

    def __enter__(self) -> "_Waiting":
        self._waiter = gevent.getcurrent()
        self._idle[self] = self._client
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        self._idle.pop(self, None)
        return super().__exit__(*error)

    def end(self) -> None:
        gevent.kill(self._waiter, self)


def _has_come(descriptor: int) -> bool:
    """Return True if there is something to read. gevent's own functions would switch to other greenlets, and close
    the descriptor.
    """
    poll = get_original("select", "poll")()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _busy(server: StreamServer) -> bool:
    return len(server.pool) > 0
