"""What a second worker brings: the list of 20 talks with one worker and with two, in one run."""

from bench.common import Met, database, people, report, request, server
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
    report(
        f"Workers (GET /api/simulation, {CONNECTIONS} connections, best of {RUNS})",
        ("one worker", one.rate, "/s", None),
        ("two workers", two.rate, "/s", None),
        ("  99th percentile", two.percentile(99), "ms", None),
        ("two to one", two.rate / one.rate, "times", -1.7),
        ("  the same for Flask by itself, a constant answer", bare_two.rate / bare_one.rate, "times", None),
    )


if __name__ == "__main__":
    main()
