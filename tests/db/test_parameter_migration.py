"""Parameters that the old backend wrote, after the migrations."""

import shutil

import psycopg
import pytest
from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import migrate, parameter_categories, parameters

# What some databases got by hand, before rplay came.
BY_HAND = """
    ALTER TABLE parameter_categories ADD COLUMN key text;
    ALTER TABLE parameters ADD COLUMN type text CHECK (type IN ('structured', 'narrative', 'guardrails')),
        ADD COLUMN value jsonb, ADD COLUMN metadata jsonb;
    """
OLD = """
    INSERT INTO parameter_categories (id, name, type) VALUES
        ('00000000-0000-4000-8000-000000000001', 'Tone & Voice', 'narrative'),
        ('00000000-0000-4000-8000-000000000002', 'Numbers', 'structured'),
        ('00000000-0000-4000-8000-000000000003', 'No Promises', 'guardrail'),
        ('00000000-0000-4000-8000-000000000004', '!!!', 'structured'),
        ('00000000-0000-4000-8000-000000000005', 'numbers', 'structured');
    INSERT INTO parameters (category_id, name, value_type, default_value, min_value, max_value, options) VALUES
        ('00000000-0000-4000-8000-000000000001', 'Tone', 'text', 'warm', NULL, NULL, '{warm,cold}'),
        ('00000000-0000-4000-8000-000000000002', 'Age', 'number', '42', 18, 80.50, NULL),
        ('00000000-0000-4000-8000-000000000002', 'From', 'number', '1.50', 1, NULL, NULL),
        ('00000000-0000-4000-8000-000000000002', 'To', 'number', NULL, NULL, 9, NULL),
        ('00000000-0000-4000-8000-000000000003', 'Never', 'boolean', 'true', NULL, NULL, NULL),
        (NULL, 'Loose', 'array', '["a", 1]', NULL, NULL, NULL);
    """


def run(url, *statements):
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


def read(url, sql, *params):
    with psycopg.connect(url) as connection:
        return connection.execute(sql, params).fetchall()


@pytest.fixture
def old(new_database):
    """A database as the old backend's migrations made it, where each parameter had a type of value."""
    url = new_database("empty")
    run(url, migrate.migrations()[0].sql, "ALTER TABLE parameters ALTER COLUMN value_type SET NOT NULL")
    return url


@pytest.fixture(params=["as it was", "with additions by hand"])
def filled(request, old):
    """The same with rows."""
    run(old, *([BY_HAND] if request.param != "as it was" else []), OLD)
    return old


class TestOldRows:
    def test_keep_everything_that_they_held(self, filled):
        sql = """SELECT id, category_id, name, description, value_type, default_value, min_value, max_value, options,
                        industry, subcategory, created_at FROM parameters ORDER BY id"""
        before = read(filled, sql)
        migrate.upgrade(filled)
        assert read(filled, sql) == before

    def test_get_type_and_value(self, filled):
        migrate.upgrade(filled)
        found = {name: (kind, value) for name, kind, value in read(filled, "SELECT name, type, value FROM parameters")}
        assert found == {
            "Tone": ("narrative", "warm"),
            "Age": ("structured", 42),
            "From": ("structured", 1.5),
            "To": ("structured", None),
            "Never": ("guardrails", True),
            "Loose": ("structured", ["a", 1]),
        }

    def test_get_a_range_where_there_are_limits(self, filled):
        migrate.upgrade(filled)
        found = dict(read(filled, "SELECT name, metadata ->> 'range' FROM parameters"))
        assert found == {"Tone": None, "Age": "18–80.5", "From": "1–", "To": "–9", "Never": None, "Loose": None}

    def test_get_their_categories_a_key(self, filled):
        migrate.upgrade(filled)
        found = dict(read(filled, "SELECT id::text, key FROM parameter_categories"))
        assert {category_id[-1]: key for category_id, key in found.items()} == {
            "1": "tone-voice",
            "2": "numbers",
            "3": "no-promises",
            "4": "category-00000000",
            "5": "numbers",
        }

    def test_are_left_alone_the_second_time(self, filled):
        migrate.upgrade(filled)
        run(filled, "UPDATE parameters SET value = NULL, type = NULL, metadata = NULL")
        assert migrate.upgrade(filled) == []
        assert read(filled, "SELECT DISTINCT value, type, metadata FROM parameters") == [(None, None, None)]

    def test_are_read_and_reset_like_new_ones(self, filled):
        migrate.upgrade(filled)
        db.connect(filled, size=1)
        try:
            assert [one.name for one in parameters.every(kind="guardrails")] == ["Never"]
            assert parameter_categories.every("guardrails")[0].key == "no-promises"
            assert len(parameters.steering()) == 6
            parameters.reset([])
            assert parameters.every() == []
        finally:
            db.close()


