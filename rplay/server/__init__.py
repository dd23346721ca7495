"""How the server is started and ended: `rplay serve`, and what a gunicorn worker does besides serving."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rplay.errors import StartError

LIFELINE = "RPLAY_LIFELINE"  # environment variable with the descriptor that closes when `rplay serve` is gone
NEVER_AGAIN = 3  # exit status with which a worker tells gunicorn that another one would fail too


@contextmanager
def said_in_a_sentence() -> Iterator[None]:
    """A StartError in the block ends the process without a traceback."""
    try:
        yield
    except StartError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(NEVER_AGAIN)


def refuse_other_workers() -> None:
    """StartError in a gunicorn whose worker is not ours: without gevent the first open stream would block all others,
    and gunicorn's own with gevent knows nothing of what a worker of rplay begins and ends with."""
    if "gunicorn.workers.base" in sys.modules and "rplay.server.gunicorn_worker" not in sys.modules:
        raise StartError(
            "rplay is served by workers of its own only; "
            "start it with `gunicorn -c python:rplay.server.gunicorn_config wsgi:app`, without --worker-class."
        )
