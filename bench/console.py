"""Every page of the console on a full database: 10,000 people, 100,000 talks, 1.2 million calls of models in a year."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path

import psycopg
from flask import Flask

from bench.common import Person, Server, database, people, report, server, signed_in
from rplay import create_app, db
from rplay.config import Settings
from rplay.data import DataFiles
from rplay.db import jobs, parameters
from rplay.demo import seeding
from rplay.web.views import declared

PEOPLE, TRAINERS, GROUPS = 10_000, 250, 200
TALKS, DAYS, CALLS = 100_000, 365, 12
LEARNER = TRAINERS + 1  # the number of the one with most talks
TRAINER = LEARNER % GROUPS  # who trains the group they are in
RUNS = 5  # the median counts
LIMIT_MS = 300

# Made by SQL after the pattern of a talk that was really held and reviewed. Ids come from numbers: that of the seventh
# talk is md5('talk7').
FILL = f"""
INSERT INTO users (id, name, email, password, role, job_role, created_at)
SELECT md5('person' || n)::uuid, 'Person ' || n, 'person' || n || '@example.com', '!',
       CASE WHEN n <= {TRAINERS} THEN 'trainer' ELSE 'learner' END, 'Advisor',
       now() - n * interval '{DAYS} days' / {PEOPLE}
  FROM generate_series(1, {PEOPLE}) AS n;

INSERT INTO groups (id, name) SELECT md5('group' || n)::uuid, 'Branch ' || n FROM generate_series(1, {GROUPS}) AS n;

INSERT INTO group_members (group_id, user_id, role)
SELECT md5('group' || (1 + n % {GROUPS}))::uuid, md5('person' || n)::uuid,
       CASE WHEN n <= {TRAINERS} THEN 'trainer' ELSE 'learner' END
  FROM generate_series(1, {PEOPLE}) AS n;

INSERT INTO simulations (id, simulation_id, user_id, industry, subcategory, difficulty, client_profile,
                         conversation_history, objectives_completed, total_xp, duration_seconds, performance_review,
                         score, started_at, completed_at)
SELECT md5('talk' || n)::uuid, 'SIM-' || n,
       CASE WHEN n % 301 = 0 THEN md5('person' || {TRAINERS + 1})::uuid
            ELSE md5('person' || ({TRAINERS + 1} + n % {PEOPLE - TRAINERS}))::uuid END,
       t.industry, t.subcategory, t.difficulty, t.client_profile, t.conversation_history, t.objectives_completed,
       t.total_xp, t.duration_seconds, t.performance_review, t.score,
       now() - n * interval '{DAYS} days' / {TALKS},
       CASE WHEN n % 10 > 0 THEN now() - n * interval '{DAYS} days' / {TALKS} + interval '15 minutes' END
  FROM generate_series(1, {TALKS}) AS n, (SELECT * FROM simulations WHERE completed_at IS NOT NULL LIMIT 1) AS t;

INSERT INTO reviews (id, simulation_id, version, source, review, scores, flagged, created_at)
SELECT md5('review' || n)::uuid, md5('talk' || n)::uuid, 1, 'server', t.review, t.scores, n % 50 = 1,
       now() - n * interval '{DAYS} days' / {TALKS}
  FROM generate_series(1, {TALKS}) AS n, (SELECT * FROM reviews WHERE source = 'server' LIMIT 1) AS t
 WHERE n % 10 > 0;

INSERT INTO simulation_origins (simulation_id, focus_areas)
SELECT md5('talk' || n)::uuid, '[]' FROM generate_series(1, {TALKS}) AS n;

INSERT INTO talk_fidelity (simulation_id, provider, turns, early, contradictions, blanks, repeats)
SELECT md5('talk' || n)::uuid, (ARRAY['openai', 'local'])[1 + n % 2], 12, n % 7 / 6, n % 11 / 10, 0, n % 5 / 4
  FROM generate_series(1, {TALKS}) AS n WHERE n % 10 > 0;

