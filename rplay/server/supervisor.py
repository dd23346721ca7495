"""gunicorn as a child process: its socket, start and end."""

import errno
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from rplay.errors import StartError
from rplay.server import LIFELINE
from rplay.server.signals import kill_group

CONFIG = "python:rplay.server.gunicorn_config"
SETTLING = 2.0  # seconds a port may stay in use after its server was killed


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Yield the listening socket. It is opened before anything else starts, so that a port in use has no side
    effects.
    """
    deadline = time.monotonic() + SETTLING
    while True:
        try:
            listener = _server(host, port)
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = str(error.strerror).partition(" (while")[0]
                raise StartError(f"Cannot listen on {host} port {port}: {reason}.") from None
            if time.monotonic() > deadline:
                raise StartError(
                    f"Port {port} is in use: stop the program that uses it, or choose another with --port or PORT."
                ) from None
        time.sleep(0.1)
    with listener:
        yield listener


def url_of(listener: socket.socket) -> str:
    """Return the URL at which this machine reaches the socket."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def gunicorn(
    listener: socket.socket, env: Mapping[str, str], *, workers: int, reload: bool
) -> Iterator[subprocess.Popen[bytes]]:
    """Run gunicorn on this socket; nothing of it remains after the block.

    gunicorn leads its own session, so that Ctrl-C does not reach it: the workers would end without a grace period. It
    ends when our end of the lifeline closes, so that it does not outlive this process if that is killed.
    """
    theirs, ours = os.pipe()
    descriptors = (listener.fileno(), theirs)
    command = [sys.executable, "-m", "gunicorn", "--config", CONFIG, "--bind", f"fd://{listener.fileno()}"]
    command += ["--workers", str(workers), "--log-level", "warning", *["--reload"] * reload]
    child = subprocess.Popen(  # noqa: S603
        command,
        env={**env, LIFELINE: str(theirs)},
        pass_fds=descriptors,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        os.close(theirs)
        # otherwise this socket would accept clients after gunicorn has gone, and they would wait for a response
        listener.close()
        yield child
    finally:
        kill_group(child)
        child.wait()
        os.close(ours)


def providers(child: subprocess.Popen[bytes], url: str) -> list[str] | None:
    """Wait until the server answers and return the AI providers it can use; None if the server ended before."""
    while child.poll() is None:
        with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)) as connection:
            try:
                connection.request("GET", "/api/health/ready")
                return list(json.load(connection.getresponse())["checks"]["providers"])
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
    return None


def _server(host: str, port: int) -> socket.socket:
    """Create the socket as gunicorn does: `::` accepts IPv4 too."""
    ipv6 = ":" in host
    family = socket.AF_INET6 if ipv6 else socket.AF_INET
    both = ipv6 and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=both)
