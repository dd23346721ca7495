"""Runs work in the threads of a pool, so that other greenlets can run meanwhile."""

import atexit
import os
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar, cast

from gevent.monkey import get_original
from gevent.threadpool import ThreadPool

T = TypeVar("T")

_sleep = get_original("time", "sleep")  # the unpatched function, as gevent's hub may already be gone
_FINISHING = 10.0  # seconds that the end of the process waits for running models
_running: set[object] = set()
_ends = False


def run(pool: ThreadPool, work: Callable[..., T], *given: object) -> T:
    """Run `work(*given)` in a thread; return its result or raise its exception."""
    result, error = pool.apply(_outcome, (work, *given))
    if error is not None:
        raise error
    return cast(T, result)


def _outcome(work: Callable[..., T], *given: object) -> tuple[T | None, Exception | None]:
    """Return the result or the exception. If the thread raised it, gevent would print it to stderr."""
    try:
        return work(*given), None
    except Exception as error:
        return None, error


@cache
def finish_before_exit(session: type[Any]) -> None:
    """Make the end of the process wait for running `run` calls of this class, and block new ones.

    When the interpreter ends, it ends a thread that returns from onnxruntime. The C++ code takes that for a fault and
    aborts the process with SIGABRT: six of six times.
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
        _sleep(2 * _FINISHING)  # the process ends while this waits
        raise RuntimeError("the process ends")

    return noted


def _finish() -> None:
    global _ends
    _ends = True
    tries = int(_FINISHING * 100)
    while _running and (tries := tries - 1):
        _sleep(0.01)
