"""/api/industry-settings, as a client sees it."""

import threading

import pytest

from rplay import create_app
from tests.conftest import error, settings_for

I = "/api/industry-settings"  # noqa: E741
C = f"{I}/competencies/insurance/life-health"
F = f"{I}/focus-area/insurance/life-health"
NO_ARRAY = (400, "competencyIds must be an array")
TRAITS = ["knowledgeAreas", "commonConcerns", "typicalGoals", "industryTerminology", "regulatoryConsiderations"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Data files of this module's own."""
    return settings_for(data_dir=tmp_path_factory.mktemp("industries"))


@pytest.fixture(autouse=True)
def as_shipped(app):
    """Every test begins with the files as they are shipped."""
    data = app.extensions["rplay"].data
    for path in data.folder.glob("*.json"):
        path.unlink()
    data.lay_out()


def file(admin, name):
    return admin.get(f"{I}/{name}").get_json()["data"]


class TestEverything:
    @pytest.fixture(params=["alice", "anyone"])
    def caller(self, request):
        return request.getfixturevalue(request.param)

    def test_is_all_files(self, caller, admin):
        body = caller.get(I).get_json()
        assert body["data"] == {
            "industryCompetencies": file(admin, "competencies"),
            "industryMetadata": file(admin, "metadata"),
            "difficultySettings": file(admin, "difficulty"),
        }
        assert body["metadata"] == {"industry": file(admin, "metadata")}
        assert set(body) == {"success", "data", "metadata"}

    def test_with_a_subcategory_tells_of_it(self, caller):
        body = caller.get(f"{I}?industry=insurance&subcategory=life-health").get_json()
        data = body["data"]
        assert (data["industry"], data["industryDisplayName"]) == ("insurance", "Insurance")
        assert (data["subcategory"], data["subcategoryDisplayName"]) == ("life-health", "Life & Health")
        assert data["aiRoleLabel"] == "Insurance Client"
        assert data["aiRoleDescription"].startswith("A private person")
        assert len(data["competencies"]) == 6
        assert set(data["competencies"][0]) == {"id", "name", "description", "category", "weight"}
        assert data["focusAreas"] == body["focusAreas"]
        assert body["focusAreas"][2] == {"id": "long-term-care", "name": "Long Term Care", "enabled": True}
        assert list(body["traits"]) == TRAITS
        assert all(body["traits"].values())
        assert "difficultySettings" in data

    @pytest.mark.parametrize(
        ("industry", "subcategory", "areas"),
        [("insurance", "life-health", 5), ("wealth-management", "default", 0), ("securities", "default", 0)],
    )
    def test_without_a_subcategory_tells_of_the_default_or_the_first(self, alice, industry, subcategory, areas):
        data = alice.get(f"{I}?industry={industry}").get_json()["data"]
        assert (data["subcategory"], len(data["focusAreas"])) == (subcategory, areas)

    def test_with_the_second_subcategory_tells_of_that(self, alice):
        body = alice.get(f"{I}?industry=insurance&subcategory=property-casualty").get_json()
        assert [area["id"] for area in body["focusAreas"]] == ["homeowners-insurance", "automobile-insurance"]
        other = alice.get(f"{I}?industry=insurance&subcategory=life-health").get_json()
        assert body["traits"] != other["traits"]

    @pytest.mark.parametrize(
        ("query", "text"),
        [
            ("industry=no-such", "Industry not found"),
            ("industry=__proto__", "Industry not found"),
        ],
    )
    def test_of_an_unknown_one_is_not_found(self, caller, query, text):
        assert error(caller.get(f"{I}?{query}")) == (404, text)

    @pytest.mark.parametrize(
        ("industry", "first"),
        [("insurance", "life-health"), ("securities", "default"), ("wealth-management", "default")],
    )
    def test_an_unknown_subcategory_counts_as_the_first(self, alice, industry, first):
        answer = alice.get(f"{I}?industry={industry}&subcategory=no-such")
        assert (answer.status_code, answer.get_json()["data"]["subcategory"]) == (200, first)

    def test_tells_what_there_is_of_an_industry_that_admins_added(self, admin, alice):
        added = {"displayName": "X & Y", "subcategories": {"small-firms": {}}}
        admin.put(f"{I}/metadata", {**file(admin, "metadata"), "x-y": added, "bare": {}})
        body = alice.get(f"{I}?industry=x-y").get_json()
        assert body["data"]["industryDisplayName"] == "X & Y"
        assert (body["data"]["subcategory"], body["data"]["subcategoryDisplayName"]) == ("small-firms", "Small Firms")
        assert (body["data"]["aiRoleLabel"], body["data"]["competencies"], body["focusAreas"]) == (None, [], [])
        assert body["traits"] == {trait: [] for trait in TRAITS}
        admin.put(f"{I}/competencies/x-y/large-firms", {"competencyIds": ["communication"]})
        data = alice.get(f"{I}?industry=x-y&subcategory=large-firms").get_json()["data"]
        assert [one["id"] for one in data["competencies"]] == ["communication"]
        assert alice.get(f"{I}?industry=bare").get_json()["data"]["subcategory"] == "default"

    def test_needs_a_session_when_the_old_frontend_is_shut_out(self, settings, alice):
        closed = create_app(settings.model_copy(update={"legacy_frontend": False}))
        assert error(closed.test_client().get(I)) == (401, "Authentication required")
        assert closed.test_client().get(I, headers={"Authorization": f"Bearer {alice.token}"}).status_code == 200

    def test_cannot_be_posted(self, admin):
        assert error(admin.post(I, {})) == (405, "Method not allowed")


class TestPutCompetencies:
    OK = {"success": True, "message": "Industry subcategory competencies updated successfully"}

    def test_replaces_the_list_and_keeps_the_focus_areas(self, admin, company_admin, anyone):
        before = file(admin, "competencies")
        assert company_admin.put(C, {"competencyIds": ["needs-assessment", "communication"]}).get_json() == self.OK
        lists = {**before["insurance"]["life-health"], "competencies": ["needs-assessment", "communication"]}
        before["insurance"]["life-health"] = lists
        assert file(admin, "competencies") == before
        found = anyone.get("/api/competencies?industry=insurance").get_json()["competencies"]
        assert [one["id"] for one in found] == ["communication", "needs-assessment"]

    def test_takes_an_empty_list_and_each_id_once(self, admin):
        for ids, kept in (([], []), (["communication", "communication"], ["communication"])):
            assert admin.put(C, {"competencyIds": ids}).get_json() == self.OK
            assert file(admin, "competencies")["insurance"]["life-health"]["competencies"] == kept

    def test_makes_an_industry_and_a_subcategory(self, admin, anyone):
        for subcategory in ("one", "two"):
            path = f"{I}/competencies/new-industry/{subcategory}"
            assert admin.put(path, {"competencyIds": ["communication"]}).get_json() == self.OK
        made = anyone.get("/api/competencies/industry").get_json()["industryCompetencies"]["new-industry"]
        assert made == {name: {"focusAreas": {}, "competencies": ["communication"]} for name in ("one", "two")}

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({}, NO_ARRAY),
            ({"competencyIds": None}, NO_ARRAY),
            ({"competencyIds": "x"}, NO_ARRAY),
            ({"competencyIds": {"0": "x"}}, NO_ARRAY),
            ({"competencyIds": [5, None]}, (400, "Invalid value for competencyIds")),
            ({"competencyIds": ["communication", "no-such"]}, (400, "Unknown competency: no-such")),
        ],
    )
    def test_refuses_and_changes_nothing(self, admin, body, refusal):
        before = file(admin, "competencies")
        assert error(admin.put(C, body)) == refusal
        assert error(admin.put(f"{F}/annuities", body)) == refusal
        assert file(admin, "competencies") == before

    @pytest.mark.parametrize("names", ["insurance/Bad%20Name%21", "__proto__/polluted", "a.b/c"])
    def test_needs_slugs(self, admin, names):
        assert error(admin.put(f"{I}/competencies/{names}", {})) == (400, "Invalid name")

    def test_loses_none_of_many_at_the_same_time(self, admin):
        paths = [f"{I}/competencies/many/{number}" for number in range(8)]
        threads = [threading.Thread(target=admin.put, args=(path, {"competencyIds": []})) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(file(admin, "competencies")["many"]) == 8

    def test_has_no_get(self, admin):
        answer = admin.get(C)
        assert error(answer) == (405, "Method not allowed")
        assert "PUT" in answer.headers["Allow"]


class TestPutFocusArea:
    OK = {"success": True, "message": "Focus area competencies updated successfully"}

    def area(self, admin, name="annuities"):
        return file(admin, "competencies")["insurance"]["life-health"]["focusAreas"][name]

    def test_replaces_its_list_and_switches_it(self, admin, alice):
        body = {"competencyIds": ["communication"], "enabled": False}
        assert admin.put(f"{F}/annuities", body).get_json() == self.OK
        assert self.area(admin) == {"competencies": ["communication"], "enabled": False}
        shown = alice.get(f"{I}?industry=insurance&subcategory=life-health").get_json()["focusAreas"]
        assert {"id": "annuities", "name": "Annuities", "enabled": False} in shown
        admin.put(f"{F}/annuities", {"competencyIds": []})
        assert self.area(admin) == {"competencies": [], "enabled": True}

    def test_makes_a_new_one(self, admin):
        assert admin.put(f"{F}/brand-new", {"competencyIds": ["communication"]}).get_json() == self.OK
        assert self.area(admin, "brand-new") == {"competencies": ["communication"], "enabled": True}

    @pytest.mark.parametrize("names", ["insurance/nosuch", "nosuch/nosuch"])
    def test_needs_focus_areas_to_be_in(self, admin, names):
        answer = admin.put(f"{I}/focus-area/{names}/x", {"competencyIds": []})
        assert error(answer) == (404, f"Focus areas not found for {names}")

    def test_needs_a_slug_and_a_boolean(self, admin):
        assert error(admin.put(f"{F}/Bad%20One", {"competencyIds": []})) == (400, "Invalid name")
        answer = admin.put(f"{F}/annuities", {"competencyIds": [], "enabled": "no"})
        assert error(answer) == (400, "Invalid value for enabled")


class TestPutDifficulty:
    D = f"{I}/difficulty/insurance"
    BAD = (400, "Invalid difficulty settings format")

    def test_replaces_those_of_one_industry(self, admin):
        before = file(admin, "difficulty")
        saved = {"beginner": {"description": "dé", "visibleDetails": {"name": True}, "own": 1}}
        answer = admin.put(self.D, saved)
        assert answer.get_json() == {"success": True, "message": "Difficulty settings saved successfully"}
        assert file(admin, "difficulty") == {**before, "insurance": saved}

    @pytest.mark.parametrize(
        "body", [{}, None, {"a": 1}, {"a": []}, {"a": {"description": 5}}, {"a": {"visibleDetails": {"name": "yes"}}}]
    )
    def test_refuses_what_could_not_be_read_again(self, admin, body):
        before = file(admin, "difficulty")
        assert error(admin.put(self.D, body)) == self.BAD
        assert file(admin, "difficulty") == before

    def test_refuses_an_industry_that_is_none(self, admin):
        assert error(admin.put(f"{I}/difficulty/Bad%20One", {"a": {}})) == (400, "Invalid name")
        assert error(admin.put(f"{I}/difficulty/no-such", {"a": {}})) == (404, "Industry not found")
        assert error(admin.put(f"{I}/difficulty/no-such", {})) == self.BAD
        assert error(admin.put(self.D, [1])) == (400, "Request body must be a JSON object")


@pytest.mark.parametrize(
    ("name", "noun", "bad"),
    [
        ("metadata", "metadata", [{"x": 5}, {"x": {"displayName": 5}}, {"x": {"subcategories": {"a": 1}}}]),
        ("competencies", "competencies", [{"x": []}, {"x": {"a": 1}}, {"x": {"a": {"competencies": [5]}}}]),
    ],
)
class TestPutWhole:
    def test_takes_the_place_of_the_file(self, admin, name, noun, bad):
        before = file(admin, name)
        saved = {"a-b": {}, "insurance": {**before["insurance"]}}
        answer = admin.put(f"{I}/{name}", saved)
        assert answer.get_json() == {"success": True, "message": f"Industry {noun} saved successfully"}
        assert file(admin, name) == saved
        assert admin.put(f"{I}/{name}", before).status_code == 200
        assert list(file(admin, name)) == list(before)

    def test_refuses_what_could_not_be_read_again(self, admin, name, noun, bad):
        before = file(admin, name)
        for body in (*bad, {}, {"a": {"displayName": "a\0b", "b": {"competencies": ["a\0b"]}}}):
            assert error(admin.put(f"{I}/{name}", body)) == (400, f"Invalid {noun} format")
        assert error(admin.put(f"{I}/{name}", [])) == (400, "Request body must be a JSON object")
        raw = b'{"\\ud800":{}}'
        answer = admin.call("PUT", f"{I}/{name}", data=raw, content_type="application/json")
        assert error(answer) == (400, f"Invalid {noun} format")
        assert file(admin, name) == before


class TestNewIndustry:
    def test_can_be_trained_at_once(self, admin, alice):
        talk = {"industry": "x-y", "difficulty": "beginner"}
        assert error(alice.post("/api/simulation", talk)) == (400, "Invalid industry")
        admin.put(f"{I}/metadata", {**file(admin, "metadata"), "x-y": {"displayName": "X & Y"}})
        assert alice.post("/api/simulation", talk).status_code == 201
