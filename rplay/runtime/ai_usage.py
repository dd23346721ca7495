"""Records AI usage: in the metrics at once, in the database a moment later."""

from collections import deque
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from uuid import UUID

import gevent
import structlog

from rplay.agents.observed import Observed
from rplay.db import ai_usage
from rplay.db.ai_usage import Use
from rplay.errors import DatabaseError
from rplay.runtime.metrics import count_ai_call

log = structlog.get_logger()

WRITE_SECONDS = 1.0  # seconds between two writes
BATCH = 500  # rows that one statement writes
LAST = 5.0  # seconds for the last write, so that an unavailable database does not delay the shutdown
MOST_WAITING = 10_000  # rows that are queued while the database is unavailable


class Ledger:
    """The calls of this process that have not been written yet. No response waits for the writing."""

    def __init__(self) -> None:
        self._waiting: deque[Use] = deque()
        self._dropped = 0
        self._writing = Lock()

    def note(self, user_id: UUID | None, call: Observed) -> None:
        count_ai_call(call)
        if len(self._waiting) >= MOST_WAITING:
            self._dropped += 1
            return
        self._waiting.append(
            Use(
                at=datetime.now(UTC),
                user_id=user_id,
                agent=call.agent,
                provider=call.provider,
                # the name comes from a server, and PostgreSQL does not accept a NUL
                model=call.model.replace("\0", ""),
                tokens_in=call.usage.tokens_in,
                tokens_out=call.usage.tokens_out,
                first_token_ms=call.first_token_ms,
                ms=call.ms,
                outcome=call.outcome,
            )
        )

    def run(self) -> None:
        """Write the queued calls once a second, forever."""
        while True:
            gevent.sleep(WRITE_SECONDS)
            self.write()

    def close(self) -> None:
        """Write the remaining calls when the process ends."""
        with gevent.Timeout(LAST, False):
            self.write()
        if self._waiting:
            log.warning("ai_usage_lost", rows=len(self._waiting))

    def write(self) -> None:
        """Write all queued calls. If the database does not accept them, they stay queued."""
        with self._writing:
            if self._dropped:
                log.warning("ai_usage_dropped", rows=self._dropped, reason="the database took none for too long")
                self._dropped = 0
            try:
                while batch := list(islice(self._waiting, BATCH)):
                    ai_usage.add(batch)
                    for _ in batch:
                        self._waiting.popleft()
            except DatabaseError as error:
                log.warning("ai_usage_waits", rows=len(self._waiting), reason=str(error))