INSERT INTO review_marks (simulation_id, by_user_id, scores, blind, created_at)
SELECT md5('talk' || n)::uuid, md5('person' || (1 + n % {TRAINERS}))::uuid,
       (SELECT jsonb_object_agg(key, 1 + (n * 7 + length(key)) % 10) FROM jsonb_each(t.scores)), true,
       now() - n * interval '{DAYS} days' / {TALKS}
  FROM generate_series(1, {TALKS}, 20) AS n, (SELECT * FROM reviews WHERE source = 'server' LIMIT 1) AS t;

INSERT INTO review_disputes (simulation_id, review_id, number, reason, resolution)
SELECT md5('talk' || n)::uuid, md5('review' || n)::uuid, 'overall', 'Please look again.',
       CASE WHEN n % 3 > 0 THEN 'kept' END
  FROM generate_series(3, {TALKS}, 100) AS n;

INSERT INTO review_overrides (simulation_id, review_id, number, score, reason, by_user_id)
SELECT md5('talk' || n)::uuid, md5('review' || n)::uuid, 'overall', 7, 'Better than that.', md5('person1')::uuid
  FROM generate_series(7, {TALKS}, 100) AS n;

INSERT INTO nps_feedback (simulation_id, user_id, score, feedback_type, submitted_at)
SELECT 'SIM-' || n, md5('person' || ({TRAINERS + 1} + n % {PEOPLE - TRAINERS}))::uuid, n % 11,
       CASE WHEN n % 11 > 8 THEN 'promoter' WHEN n % 11 > 6 THEN 'passive' ELSE 'detractor' END,
       now() - n * interval '{DAYS} days' / {TALKS}
  FROM generate_series(1, {TALKS}, 3) AS n;

INSERT INTO ai_usage (at, user_id, agent, provider, model, tokens_in, tokens_out, ms, outcome)
SELECT now() - n * interval '{DAYS} days' / {TALKS * CALLS},
       md5('person' || ({TRAINERS + 1} + n % {PEOPLE - TRAINERS}))::uuid,
       (ARRAY['simulationClient', 'progress', 'expertGuidance', 'evaluation', 'profileGeneration'])[1 + n % 5],
       (ARRAY['openai', 'azure', 'local'])[1 + n % 3], (ARRAY['gpt-5.1', 'gpt-6-luna', 'rehearsal'])[1 + n % 3],
       2000, 150, 900, CASE WHEN n % 97 = 0 THEN 'timeout' ELSE 'ok' END
  FROM generate_series({TALKS * CALLS}, 1, -1) AS n;

INSERT INTO audit_log (at, action, by_user_id, details)
SELECT now() - n * interval '{DAYS} days' / 20000, 'compliance.change', md5('person1')::uuid, '{{"rules": 9}}'
  FROM generate_series(1, 20000) AS n;

INSERT INTO scenarios (id, house, by_user_id)
SELECT md5('scenario' || n)::uuid, n % 2 = 0, md5('person{TRAINER}')::uuid FROM generate_series(1, 60) AS n;

INSERT INTO scenario_versions (scenario_id, version, content)
SELECT md5('scenario' || n)::uuid, 1, jsonb_build_object(
           'name', 'Scenario ' || n, 'industry', 'insurance', 'subcategory', 'life-health', 'difficulty', 'beginner',
           'task', 'Find out what is missing.', 'client', jsonb_build_object('name', 'Nora Feld'), 'passMark', 6)
  FROM generate_series(1, 60) AS n;

INSERT INTO assignments (id, scenario_id, group_id, by_user_id)
SELECT md5('assignment' || n)::uuid, md5('scenario' || (1 + n % 60))::uuid, md5('group' || (1 + n % {GROUPS}))::uuid,
       md5('person1')::uuid
  FROM generate_series(1, 600) AS n;

INSERT INTO assignment_attempts (assignment_id, user_id, simulation_id)
SELECT md5('assignment' || (n % {GROUPS}))::uuid, md5('person' || n)::uuid, NULL
  FROM generate_series({TRAINERS + 1}, {PEOPLE}) AS n WHERE n % {GROUPS} > 0;

