"""gunicorn's settings of the project; SIGUSR2 also makes the worker write down what it holds."""

import json
import os
import runpy
import select
import signal
import time
from pathlib import Path

if "FAKETIME_TIMESTAMP_FILE" in os.environ:
    # Python sleeps until a moment of the monotonic clock; libfaketime moves that moment too and makes it invalid.
    time.sleep = lambda seconds: select.select([], [], [], seconds)

globals().update(runpy.run_path(str(Path(os.environ["PROJECT_CONFIG"]))))

_begin = globals()["post_worker_init"]


def post_worker_init(worker):
    import gevent

    _begin(worker)
    gevent.signal_handler(signal.SIGUSR2, _write_vitals)


def _write_vitals():
    import gc
    from collections import Counter

    import gevent

    from rplay import db

    gc.collect()
    alive = [one for one in gc.get_objects() if isinstance(one, gevent.Greenlet) and not one.dead]
    kinds = Counter(getattr(one._run, "__qualname__", type(one).__name__) for one in alive)
    found = {"greenlets": len(alive), "kinds": kinds, "pool": db.pool().get_stats()}
    target = Path(os.environ["VITALS"])
    part = target.with_suffix(".part")
    part.write_text(json.dumps(found))
    part.replace(target)
