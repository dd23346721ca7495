"""What a gunicorn worker does besides serving. Import this only in the worker, after gevent has patched."""

import gc
import os
import signal
import socket
import uuid
from collections.abc import Sequence
from contextlib import suppress
from ctypes import CDLL
from functools import partial
from typing import Any

import gevent
import gunicorn.util
import structlog
from flask import Flask
from gevent.socket import wait_read
from gunicorn.http.parser import Parser

from rplay import background, db
from rplay.config import Settings
from rplay.errors import DatabaseError, SharedAway, StartError
from rplay.runtime import shutdown
from rplay.runtime.data_store import InDatabase
from rplay.runtime.metrics import REFUSALS
from rplay.server import LIFELINE, clock, database, demo, exposure, gauges, housekeeping
from rplay.server.doors import doors_for
from rplay.server.doubts import doubts
from rplay.server.exposure import LEGACY_ON
from rplay.web.answers import failed
from rplay.web.failures import TEXTS
from rplay.web.limits import TOO_MANY_CONNECTIONS
from rplay.web.parts import Parts

log = structlog.get_logger()

_gunicorns_finish_body = Parser.finish_body

M_MMAP_THRESHOLD = -3  # from malloc.h
LARGE_BYTES = 1024 * 1024

STEP_BYTES = 262_144  # bytes of an unread body that are read at once
UNREAD = 32 * 1024 * 1024  # bytes of an unread body after which the connection is closed instead
MEETING = 1.0  # seconds between two exchanges with the other processes


def _give_large_blocks_back() -> None:
    """Make the C library map large blocks one by one, so that their memory is returned to the system.

    By default it keeps them on its heap after a few: 50 responses of 5 MB that nobody read left a worker of 182 MiB at
    385.
    """
    if mallopt := getattr(CDLL(None), "mallopt", None):  # only glibc has this function
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def open_pool(settings: Settings) -> None:
    url = database.given(settings)
    if url is None:
        raise StartError("DATABASE_URL is not set. Set it, or use `rplay serve`, which brings a database along.")
    db.connect(
        url,
        size=settings.db_pool_max,
        prepare=settings.db_prepare,
        statement_timeout=settings.db_statement_timeout,
    )


def begin(app: Flask, worker: Any) -> None:
    """Start background work before the first request. `worker` is gunicorn's."""
    parts = app.extensions["rplay"]
    _give_large_blocks_back()
    gunicorn.util.write_error = _refuse
    Parser.finish_body = _finish_body
    open_pool(parts.settings)
    if parts.azure:
        background.run("azure_agents", parts.azure.initialize)
    if parts.settings.openai_base_url and "openai" in (parts.settings.ai_providers or ["openai"]):
        background.run("model", parts.openai.keep_awake, endless=True)
    background.run("ai_usage", parts.ledger.run, endless=True)
    if parts.settings.email_host:
        background.run("mail_outbox", parts.outbox.run, endless=True)
    if isinstance(parts.data.store, InDatabase):
        background.run("data_files", parts.data.store.watch, database.given(parts.settings), endless=True)
    background.run("gauges", gauges.run, parts, endless=True)
    background.run("housekeeping", housekeeping.run, parts.settings.audit_log_days, endless=True)
    background.run("clock", clock.run, parts, endless=True)
    if parts.shared:
        background.run("other_processes", _keep_in_touch, parts, endless=True)
    background.run("listeners", _look_at_listeners, parts, endless=True)
    worker.through = doors_for(parts.settings).through
    worker.turn_away = _turn_away
    parts.speech.places = worker.worker_connections * 4 // 5  # the rest is reserved for connections other than speech
    worker.grace = shutdown.GRACE_SECONDS
    worker.when_ending = partial(_end_begins, parts)
    worker.when_cut = parts.shutdown.cut_off
    if worker.age == 1 and LIFELINE not in os.environ:  # `rplay serve` prints these warnings itself
        background.run("warnings", _warn, parts.settings, worker.sockets)
    if LIFELINE in os.environ:
        background.run("supervisor", _end_without_supervisor, worker, int(os.environ[LIFELINE]))
    _collect_less()


