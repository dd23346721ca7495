"""Races that come out the same each time: what somebody does in the middle of a request, and locks that hold all who race
until each of them has come to the place in question."""

import io
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg

PATIENCE = 30  # seconds, so that a test that hangs fails


class Late(io.BytesIO):
    """A body that comes when something else has been done."""

    def __init__(self, body: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(body)
        self._meanwhile: Callable[[], object] | None = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            meanwhile()
        return super().read(size)


def late(person: Any, method: str, path: str, body: bytes, meanwhile: Callable[[], object]) -> Any:
    """The answer to a call whose body came only after that."""
    return person.call(
        method,
        path,
        input_stream=Late(body, meanwhile),
        content_length=len(body),
        content_type="application/json",
    )


def once(meanwhile: Callable[[], object], then: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which at its first call does something else when it is done."""
    left = [meanwhile]

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        answer = then(*args, **kwargs)
        if left:
            left.pop()()
        return answer

    return wrapped


@contextmanager
def started(calls: Sequence[Callable[[], Any]]) -> Iterator[list[Any]]:
    """The calls, all going on; what they give when the block is over."""
    answers: list[Any] = []
    with ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(call) for call in calls]
        yield answers
        answers.extend(one.result(PATIENCE) for one in running)


def race(
    database: str,
    lock: str,
    given: dict[str, Any],
    *calls: Callable[[], Any],
    then: Callable[[psycopg.Connection], object] = lambda _: None,
) -> list[Any]:
    """What the calls give, each of which first waits for the rows that `lock` holds, until all of them do.

    `then` is done by who holds them, in the same transaction, when all wait.
    """
    with psycopg.connect(database) as holder:
        holder.execute(lock.encode(), given)
        with started(calls) as answers:
            try:
                wait_until_blocked(database, len(calls))
                then(holder)
            finally:
                holder.commit()
    return answers


def wait_until_blocked(database: str, count: int) -> None:
    """Looks whether so many wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + PATIENCE
    with psycopg.connect(database, autocommit=True) as watcher:
        while watcher.execute(waiting).fetchone() != (count,):
            assert time.monotonic() < until, "they do not wait for what is held"
            time.sleep(0.01)
