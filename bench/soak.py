"""The real journey by many learners at once against the model that always takes the same time, for minutes.

    python -m bench.soak                              100 learners, 20 minutes
    python -m bench.soak --minutes 3 --learners 30

By name only. Ends with status 1 when a learner met an error, or when memory or connections grew.
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from bench.common import PASSWORD, ROOT, Server, database, fake_model, people, percentile, report, server
from bench.memory import resident
from rplay import db

THINK = 2.0  # seconds, on average, that a learner takes before the next message
EVERY = 5.0  # seconds between two looks at the server
WARM = 0.25  # of the time is warming up
REST = 65.0  # seconds until the last look: unused connections to an AI are kept for a minute
SPARE = 32  # open files more than at the start: the pools keep some connections
GROWTH = 10.0  # per cent by which memory may differ between the middle and the end


@dataclass(frozen=True)
class Look:
    """The server at one moment; memory in MB."""

    second: float
    memory: float
    descriptors: int
    database: int
    sockets: int


def main() -> None:
    given = options()
    with database() as (url, folder), fake_model(latency=0.5) as model:
        settings = {"OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1", "OPENAI_API_KEY": "k", "TRUSTED_PROXIES": "1"}
        accounts = [{"email": person.email, "password": PASSWORD} for person in people(given.learners)]
        with server(url, folder, TTS_PROVIDER="openai", **settings) as running:
            first = look(running, 0)
            looks, found = watched(running, {"learners": accounts, "seconds": given.minutes * 60})
            time.sleep(REST)
            last = look(running, looks[-1].second + REST)
    told = tell(given, looks, first, last, found)
    if found["failed"] or not told:
        raise SystemExit(1)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--learners", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=20)
    return parser.parse_args()


def watched(running: Server, job: dict[str, Any]) -> tuple[list[Look], dict[str, Any]]:
    """Lets the learners practise, and looks at the server meanwhile."""
    looks: list[Look] = []
    over = threading.Event()
    began = time.monotonic()

    def watch() -> None:
        while not over.wait(EVERY):
            looks.append(look(running, time.monotonic() - began))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        found = practise({"port": running.port, "think": THINK, **job})
    finally:
        over.set()
        watcher.join()
    return looks, found


def practise(job: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, str(ROOT / "bench/learners.py")]
    longest = job["seconds"] + 300
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=longest, check=False)
    if done.returncode:
        raise SystemExit(f"The learners failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def look(running: Server, second: float) -> Look:
    (worker,) = running.workers()
    # All but this process's own: it asks through the pool too.
    connections = db.value(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name = 'rplay'"
    )
    return Look(
        second,
        resident(running),
        len(list(Path(f"/proc/{worker}/fd").iterdir())),
        int(connections) - db.pool().get_stats()["pool_size"],
        running.get("/health")["tts"]["activeConnections"],
    )


def tell(given: argparse.Namespace, looks: list[Look], first: Look, last: Look, found: dict[str, Any]) -> bool:
    """The table; whether all that has a limit keeps to it."""
    steady = [one for one in looks if one.second >= WARM * looks[-1].second]
    third = max(1, len(steady) // 3)
    early, late = mean(one.memory for one in steady[:third]), mean(one.memory for one in steady[-third:])
    growth = (late / early - 1) * 100
    requests = sum(len(times) for times in found["milliseconds"].values())
    report(
        f"Soak ({given.learners} learners, {given.minutes:g} minutes, one worker)",
        ("journeys completed", found["journeys"], "", None),
        ("requests, connections and speeches", requests, "", None),
        ("errors", found["failed"], "", 0),
        ("memory after warming up", early, "MB", None),
        ("memory at the end", late, "MB", None),
        ("  growth", growth, "%", GROWTH),
        ("database connections, most", max(one.database for one in looks), "", 16),
        ("database connections afterwards", last.database, "", 16),
        ("open speech sockets, most", max(one.sockets for one in looks), "", given.learners),
        ("open speech sockets afterwards", last.sockets, "", 0),
        ("open files before", first.descriptors, "", None),
        ("open files, most", max(one.descriptors for one in looks), "", None),
        ("open files afterwards", last.descriptors, "", first.descriptors + SPARE),
    )
    print(f"\n  {'milliseconds':20} {'count':>9} {'median':>9} {'99th':>9} {'slowest':>9}")
    for step, times in sorted(found["milliseconds"].items()):
        shown = "".join(f"{value:10,.0f}" for value in (percentile(times, 50), percentile(times, 99), max(times)))
        print(f"  {step:20} {len(times):9,}{shown}")
    for error in found["errors"]:
        print(f"  error: {error}")
    return growth <= GROWTH and last.sockets == 0 and last.descriptors <= first.descriptors + SPARE


if __name__ == "__main__":
    main()
