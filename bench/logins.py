"""8 clients that log in without pause, bcrypt at cost 10, one worker; and what /health does meanwhile."""

from bench.common import PASSWORD, bare_bcrypt, database, load, people, probe, report, request, server

CLIENTS = 8
SECONDS = 8  # at 27 logins a second fewer than the 300 that one address has in five minutes
ACCOUNTS = 40


def main() -> None:
    with database() as (url, folder), server(url, folder) as running:
        accounts = people(ACCOUNTS)
        bodies = [{"email": person.email, "password": PASSWORD} for person in accounts]
        logins = [request("POST", "/api/auth/login", body) for body in bodies]
        before = bare_bcrypt()
        load(running.port, {"name": "warm", "connections": 2, "rounds": 2, "requests": logins})
        group = {"name": "logins", "connections": CLIENTS, "seconds": SECONDS, "requests": logins}
        met = load(running.port, group, probe("logins"))
        idle = load(running.port, probe(seconds=3))
        bare = (before + bare_bcrypt()) / 2
    if set(met["logins"].statuses) != {"200"}:
        raise SystemExit(f"Not everybody got in: {met['logins'].statuses} {met['logins'].errors}")
    report(
        f"Logins (one worker, {CLIENTS} clients without pause, bcrypt cost 10)",
        ("logins", met["logins"].rate, "/s", -20),
        ("  bare bcrypt with as many threads, before and after", bare, "/s", None),
        ("  share of that", met["logins"].rate / bare * 100, "%", None),
        ("  median of one", met["logins"].percentile(50), "ms", None),
        ("GET /health meanwhile, 99th percentile", met["health"].percentile(99), "ms", 50),
        ("  median", met["health"].percentile(50), "ms", None),
        ("GET /health on an idle server, 99th percentile", idle["health"].percentile(99), "ms", None),
    )


if __name__ == "__main__":
    main()
