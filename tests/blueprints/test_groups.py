import pytest

from rplay import db
from tests.conftest import error
from tests.judged import NOBODY, group_of, review_of, talk_of


@pytest.fixture
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture
def theo(person):
    return person("Theo", "trainer")


@pytest.fixture
def names():
    """Of groups that no other test has made."""
    db.execute("DELETE FROM groups")


@pytest.fixture
def group(admin, names, tess, alice):
    return group_of(admin, "North", tess, alice)


class TestEvery:
    def test_shows_admins_all_and_trainers_their_own(self, admin, company_admin, tess, theo, alice, group):
        south = group_of(admin, "South", theo)
        for caller, ids in (
            (admin, [group, south]),
            (company_admin, [group, south]),
            (tess, [group]),
            (theo, [south]),
            (alice, []),
        ):
            assert [one["id"] for one in caller.get("/api/groups").get_json()["data"]] == ids
        assert (
            tess.get("/api/groups").get_json()["data"][0].items()
            >= {"name": "North", "trainers": 1, "learners": 1}.items()
        )

    def test_shows_nothing_to_a_trainer_who_is_none_any_more(self, tess, group):
        db.execute("UPDATE users SET role = 'learner' WHERE id = %(id)s", id=tess.id)
        assert tess.get("/api/groups").get_json()["data"] == []
        assert error(tess.get(f"/api/groups/{group}")) == (403, "Not authorized to view this group")


class TestCreate:
    def test_makes_a_group_with_nobody_in_it(self, company_admin, names):
        answer = company_admin.post("/api/groups", {"name": " East "})
        assert answer.status_code == 201
        made = answer.get_json()["data"]
        assert (made["name"], made["trainers"], made["learners"]) == ("East", 0, 0)

    def test_refuses_a_name_that_is_taken_in_any_case(self, admin, group):
        assert error(admin.post("/api/groups", {"name": "NORTH"})) == (409, "Group name already exists")

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({}, "Missing required fields: name"),
            ({"name": " "}, "Missing required fields: name"),
            ({"name": 5}, "Invalid value for name"),
            ({"name": "x" * 201}, "Invalid value for name"),
        ],
    )
    def test_refuses_what_is_no_name(self, admin, body, text):
        assert error(admin.post("/api/groups", body)) == (400, text)

    def test_is_for_admins(self, tess, alice):
        for caller in (tess, alice):
            assert error(caller.post("/api/groups", {"name": "Mine"})) == (403, "Admin access required")


class TestGet:
    def test_shows_who_is_in_it_trainers_first(self, tess, alice, group):
        shown = tess.get(f"/api/groups/{group}").get_json()["data"]
        assert [(one["id"], one["role"]) for one in shown["members"]] == [(tess.id, "trainer"), (alice.id, "learner")]

    def test_is_for_admins_and_its_trainers(self, admin, company_admin, theo, alice, bob, group):
        for caller in (admin, company_admin):
            assert caller.get(f"/api/groups/{group}").status_code == 200
        for stranger in (theo, alice, bob):
            assert error(stranger.get(f"/api/groups/{group}")) == (403, "Not authorized to view this group")

    def test_knows_what_is_none(self, admin):
        assert error(admin.get(f"/api/groups/{NOBODY}")) == (404, "Group not found")
        assert error(admin.get("/api/groups/5")) == (400, "Invalid group ID format")

    def test_shows_means_of_three_talks_and_more_with_peoples_numbers_first(self, admin, person, tess, group):
        zoe = person("Zoe")
        admin.post(f"/api/groups/{group}/members", {"userId": zoe.id})
        means = []
        for overall in (4, 6, 8):
            talk = talk_of(zoe, review_of(overall))
            means.append(self.standing(tess, group, zoe))
        assert means == [(1, None), (2, None), (3, 6.0)]
        review = tess.get(f"/api/simulation/{talk}/reviews").get_json()["data"]["current"]
        body = {"reviewId": review, "competency": "overall", "score": 5, "reason": "Too kind."}
        assert tess.post(f"/api/simulation/{talk}/overrides", body).status_code == 201
        assert self.standing(tess, group, zoe) == (3, 5.0)
        assert zoe.get("/api/simulation").get_json()["stats"]["avgScore"] == 6  # stays the client's

    def standing(self, caller, group, person):
        members = caller.get(f"/api/groups/{group}").get_json()["data"]["members"]
        return next((one["talks"], one["average"]) for one in members if one["id"] == person.id)


class TestPut:
    def test_gives_another_name(self, admin, group):
        assert admin.put(f"/api/groups/{group}", {"name": "West"}).get_json()["data"]["name"] == "West"
        assert admin.put(f"/api/groups/{group}", {"name": "west"}).status_code == 200  # its own

    def test_refuses_a_name_that_is_taken(self, admin, group):
        group_of(admin, "South")
        assert error(admin.put(f"/api/groups/{group}", {"name": "south"})) == (409, "Group name already exists")

    def test_refuses_a_group_that_is_none(self, admin):
        assert error(admin.put(f"/api/groups/{NOBODY}", {"name": "West"})) == (404, "Group not found")

    def test_is_for_admins(self, tess, group):
        assert error(tess.put(f"/api/groups/{group}", {"name": "Mine"})) == (403, "Admin access required")


