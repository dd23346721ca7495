"""Work for the threads of a pool, so that nobody else waits meanwhile."""

from collections.abc import Callable
from typing import TypeVar, cast

from gevent.threadpool import ThreadPool

T = TypeVar("T")


def run(pool: ThreadPool, work: Callable[..., T], *given: object) -> T:
    """What `work(*given)` gives or raises, done by a thread."""
    result, error = pool.apply(_outcome, (work, *given))
    if error is not None:
        raise error
    return cast(T, result)


def _outcome(work: Callable[..., T], *given: object) -> tuple[T | None, Exception | None]:
    """The result or the error; a thread that raises has gevent write to stderr by itself."""
    try:
        return work(*given), None
    except Exception as error:
        return None, error
