import pytest

from rplay import db
from rplay.data import DataFiles
from tests.conftest import error, settings_for

RULE = {
    "id": "no-umbrellas",
    "name": "Umbrellas",
    "industries": ["insurance"],
    "definition": "An advisor gives no umbrellas away.",
    "examples": ["Take this umbrella."],
    "counterExamples": ["It may rain."],
    "severity": "low",
    "clientSays": ["I have one."],
    "cap": 7,
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return settings_for(data_dir=tmp_path_factory.mktemp("rules"))


class TestGet:
    def test_shows_all_rules_to_everybody_signed_in(self, alice, admin):
        rules = alice.get("/api/compliance").get_json()["data"]
        assert len(rules) > 20
        assert all(rule["severity"] in ("low", "medium", "high") and 1 <= rule["cap"] <= 10 for rule in rules)
        assert admin.get("/api/compliance").get_json()["data"] == rules

    def test_is_not_for_others(self, anyone):
        assert error(anyone.get("/api/compliance")) == (401, "Authentication required")


class TestPut:
    def test_replaces_them_all(self, admin, alice, settings):
        before = alice.get("/api/compliance").get_json()["data"]
        answer = admin.put("/api/compliance", {"rules": [RULE]})
        assert answer.get_json()["message"] == "Compliance rules saved successfully"
        assert alice.get("/api/compliance").get_json()["data"] == [RULE]
        assert [dict(one) for one in DataFiles(settings.data_dir).compliance()] == [RULE]
        assert admin.put("/api/compliance", {"rules": before}).status_code == 200
        assert alice.get("/api/compliance").get_json()["data"] == before

    def test_is_written_down(self, admin):
        rules = admin.get("/api/compliance").get_json()["data"]
        other = 1 if rules[0]["cap"] != 1 else 2
        admin.put("/api/compliance", {"rules": [{**rules[0], "cap": other}, *rules[1:]]})
        admin.put("/api/compliance", {"rules": rules})
        row = db.row("SELECT * FROM audit_log WHERE action = 'compliance.change' ORDER BY at DESC")
        assert (str(row["by_user_id"]), row["details"]) == (
            admin.id,
            {"changes": [{"at": f"{rules[0]['id']}.cap", "before": other, "after": rules[0]["cap"]}]},
        )

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"cap": 0}, "Invalid rules: 0.cap: Input should be greater than or equal to 1"),
            ({"cap": 11}, "Invalid rules: 0.cap: Input should be less than or equal to 10"),
            ({"severity": "dire"}, "Invalid rules: 0.severity: Input should be 'low', 'medium' or 'high'"),
            ({"id": ""}, "Invalid rules: 0.id: String should have at least 1 character"),
            ({"definition": None}, "Invalid rules: 0.definition: Input should be a valid string"),
            ({"examples": "Take it."}, "Invalid rules: 0.examples: Input should be a valid list"),
        ],
    )
    def test_says_what_does_not_fit(self, admin, change, text):
        assert error(admin.put("/api/compliance", {"rules": [{**RULE, **change}]})) == (400, text)

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({}, "Missing required fields: rules"),
            ({"rules": []}, "Invalid value for rules"),
            ({"rules": {}}, "Invalid value for rules"),
            ({"rules": [RULE] * 201}, "Invalid value for rules"),
            ({"rules": [RULE, RULE]}, "Invalid rules: each id must stand once"),
            ({"rules": [{**RULE, "definition": "\0"}]}, "Invalid value for rules"),
        ],
    )
    def test_refuses_what_are_no_rules(self, admin, body, text):
        assert error(admin.put("/api/compliance", body)) == (400, text)

    def test_is_for_admins(self, alice, trainer, company_admin):
        for caller in (alice, trainer):
            assert error(caller.put("/api/compliance", {"rules": [RULE]})) == (403, "Admin access required")
        assert company_admin.put("/api/compliance", {"rules": []}).status_code == 400