class TestDelete:
    def test_leaves_the_people(self, admin, tess, alice, group):
        talk = talk_of(alice)
        assert tess.get(f"/api/simulation/{talk}/reviews").status_code == 200
        assert admin.delete(f"/api/groups/{group}").get_json()["message"] == "Group deleted successfully"
        assert alice.get("/api/auth/me").status_code == 200
        assert error(tess.get(f"/api/simulation/{talk}/reviews")) == (403, "Not authorized to view these reviews")
        assert error(admin.delete(f"/api/groups/{group}")) == (404, "Group not found")

    def test_is_for_admins(self, tess, group):
        assert error(tess.delete(f"/api/groups/{group}")) == (403, "Admin access required")


class TestMembers:
    def test_join_as_what_their_account_says(self, admin, names, theo, bob):
        group = group_of(admin, "South", theo, bob)
        members = admin.get(f"/api/groups/{group}").get_json()["data"]["members"]
        assert {one["id"]: one["role"] for one in members} == {theo.id: "trainer", bob.id: "learner"}

    def test_a_trainer_may_learn_in_another_group(self, admin, tess, theo, group):
        body = {"userId": theo.id, "role": "learner"}
        assert admin.post(f"/api/groups/{group}/members", body).status_code == 201
        assert tess.get(f"/api/simulation/{talk_of(theo)}/reviews").status_code == 200

    def test_only_trainers_train(self, admin, bob, group):
        body = {"userId": bob.id, "role": "trainer"}
        assert error(admin.post(f"/api/groups/{group}/members", body)) == (400, "Only trainers can train a group")

    def test_join_once(self, admin, alice, group):
        again = admin.post(f"/api/groups/{group}/members", {"userId": alice.id})
        assert error(again) == (409, "Already a member of this group")

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({}, (400, "Missing required fields: userId")),
            ({"userId": "me"}, (400, "Invalid user ID format")),
            ({"userId": 5}, (400, "Invalid user ID format")),
            ({"userId": NOBODY}, (404, "User not found")),
            ({"userId": NOBODY, "role": "boss"}, (400, "Invalid role. Must be one of: trainer, learner")),
        ],
    )
    def test_have_to_be_people(self, admin, group, body, refusal):
        assert error(admin.post(f"/api/groups/{group}/members", body)) == refusal

    def test_need_a_group(self, admin, bob):
        body = {"userId": bob.id}
        assert error(admin.post(f"/api/groups/{NOBODY}/members", body)) == (404, "Group not found")

    def test_leave_and_are_seen_no_more(self, admin, tess, alice, group):
        talk = talk_of(alice)
        answer = admin.delete(f"/api/groups/{group}/members/{alice.id}")
        assert answer.get_json()["message"] == "Member removed successfully"
        assert error(tess.get(f"/api/simulation/{talk}/reviews")) == (403, "Not authorized to view these reviews")
        again = admin.delete(f"/api/groups/{group}/members/{alice.id}")
        assert error(again) == (404, "Not a member of this group")

    def test_go_with_their_account(self, admin, person, group):
        zoe = person("Zoe")
        admin.post(f"/api/groups/{group}/members", {"userId": zoe.id})
        assert admin.delete(f"/api/users/{zoe.id}").status_code == 200
        members = admin.get(f"/api/groups/{group}").get_json()["data"]["members"]
        assert zoe.id not in {one["id"] for one in members}

    def test_are_arranged_by_admins(self, tess, theo, bob, group):
        for answer in (
            tess.post(f"/api/groups/{group}/members", {"userId": bob.id}),
            theo.post(f"/api/groups/{group}/members", {"userId": theo.id}),
            tess.delete(f"/api/groups/{group}/members/{bob.id}"),
        ):
            assert error(answer) == (403, "Admin access required")


def test_changes_are_written_down(admin, names, tess):
    group = group_of(admin, "North", tess)
    admin.put(f"/api/groups/{group}", {"name": "West"})
    admin.delete(f"/api/groups/{group}/members/{tess.id}")
    admin.delete(f"/api/groups/{group}")
    written = db.rows("SELECT * FROM audit_log WHERE subject_id = %(id)s ORDER BY at", id=group)
    assert [(one["action"], str(one["user_id"] or "")) for one in written] == [
        ("group.create", ""),
        ("group.add", tess.id),
        ("group.rename", ""),
        ("group.remove", tess.id),
        ("group.delete", ""),
    ]
    assert {str(one["by_user_id"]) for one in written} == {admin.id}