class TestRowsThatWereFilledByHand:
    def test_keep_what_they_have(self, old):
        run(old, BY_HAND, OLD)
        run(
            old,
            """UPDATE parameters SET type = 'narrative', value = '7', metadata = '{"range": "1-2", "x": 1}'
                WHERE name = 'Age'""",
            "UPDATE parameters SET metadata = '[1]' WHERE name = 'From'",
            """UPDATE parameters SET metadata = '{"x": 2}' WHERE name = 'To'""",
            "UPDATE parameter_categories SET key = 'own' WHERE name = 'Numbers'",
        )
        migrate.upgrade(old)
        rows = {name: row for name, *row in read(old, "SELECT name, type, value, metadata FROM parameters")}
        assert rows["Age"] == ["narrative", 7, {"range": "1-2", "x": 1}]
        assert rows["From"][2] == [1]
        assert rows["To"][2] == {"x": 2, "range": "–9"}
        assert read(old, "SELECT key FROM parameter_categories WHERE name = 'Numbers'") == [("own",)]


ODD = [
    ("number", "", ""),
    ("number", "about 5", "about 5"),
    ("number", "1,5", "1,5"),
    ("number", " 7 ", 7),
    ("number", "-0.250", -0.25),
    ("number", "NaN", "NaN"),
    ("number", "Infinity", "Infinity"),
    ("number", "1e99999999999", "1e99999999999"),
    ("number", "1e300", 1e300),
    ("number", "1e-400", "1e-400"),
    ("boolean", "", ""),
    ("boolean", "maybe", "maybe"),
    ("boolean", "No", False),
    ("array", "", []),
    ("array", " a , b,c ", ["a", "b", "c"]),
    ("array", "{a,\"b c\",NULL}", ["a", "b c", None]),
    ("array", "{a", "{a"),
    ("array", '{"a": 1}', '{"a": 1}'),
    ("array", '["a", {"b": [1]}]', ["a", {"b": [1]}]),
    ("array", "[1, 2", "[1, 2"),
    ("array", '["\\u0000"]', '["\\u0000"]'),
    ("array", "[" * 1500 + "]" * 1500, "[" * 1500 + "]" * 1500),
    ("array", "[" * 100_000, "[" * 100_000),
    ("text", "", ""),
    ("text", '{"a": 1}', '{"a": 1}'),
    ("text", "it's 100 % \"ok\" 张\n\\ $$", "it's 100 % \"ok\" 张\n\\ $$"),
    (None, "5", "5"),
]  # fmt: skip


def test_odd_defaults_are_kept_as_they_are(old):
    run(old, "ALTER TABLE parameters ALTER COLUMN value_type DROP NOT NULL")
    with psycopg.connect(old) as connection:
        for number, (kind, text, _) in enumerate(ODD):
            connection.execute(
                "INSERT INTO parameters (name, value_type, default_value) VALUES (%s, %s, %s)",
                [str(number), kind, text],
            )
    migrate.upgrade(old)
    found = read(old, "SELECT default_value, value FROM parameters ORDER BY name::int")
    assert [(text, value) for text, value in found] == [(text, value) for _, text, value in ODD]


def test_the_migration_runs_on_the_databases_of_earlier_versions(new_database, tmp_path):
    url = new_database("empty")
    for path in migrate.FOLDER.glob("000[123]_*.sql"):
        shutil.copy(path, tmp_path)
    migrate.upgrade(url, tmp_path)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO parameters (name, type, value) VALUES ('New', 'narrative', %s)", [Jsonb(0)])
    assert "0004_parameters" in migrate.upgrade(url)
    assert read(url, "SELECT type, value FROM parameters") == [("narrative", 0)]
