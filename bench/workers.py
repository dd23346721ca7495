"""What a second worker brings: the list of 20 talks with one worker and with two, in one run.

The database and the client work on the same cores. So what a request takes of them is told too: with `w` of it in the
worker and `a` in all, two workers on `c` cores can be no more than `c * w / a` times as fast as one.
"""

import os

import psutil

from bench.common import Met, Server, database, load, people, report, request, server
from bench.reads import CONNECTIONS, RUNS, best, make_talks


def main() -> None:
    with database() as (url, folder):
        learner = people(1)[0]
        make_talks(learner)
        talks = request("GET", "/api/simulation", token=learner.token)
        probe = request("GET", "/api/health/ready")

        def measured(workers: int, asking: str, app: str = "wsgi:app") -> Met:
            with server(url, folder, workers, app=app) as running:
                return best(running, asking)

        one, two = (measured(workers, talks) for workers in (1, 2))
        bare_one, bare_two = (measured(workers, probe, "bench.bare_flask:app") for workers in (1, 2))
        with server(url, folder) as running:
            worker, everything = processor(running, talks)
    cores = os.cpu_count() or 1
    report(
        f"Workers (GET /api/simulation, {CONNECTIONS} connections, best of {RUNS})",
        ("one worker", one.rate, "/s", None),
        ("two workers", two.rate, "/s", None),
        ("  99th percentile", two.percentile(99), "ms", None),
        ("two to one", two.rate / one.rate, "times", -1.7),
        ("  the same for Flask by itself, a constant answer", bare_two.rate / bare_one.rate, "times", None),
        ("processor a request, in the worker", worker, "ms", None),
        ("  in all, with database and client", everything, "ms", None),
        (f"  so much room have {cores} cores for two workers", min(2, cores * worker / everything), "times", None),
    )


def processor(running: Server, asking: str) -> tuple[float, float]:
    """Milliseconds of processor that a request takes: of the one worker, and of the whole machine."""
    (pid,) = running.workers()
    group = {"name": "load", "connections": CONNECTIONS, "requests": [asking], "seconds": 4}
    load(running.port, group | {"seconds": 1})
    before = spent(pid)
    requests = len(load(running.port, group)["load"].milliseconds)
    worker, everything = (1000 * (after - was) / requests for after, was in zip(spent(pid), before, strict=True))
    return worker, everything


def spent(pid: int) -> tuple[float, float]:
    """Seconds of processor so far: of this process, and of the whole machine."""
    own, all_of_it = psutil.Process(pid).cpu_times(), psutil.cpu_times()
    return own.user + own.system, sum(all_of_it) - all_of_it.idle - all_of_it.iowait


if __name__ == "__main__":
    main()
