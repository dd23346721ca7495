"""Updates the metrics that have to be measured periodically in this process."""

import time

import gevent

from rplay import db
from rplay.agents.breaker import STATES
from rplay.errors import DatabaseError
from rplay.runtime import metrics
from rplay.web.parts import Parts

LOOK_SECONDS = 0.25  # seconds between two measurements


def run(parts: Parts) -> None:
    """Update the metrics forever."""
    while True:
        meant = time.monotonic() + LOOK_SECONDS
        gevent.sleep(LOOK_SECONDS)
        metrics.HUB_DELAY.observe(max(0.0, time.monotonic() - meant))
        look(parts)


def look(parts: Parts) -> None:
    metrics.SOCKETS.set(len(parts.speech.connections()))
    for provider, states in parts.chain.states().items():
        for purpose, state in states.items():
            metrics.BREAKER.labels(provider, purpose).set(STATES.index(state))
    if parts.shared:
        metrics.REDIS.labels("redis").set(parts.shared.state == "ok")
    try:
        pool = db.pool().get_stats()
    except DatabaseError:
        return  # the connection pool is not open
    idle = pool.get("pool_available", 0)
    metrics.POOL.labels("idle").set(idle)
    metrics.POOL.labels("busy").set(pool.get("pool_size", 0) - idle)
    metrics.POOL_WAITING.set(pool.get("requests_waiting", 0))
