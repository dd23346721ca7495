"""What trainers see: the queue, a talk to be judged, their groups. And what others do not."""

import pytest

from rplay import db
from tests.console.conftest import shown
from tests.judged import group_of, review_of, reviews_of, talk_of


@pytest.fixture
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture
def theo(person):
    return person("Theo", "trainer")


@pytest.fixture
def lena(person):
    return person("Lena")


@pytest.fixture
def group(admin, tess, lena):
    db.execute("DELETE FROM groups")
    return group_of(admin, "North", tess, lena)


@pytest.fixture
def talk(group, lena):
    return talk_of(lena, review_of(overall=4.5))


def judge(talk):
    return f"/console/talks/{talk}/judge"


class TestQueue:
    def test_lists_the_talks_of_ones_own_learners_without_a_number(self, signed_in, tess, theo, talk):
        page = shown(signed_in(tess).get("/console/queue"))
        assert "Lena" in page.words
        assert "4.5" not in page.words
        assert "Lena" not in shown(signed_in(theo).get("/console/queue")).words

    def test_is_not_for_learners(self, signed_in, lena):
        assert signed_in(lena).get("/console/queue").status_code == 403
        assert "Review queue" not in signed_in(lena).get("/console/").text

    def test_can_be_narrowed_to_why_they_wait(self, signed_in, tess, talk):
        assert "Lena" not in shown(signed_in(tess).get("/console/queue?why=disputed")).words
        assert "Lena" in shown(signed_in(tess).get("/console/queue?why=unreviewed")).words


class TestJudging:
    def test_begins_blind(self, signed_in, tess, talk):
        page = shown(signed_in(tess).get(judge(talk)))
        assert "What matters most to you about your cover?" in page.words
        assert "It went as it went." not in page.words
        assert "4.5" not in page.words

    def test_marks_are_kept_blind_and_then_the_numbers_are_there(self, signed_in, tess, lena, talk):
        browser = signed_in(tess)
        fields = {"numbers": ["overall", "Active Listening"], "scores": ["7.5", ""], "notes": "Warm."}
        answer = browser.post(f"{judge(talk)}/marks", fields)
        assert answer.location == f"{judge(talk)}?numbers=shown&done=marked"
        page = shown(browser.get(answer.location))
        assert "4.5" in page.words
        assert "(blind)" in page.words
        (mark,) = reviews_of(tess, talk)["marks"]
        assert (mark["scores"], mark["blind"], mark["notes"]) == ({"overall": 7.5}, True, "Warm.")

    def test_after_the_numbers_were_shown_marks_are_not_blind(self, signed_in, tess, talk):
        browser = signed_in(tess)
        browser.get(f"{judge(talk)}?numbers=shown")
        browser.post(f"{judge(talk)}/marks", {"numbers": ["overall"], "scores": ["7"]})
        (mark,) = reviews_of(tess, talk)["marks"]
        assert mark["blind"] is False

    @pytest.mark.parametrize("scores", [[""], ["11"], ["x"]])
    def test_marks_need_a_number(self, signed_in, tess, talk, scores):
        answer = signed_in(tess).post(f"{judge(talk)}/marks", {"numbers": ["overall"], "scores": scores})
        assert answer.status_code == 400
        assert "at least one number" in shown(answer).words

    def test_a_number_is_changed_with_a_reason_and_the_learner_reads_both(self, signed_in, tess, lena, talk):
        review = reviews_of(tess, talk)["current"]
        fields = {"review": review, "number": "overall", "score": "6", "reason": "She came back to it."}
        assert signed_in(tess).post(f"{judge(talk)}/numbers", fields).status_code == 303
        words = shown(signed_in(lena).get(f"/console/talks/{talk}/review")).words
        assert "She came back to it." in words
        assert "4.5" in words

    def test_a_dispute_is_answered(self, signed_in, tess, lena, talk):
        review = reviews_of(lena, talk)["current"]
        doubt = {"reviewId": review, "competency": "overall", "reason": "Too low."}
        dispute = lena.post(f"/api/simulation/{talk}/disputes", doubt).get_json()["data"]["id"]
        browser = signed_in(tess)
        assert "Too low." not in browser.get(judge(talk)).text
        assert "Too low." in shown(browser.get(f"{judge(talk)}?numbers=shown")).words
        fields = {"dispute": dispute, "score": "", "reason": "It stands, as nothing was recommended."}
        assert browser.post(f"{judge(talk)}/disputes", fields).status_code == 303
        assert "It stands" in shown(signed_in(lena).get(f"/console/talks/{talk}/review")).words

    def test_is_for_nobody_else(self, signed_in, theo, lena, talk):
        assert signed_in(theo).get(judge(talk)).status_code == 403
        assert (
            signed_in(theo).post(f"{judge(talk)}/marks", {"numbers": ["overall"], "scores": ["7"]}).status_code == 403
        )
        assert signed_in(lena).get(judge(talk)).location.endswith("/review")
        assert (
            signed_in(lena).post(f"{judge(talk)}/marks", {"numbers": ["overall"], "scores": ["7"]}).status_code == 403
        )


class TestGroups:
    def test_shows_who_practises_and_who_needs_help(self, signed_in, tess, lena, group):
        for overall in (3, 4, 5):
            talk_of(lena, review_of(overall=overall))
        page = shown(signed_in(tess).get(f"/console/groups/{group}"))
        assert "Below 5 on average: Lena" in page.words
        assert "Active Listening" in page.words
        table = signed_in(tess).get(f"/console/groups/{group}/scores.csv")
        assert table.data.decode("utf-8-sig").splitlines()[1].startswith("Lena,")

    def test_of_others_stay_closed(self, signed_in, theo, lena, group):
        for who in (theo, lena):
            for path in (f"/console/groups/{group}", f"/console/groups/{group}/scores.csv"):
                assert signed_in(who).get(path).status_code == 403
        assert signed_in(lena).get("/console/groups").status_code == 403

    def test_are_made_and_filled_by_admins(self, signed_in, admin, tess, lena):
        db.execute("DELETE FROM groups")
        browser = signed_in(admin)
        made = browser.post("/console/groups", {"name": "South"}).location
        for person, role in ((tess, "trainer"), (lena, "learner")):
            assert browser.post(f"{made}/members", {"email": person.email.upper(), "role": role}).status_code == 303
        assert "South" in shown(signed_in(tess).get("/console/groups")).words
        again = browser.post(f"{made}/members", {"email": lena.email})
        assert (again.status_code, "Is in this group already." in shown(again).words) == (409, True)
        assert browser.post(f"{made}/members", {"email": "nobody@example.com"}).status_code == 404
        assert browser.post(f"{made}/members", {"email": lena.email, "role": "trainer"}).status_code in (400, 409)
        assert browser.post("/console/groups", {"name": "south"}).status_code == 409
        assert browser.post(f"{made}/members/{lena.id}/remove").status_code == 303
        assert signed_in(tess).post("/console/groups", {"name": "Mine"}).status_code == 403