def _warn(settings: Settings, listeners: Sequence[Any]) -> None:
    """Log once per start which settings leave something open that may not be intended."""
    if settings.legacy_frontend:
        log.warning("legacy_frontend_is_on", reason=" ".join(LEGACY_ON))
    for doubt in doubts(settings):
        log.warning("setting_in_doubt", reason=doubt)
    hosts = [one.getsockname()[0] for one in listeners if one.family in (socket.AF_INET, socket.AF_INET6)]
    for host in filter(exposure.is_reachable, hosts):
        try:
            demo_accounts = demo.with_published_passwords()
        except DatabaseError as error:
            log.warning("demo_accounts_not_looked_for", reason=str(error))
            demo_accounts = []
        for danger in exposure.dangers(settings, host, demo_accounts):
            log.error("danger", reason=danger)


def _refuse(client: socket.socket, status: int, reason: str, _: str) -> None:
    """Answer what is not valid HTTP, as it never reaches the application: gunicorn would answer in HTML, with its
    parser's message.
    """
    body = failed(status, TEXTS.get(status, reason)).get_data()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nX-Request-ID: {uuid.uuid4()}\r\n\r\n"
    )
    gunicorn.util.write_nonblock(client, head.encode() + body)


class _InLargeSteps:
    """A body whose rest is read in large steps and discarded.

    gunicorn reads 1 KiB at a time and copies its read-ahead buffer each time: 0.5 s of CPU for 10 MiB that were
    refused.
    """

    def __init__(self, body: Any) -> None:
        self._body = body

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    def read(self, _: int) -> bytes:
        gevent.sleep(0)
        piece: bytes = self._body.read(STEP_BYTES)
        return piece


def _finish_body(parser: Parser, deadline: float | None = None, max_bytes: int | None = UNREAD) -> bool:
    """Read the rest of an unread body. Return True if the connection can be used for the next request."""
    message = parser.mesg
    if message and not isinstance(message.body, _InLargeSteps):
        message.body = _InLargeSteps(message.body)
    return bool(_gunicorns_finish_body(parser, deadline, max_bytes))


def _turn_away(client: socket.socket) -> None:
    REFUSALS.labels("connections").inc()
    with suppress(OSError):  # the client may have disconnected
        _refuse(client, 429, TOO_MANY_CONNECTIONS, "")


def _look_at_listeners(parts: Parts) -> None:
    """End speech connections of deleted accounts, whichever process deleted them."""
    while True:
        try:
            parts.speech.look_again()
        except DatabaseError as error:
            log.warning("listeners_not_looked_at", reason=str(error))
        gevent.sleep(MEETING)


def end(app: Flask) -> None:
    """Write what is queued, and close the connections, after the last response."""
    parts = app.extensions["rplay"]
    parts.ledger.close()
    if parts.other_processes:
        with suppress(SharedAway):
            parts.other_processes.leave()
    db.close()


def _keep_in_touch(parts: Parts) -> None:
    """Exchange data with the other processes: speech connections, and a key that one of them stored."""
    assert parts.other_processes is not None
    while True:
        try:
            parts.other_processes.meet(parts.speech.connections())
            parts.key.refresh()
        except SharedAway:
            pass  # whoever noticed that Redis is unavailable has logged it
        gevent.sleep(MEETING)


def _collect_less() -> None:
    """Exclude imported objects from garbage collection and collect seldom: collecting took 5 % of a request's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def _end_begins(parts: Parts) -> None:
    parts.shutdown.begin()
    background.run("hang_up", _hang_up, parts, endless=True)


def _hang_up(parts: Parts) -> None:
    """Close speech connections as soon as they are silent. An open one counts as a running request, for which the
    shutdown waits.
    """
    while True:
        if parts.shutdown.cut:
            parts.speech.stop()
        parts.speech.hang_up()
        gevent.sleep(0.2)


def _end_without_supervisor(worker: Any, lifeline: int) -> None:
    """End the whole server if `rplay serve` was killed and so could not end it."""
    wait_read(lifeline)
    if os.getppid() == worker.ppid:
        os.kill(worker.ppid, signal.SIGTERM)
