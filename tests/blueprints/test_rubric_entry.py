"""/api/rubric-entry, as a client sees it."""

import pytest

from rplay.data import DataFiles
from tests.conftest import error, settings_for

R = "/api/rubric-entry"
MISSING = (400, "Missing required fields: competency_id, score_range, criteria")
NEW = ["Says hello", "Says goodbye"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return settings_for(data_dir=tmp_path_factory.mktemp("rubrics"))


@pytest.fixture
def shipped(tmp_path):
    files = DataFiles(tmp_path)
    files.lay_out()
    return files


def entry(**fields):
    body = {"id": "made-up", "competency_id": "communication", "score_range": "1-2", "criteria": "; ".join(NEW)}
    return {**body, **fields}


def rows(app, **wanted):
    return app.extensions["rplay"].data.rubrics(competency_ids=["communication"], **wanted)


class TestPost:
    def test_replaces_the_criteria_in_all_three_difficulties(self, app, admin, shipped):
        before = rows(app)
        assert admin.post(R, entry()).get_json() == {"success": True}
        for row, old in zip(rows(app), before, strict=True):
            assert row == ({**old, "criteria": "; ".join(NEW)} if old["id"].endswith("-1") else old)

    def test_replaces_them_in_one_difficulty_where_it_is_given(self, app, admin):
        assert admin.post(R, entry(score_range="3-4", criteria=NEW, difficulty="Advanced")).status_code == 200
        changed = [row["id"] for row in rows(app) if row["criteria"] == "; ".join(NEW) and row["id"].endswith("-2")]
        assert changed == ["communication-advanced-2"]

    def test_is_what_the_next_talk_is_measured_by(self, admin, alice):
        admin.post(R, entry(score_range="9-10", criteria="One thing only"))
        body = {"industry": "insurance", "difficulty": "beginner"}
        talk = alice.post("/api/simulation", body).get_json()["data"]["id"]
        rubrics = alice.get(f"/api/simulation/{talk}").get_json()["simulation"]["rubrics"]
        found = {row["id"]: row["criteria"] for row in rubrics}
        assert found["communication-beginner-5"] == "One thing only"

    def test_takes_back_what_it_gave_out(self, app, admin):
        before = rows(app, difficulty="beginner")
        row = before[2]
        admin.post(R, entry(id=row["id"], score_range="5-6", criteria=row["criteria"], difficulty="beginner"))
        assert rows(app, difficulty="beginner") == before

    @pytest.mark.parametrize("criteria", ["a\n b ;c;", ["a", " b", "c", ""]])
    def test_parts_a_text_and_drops_what_is_blank(self, app, admin, criteria):
        admin.post(R, entry(score_range="7-8", criteria=criteria))
        assert rows(app, difficulty="beginner")[3]["criteria"] == "a; b; c"

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"competency_id": None}, MISSING),
            ({"score_range": ""}, MISSING),
            ({"criteria": " "}, MISSING),
            ({"criteria": []}, (400, "Invalid value for criteria")),
            ({"criteria": ";"}, (400, "Invalid value for criteria")),
            ({"criteria": ["a", 5]}, (400, "Invalid value for criteria")),
            ({"criteria": {"a": 1}}, (400, "Invalid value for criteria")),
            ({"score_range": "2-3"}, (400, "Invalid value for score_range")),
            ({"score_range": 5}, (400, "Invalid value for score_range")),
            ({"difficulty": "hard"}, (400, "Invalid difficulty")),
            ({"competency_id": "no-such"}, (404, "Rubric entry not found")),
        ],
    )
    def test_refuses_and_changes_nothing(self, app, admin, change, refusal):
        before = rows(app)
        assert error(admin.post(R, entry(**change))) == refusal
        assert rows(app) == before

    def test_names_every_required_field(self, admin):
        assert error(admin.post(R, {"id": "x"})) == MISSING

    def test_is_the_only_method(self, admin):
        answer = admin.get(R)
        assert error(answer) == (405, "Method not allowed")
        assert "POST" in answer.headers["Allow"]
