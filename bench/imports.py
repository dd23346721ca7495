"""A bulk import of 1,000 people, one worker, bcrypt at cost 10; and what /health does meanwhile."""

from bench.common import PASSWORD, bare_bcrypt, database, load, people, probe, report, request, server

PEOPLE = 1000
SECONDS = 60


def main() -> None:
    with database() as (url, folder), server(url, folder) as running:
        admin = people(1, "super_admin")[0]
        body = {"users": [person(number) for number in range(PEOPLE)]}
        asked = request("POST", "/api/users/bulk-import", body, admin.token)
        group = {"name": "import", "connections": 1, "rounds": 1, "requests": [asked]}
        before = bare_bcrypt()
        met = load(running.port, group, probe("import"))
        bare = PEOPLE / ((before + bare_bcrypt()) / 2)
        made = len(running.get("/api/users?limit=1", admin.token)["users"]) - 1
    if made != PEOPLE:
        raise SystemExit(f"{made} people were made: {met['import'].statuses} {met['import'].errors}")
    report(
        f"Bulk import of {PEOPLE:,} people (one worker)",
        ("until all are there", met["import"].seconds, "s", SECONDS),
        ("  as many hashes of bare bcrypt, before and after", bare, "s", None),
        ("GET /health meanwhile, 99th percentile", met["health"].percentile(99), "ms", 50),
        ("  median", met["health"].percentile(50), "ms", None),
    )


def person(number: int) -> dict[str, str]:
    email = f"new-{number}@example.com"
    return {"firstName": "Nora", "lastName": f"Number{number}", "email": email, "password": PASSWORD, "role": "learner"}


if __name__ == "__main__":
    main()
