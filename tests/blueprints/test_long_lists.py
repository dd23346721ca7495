"""Lists without a limit of their own give the newest 10,000 rows."""

import pytest

from rplay import db

MADE = 10_005
# 5 s between two rows; the first ones are the oldest
WHEN = "timestamp '2020-01-01' + n * interval '5 seconds'"
ROWS = f"generate_series(1, {MADE}) AS n"
ID = "(lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000')::uuid"


@pytest.fixture(scope="module", autouse=True)
def rows(app, admin):
    statements = [
        "DELETE FROM fusion_model_moods",  # those that a new database begins with
        f"""INSERT INTO users (id, name, email, password, role, created_at)
            SELECT {ID}, 'Z' || ({MADE} - n), n || '@many.example', 'x', 'trainer', {WHEN} FROM {ROWS}""",
        f"""INSERT INTO parameter_categories (id, name, type, created_at)
            SELECT {ID}, 'many' || ({MADE} - n), 'narrative', {WHEN} FROM {ROWS}""",
        f"""INSERT INTO parameters (id, category_id, name, type, created_at)
            SELECT {ID}, {ID}, 'many', 'narrative', {WHEN} FROM {ROWS}""",
        f"""INSERT INTO fusion_model_moods (id, name, created_at) SELECT {ID}, 'm', {WHEN} FROM {ROWS}""",
        f"""INSERT INTO simulations (id, simulation_id, user_id, industry, difficulty, client_profile, started_at)
            SELECT {ID}, 'SIM-' || n, '{admin.id}', 'insurance', 'beginner', '{{}}', {WHEN} FROM {ROWS}""",
        f"""INSERT INTO nps_feedback (id, simulation_id, user_id, score, feedback_type, submitted_at)
            SELECT {ID}, 'SIM-1', '{admin.id}', 9, 'promoter', {WHEN} FROM {ROWS}""",
        f"""INSERT INTO engagement_log (type, session_id, metadata, timestamp)
            SELECT 'x', 'many', jsonb_build_object('n', n), {WHEN} FROM {ROWS}""",
    ]
    for statement in statements:
        db.execute(statement)


@pytest.mark.sampled(1)
@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/api/users?role=trainer", "users"),
        ("/api/parameters?type=narrative", "parameters"),
        ("/api/parameter-categories?type=narrative", "data"),
        ("/api/personality/moods", None),
        ("/api/simulation", "simulations"),
        ("/api/feedback?feedbackType=promoter", "feedback"),
        ("/api/feedback/nps", "data"),
    ],
)
def test_hold_the_newest(admin, path, key):
    body = admin.get(path).get_json()
    numbers = {int(row["id"][:8], 16) for row in (body[key] if key else body)}
    assert numbers == set(range(MADE - 10_000 + 1, MADE + 1))


@pytest.mark.parametrize("query", ["", "?sessionId=many"])
def test_hold_the_newest_of_the_log(admin, query):
    data = admin.get(f"/api/engagement/log{query}").get_json()["data"]
    rows = data["data"] if query else data
    assert [row["metadata"]["n"] for row in rows] == list(range(MADE, MADE - 10_000, -1))


def test_hold_a_hundred_answers_without_a_filter(admin):
    found = admin.get("/api/feedback").get_json()["feedback"]
    assert [int(row["id"][:8], 16) for row in found] == list(range(MADE, MADE - 100, -1))
