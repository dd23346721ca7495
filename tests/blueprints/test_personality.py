"""/api/personality, as a client sees it."""

import json

import pytest

from rplay.db import fusion
from tests.conftest import error

P = "/api/personality"
NOBODY = "00000000-0000-4000-8000-000000000000"
# singular: plural, the keys of its own, what they hold unless they are given
KINDS = {
    "core-trait": (
        "core-traits",
        {"category": "Check", "weight": 60, "influence": 40},
        {"weight": 50, "influence": 50},
    ),
    "archetype": ("archetypes", {"traits": ["a"], "behaviors": ["b"]}, {"traits": [], "behaviors": []}),
    "communication-style": ("communication-styles", {"characteristics": ["c"]}, {"characteristics": []}),
    "mood": ("moods", {"intensity": 70}, {"intensity": 50}),
    "quirk": ("quirks", {"impact": "small", "fusion_links": ["x"]}, {"fusion_links": []}),
}
EACH = pytest.mark.parametrize("kind", KINDS)


def body(kind, name="Aa", **fields):
    return {"name": name, "description": 'it\'s "d" 张', **KINDS[kind][1], **fields}


def required(kind):
    return [key for key in ("name", "category", "impact") if key in body(kind)]


@pytest.fixture
def make(admin):
    made = []

    def create(kind, name="Aa", **fields):
        row = admin.post(f"{P}/{kind}", body(kind, name, **fields)).get_json()
        made.append((kind, row["id"]))
        return row

    yield create
    for kind, row_id in made:
        admin.delete(f"{P}/{kind}/{row_id}")


@EACH
class TestEachKind:
    def test_is_made_with_what_is_given(self, admin, kind):
        answer = admin.post(f"{P}/{kind}", body(kind))
        row = json.loads(answer.data)
        assert answer.status_code == 201
        assert list(row) == ["id", "name", "description", *KINDS[kind][1], "created_at", "updated_at"]
        assert {key: row[key] for key in body(kind)} == body(kind)
        assert admin.delete(f"{P}/{kind}/{row['id']}").get_json() == {"success": True}

    def test_has_defaults_for_what_is_not_given(self, admin, make, kind):
        given = {key: value for key, value in body(kind).items() if key in required(kind)}
        row = admin.post(f"{P}/{kind}", given).get_json()
        assert {key: row[key] for key in KINDS[kind][2]} == KINDS[kind][2]
        admin.delete(f"{P}/{kind}/{row['id']}")

    def test_is_listed_by_name_as_a_bare_array(self, anyone, alice, make, kind):
        for name in ("Zz", "Aa", "Mm"):
            make(kind, name)
        for caller in (anyone, alice):
            names = [row["name"] for row in caller.get(f"{P}/{KINDS[kind][0]}").get_json()]
            assert names == sorted(names)
            assert {"Aa", "Mm", "Zz"} <= set(names)

    def test_has_some_to_begin_with(self, alice, kind):
        rows = alice.get(f"{P}/{KINDS[kind][0]}").get_json()
        assert len(rows) >= 8
        assert all(row["description"] for row in rows)

    def test_is_changed_and_keeps_what_is_not_given(self, admin, alice, make, kind):
        row = make(kind)
        change = {key: value for key, value in body(kind, "Ab").items() if key in required(kind)}
        changed = admin.put(f"{P}/{kind}/{row['id'].upper()}", change).get_json()
        assert changed == {**row, **change, "updated_at": changed["updated_at"]}
        assert changed["updated_at"] >= row["updated_at"]
        assert changed in alice.get(f"{P}/{KINDS[kind][0]}").get_json()

    def test_names_every_required_field_when_one_is_missing(self, admin, make, kind):
        path = f"{P}/{kind}/{make(kind)['id']}"
        refusal = (400, f"Missing required fields: {', '.join(required(kind))}")
        for gone in required(kind):
            assert error(admin.post(f"{P}/{kind}", body(kind, **{gone: " "}))) == refusal
            assert error(admin.put(path, body(kind, **{gone: None}))) == refusal

    @pytest.mark.parametrize("value", [5, "x" * 256, "a\0b"])
    def test_refuses_a_name_that_is_none(self, admin, kind, value):
        assert error(admin.post(f"{P}/{kind}", body(kind, value))) == (400, "Invalid value for name")

    def test_refuses_values_that_do_not_fit_their_columns(self, admin, kind):
        for key, good in KINDS[kind][1].items():
            for bad in [1.5, 2**31, "heavy", True] if isinstance(good, int) else [5]:
                answer = admin.post(f"{P}/{kind}", body(kind, **{key: bad}))
                assert error(answer) == (400, f"Invalid value for {key}"), bad

    def test_must_be_there_to_be_changed_or_deleted(self, admin, make, kind):
        others = make("mood" if kind == "quirk" else "quirk")["id"]
        title = kind.replace("-", " ")
        for row_id in (NOBODY, others):
            for method, sent in (("PUT", body(kind)), ("DELETE", None)):
                answer = admin.call(method, f"{P}/{kind}/{row_id}", sent)
                assert error(answer) == (404, f"{title.capitalize()} not found")
        for method, sent in (("PUT", body(kind)), ("DELETE", None)):
            assert error(admin.call(method, f"{P}/{kind}/abc", sent)) == (400, f"Invalid {title} ID format")

    def test_is_written_under_its_singular_only(self, admin, kind):
        assert error(admin.get(f"{P}/{kind}")) == (405, "Method not allowed")
        assert error(admin.post(f"{P}/{KINDS[kind][0]}", body(kind))) == (405, "Method not allowed")


class TestUnknownKind:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "nonsense"), ("POST", "nonsense"), ("PUT", f"nonsense/{NOBODY}"), ("DELETE", f"nonsense/{NOBODY}")],
    )
    def test_is_not_found(self, admin, method, path):
        assert error(admin.call(method, f"{P}/{path}", {"name": "x"}))[0] == 404


class TestFusion:
    def test_knows_a_change_at_once(self, admin, make):
        assert fusion.named(["Wise Owl"]) == []
        row = make("archetype", "Wise Owl")
        assert fusion.named(["wise owl"])[0]["details"] == {"traits": ["a"], "behaviors": ["b"]}
        admin.put(f"{P}/archetype/{row['id']}", body("archetype", "Wise Owl", traits=["b"]))
        assert fusion.named(["wise owl"])[0]["details"]["traits"] == ["b"]
        admin.delete(f"{P}/archetype/{row['id']}")
        assert fusion.named(["wise owl"]) == []
