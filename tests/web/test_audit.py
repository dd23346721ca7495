"""What the audit log keeps of a change of data files."""

import json

from rplay import db
from rplay.web.audit import CHARACTERS, MOST, changes


def test_names_the_place_with_what_stood_there_and_what_stands_now():
    before = [{"id": "a", "levels": {"easy": [{"range": "1-2", "criteria": ["x"]}]}}, {"id": "b"}]
    after = [{"id": "a", "levels": {"easy": [{"range": "1-2", "criteria": ["x", "y"]}]}}, {"id": "c", "n": 1}]
    assert changes(before, after) == {
        "changes": [
            {"at": "a.levels.easy.1-2.criteria", "before": ["x"], "after": ["x", "y"]},
            {"at": "b", "before": {"id": "b"}, "after": None},
            {"at": "c", "before": None, "after": {"id": "c", "n": 1}},
        ]
    }


def test_says_nothing_where_nothing_was_changed():
    assert changes({"a": [1]}, {"a": [1]}) == {}


def test_keeps_no_more_than_it_may():
    found = changes({}, {str(n): "x" * 9999 for n in range(MOST + 7)})
    assert (len(found["changes"]), found["more"]) == (MOST, 7)
    assert len(found["changes"][0]["after"]) <= CHARACTERS + 2


def entries():
    return db.rows("SELECT action, by_user_id::text AS by, details FROM audit_log ORDER BY at, action")


class TestByTheApi:
    def test_a_rubric_entry_is_written_down(self, admin):
        db.execute("DELETE FROM audit_log")
        body = {
            "competency_id": "communication",
            "score_range": "5-6",
            "criteria": "One; Two",
            "difficulty": "beginner",
        }
        assert admin.post("/api/rubric-entry", body).status_code == 200
        (entry,) = entries()
        (change,) = entry["details"]["changes"]
        assert (entry["action"], entry["by"]) == ("rubrics.change", admin.id)
        assert (change["at"], change["after"]) == ("communication.rubric.beginner.5-6.criteria", ["One", "Two"])

    def test_compliance_rules_and_competencies_are_too(self, admin):
        rules = admin.get("/api/compliance").get_json()["data"]
        db.execute("DELETE FROM audit_log")
        assert admin.put("/api/compliance", {"rules": [{**rules[0], "cap": 2.5}, *rules[1:]]}).status_code == 200
        assert admin.post("/api/competencies", {"name": "Written Down", "category": "General"}).status_code == 201
        assert [entry["action"] for entry in entries()] == ["compliance.change", "competencies.change"]
        assert "2.5" in json.dumps(entries()[0]["details"])

    def test_what_is_refused_is_not(self, admin):
        db.execute("DELETE FROM audit_log")
        assert admin.post(
            "/api/competencies", {"name": "Communication", "category": "x", "industry": "none"}
        ).status_code
        assert admin.put("/api/industry-settings/difficulty/none", {"beginner": {}}).status_code == 404
        assert [entry for entry in entries() if entry["action"] == "difficulty-settings.change"] == []
