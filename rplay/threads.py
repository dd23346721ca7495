"""Work for the threads of a pool, so that nobody else waits meanwhile."""

import atexit
import os
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar, cast

from gevent.monkey import get_original
from gevent.threadpool import ThreadPool

T = TypeVar("T")

_sleep = get_original("time", "sleep")  # without greenlets: the hub may be gone
_FINISHING = 10.0  # seconds that the end of the process waits for models
_running: set[object] = set()
_ends = False


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


@cache
def finish_before_exit(session: type[Any]) -> None:
    """Has the end of the process wait until no `run` of this class is under way, and lets none begin.

    Python ends a thread that comes back from onnxruntime then, whose C++ takes that for a fault and ends the process by
    SIGABRT: six of six times.
    """
    session.run = _noted(session.run)
    os.register_at_fork(after_in_child=_running.clear)
    atexit.register(_finish)


def _noted(run: Callable[..., T]) -> Callable[..., T]:
    @wraps(run)
    def noted(*given: Any, **more: Any) -> T:
        one = object()
        _running.add(one)
        try:
            if not _ends:
                return run(*given, **more)
        finally:
            _running.discard(one)
        _sleep(2 * _FINISHING)  # the process ends meanwhile
        raise RuntimeError("the process ends")

    return noted


def _finish() -> None:
    global _ends
    _ends = True
    tries = int(_FINISHING * 100)
    while _running and (tries := tries - 1):
        _sleep(0.01)
