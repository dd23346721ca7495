"""gunicorn's settings: `gunicorn -c python:rplay.server.gunicorn_config wsgi:app`.

The master process reads this before gevent patches a worker, so the hooks import late.
"""

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from rplay.server import given, is_production, said_in_a_sentence
from rplay.server.gunicorn_lines import InDevelopment, InProduction

# Use the wsgi module beside this package, even if the working directory has another one.
sys.path.insert(0, str(Path(__file__).parents[2]))

with said_in_a_sentence():
    _given = given()
_host = _given.get("HOST") or "127.0.0.1"
bind = f"{f'[{_host}]' if ':' in _host else _host}:{_given.get('PORT') or 3001}"

wsgi_app = "wsgi:app"
worker_class = "rplay.server.gunicorn_worker.Worker"
worker_connections = 1000
timeout = 60  # seconds a worker's event loop may be stuck before the master replaces it
# seconds until a worker is killed; running work is cut off after 25, see rplay/runtime/shutdown.py
graceful_timeout = 28
keepalive = 5  # seconds that a connection may be idle
limit_request_line = 8190
control_socket_disable = True
logger_class = InProduction if is_production(_given) else InDevelopment
errorlog = "-"  # there is no access log, as rplay logs a line for every request itself
UNREAD = 30  # seconds during which a client may read nothing of its response


def _end_unread(server: Any) -> None:
    """Let the kernel end connections whose client reads nothing, as writing to them would wait forever.

    Accepted sockets inherit this option from the listening ones.
    """
    for listener in server.LISTENERS:
        if listener.sock.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):  # macOS lacks this option
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD * 1000)


def _read_anew_at_a_reload() -> None:
    """Remove this module so that gunicorn really imports it again at SIGHUP, which reads `.env` anew."""
    sys.modules.pop(__name__, None)


def when_ready(server: Any) -> None:
    _end_unread(server)


def on_reload(server: Any) -> None:
    # Gunicorn opens new listeners if HOST or PORT changed, and those lack the option.
    _end_unread(server)
    _read_anew_at_a_reload()


def on_starting(server: Any) -> None:  # noqa: ARG001
    _read_anew_at_a_reload()
    # Workers write their metrics to files in this folder, so that each can report the sum:
    # docs/decisions/0006-metrics-of-several-workers.md
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="rplay-metrics-")


def post_worker_init(worker: Any) -> None:
    from flask import Flask

    if isinstance(worker.wsgi, Flask):  # with --reload it may be a page that shows a syntax error
        from rplay.server import said_in_a_sentence
        from rplay.server.worker import begin

        with said_in_a_sentence():
            begin(worker.wsgi, worker)


def worker_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    if worker.booted:
        from flask import Flask

        if isinstance(worker.wsgi, Flask):
            from rplay.server.worker import end

            end(worker.wsgi)
        sys.stderr.flush()
        # A native thread may still load or use the local voice; a normal exit would crash the process.
        os._exit(0)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # its gauges; its counters stay in the sum


def on_exit(server: Any) -> None:  # noqa: ARG001
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