VACUUM (ANALYZE)
"""
# What is asked for beside the bare address of a page.
QUERIES = {
    "console.people.page": ("page=200", "search=person99&role=learner"),
    "console.insight.page": ("days=365",),
    "console.queue.page": ("why=disputed", "why=flagged"),
    "console.history.page": ("industry=insurance",),
}


@dataclass(frozen=True)
class Page:
    name: str
    path: str


def main() -> None:
    with database() as (url, folder):
        began = time.perf_counter()
        settings = Settings(database_url=url, instance_dir=folder, data_dir=folder / "data")
        _fill(settings, url)
        print(f"Filled in {time.perf_counter() - began:.0f} s", flush=True)
        report(
            f"Pages of the console: {PEOPLE:,} people, {TALKS:,} talks, median of {RUNS}",
            *sorted(_figures(settings, url, folder), key=lambda row: -row[1]),
        )


def _figures(settings: Settings, url: str, folder: Path) -> Iterator[tuple[str, float, str, float | None]]:
    parameters.load_defaults_if_empty(DataFiles.parameter_defaults())
    ids, app = _ids(), create_app(settings)
    readers = {"admin": people(1, "super_admin")[0]}
    readers |= {who: signed_in(f"person{n}@example.com") for who, n in (("trainer", TRAINER), ("learner", LEARNER))}
    job = jobs.begin("import", readers["admin"].id, {"page": "/"}, 1)
    jobs.finish(job, {"made": 0, "refused": [], "shown": []})
    ids["job_id"] = str(job)
    with server(url, folder) as running:
        for who, person in readers.items():
            for page in _pages(app, ids):
                if (taken := _measured(running, person, page)) is not None:
                    yield f"{page.name} ({who})", taken, "ms", None if page.name.endswith("/export") else LIMIT_MS


def _fill(settings: Settings, url: str) -> None:
    data = DataFiles(settings.data_dir)
    data.lay_out()
    seeding.put_people()
    for _ in islice(seeding.hold_talks(settings, data), 1):
        pass
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in FILL.split(";\n"):
            connection.execute(statement.encode())


def _ids() -> dict[str, str]:
    """What stands in the paths of pages."""
    named = {
        "user_id": f"person{LEARNER}",
        "group_id": f"group{1 + TRAINER}",
        "assignment_id": f"assignment{TRAINER}",
        "simulation_id": "talk301",
        "scenario_id": "scenario1",
    }
    ids = {name: str(db.value("SELECT md5(%(key)s)::uuid", key=key)) for name, key in named.items()}
    ids |= {"rule_id": "guaranteed-returns", "competency_id": "communication", "difficulty": "beginner"}
    ids |= {"table": "ai", "industry": "insurance", "subcategory": "life-health", "kind": "mood", "version": "1"}
    ids["category_id"] = str(db.value("SELECT id FROM parameter_categories LIMIT 1"))
    ids["parameter_id"] = str(db.value("SELECT id FROM parameters LIMIT 1"))
    ids["part_id"] = str(db.value("SELECT id FROM fusion_model_moods LIMIT 1"))
    return ids


def _pages(app: Flask, ids: dict[str, str]) -> Iterator[Page]:
    """Whatever can be got behind the sign-in. A page with a new word in its path fails here until `_ids` knows it."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint.startswith("console.") and "GET" in (rule.methods or ()):
            if declared(app.view_functions[rule.endpoint]).access == "public":
                continue
            built = rule.build({name: ids[name] for name in rule.arguments})
            assert built is not None
            for query in ("", *(f"?{one}" for one in QUERIES.get(rule.endpoint, ()))):
                yield Page(rule.rule + query, built[1] + query)


def _measured(running: Server, person: Person, page: Page) -> float | None:
    """Milliseconds, the median; None where it is not for this person."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=60)
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        headers = {"Authorization": f"Bearer {person.token}", "Accept": "text/html"}
        connection.request("GET", page.path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status in (303, 403):
            return None
        if answer.status != 200:
            raise SystemExit(f"{page.path}: {answer.status}")
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
