"""A review as a page: made, told, disputed, and the talk tried again."""

import re

import pytest

from rplay.console.reviews_shown import told
from rplay.console.transcripts import before, lines_of
from rplay.db import client_lives, review_disputes, reviews, simulation_origins, simulations
from tests.console.conftest import shown
from tests.console.test_new_talk import begun, profile_of, say

SAID = (
    ("assistant", "Hello, I am here about cover."),
    ("user", "Good morning, I'm Jo from Acme. What brings you here today?"),
    ("assistant", "We have just bought a house."),
    ("user", "I can guarantee you eight percent a year, no risk at all."),
    ("assistant", "Nobody can promise that."),
)
RAW = "x<script>alert(1)</script>"


@pytest.fixture
def talk(signed_in, alice):
    """Over but for its review."""
    made = begun(signed_in(alice))
    say(made, alice.user["id"], *SAID)
    return made


@pytest.fixture
def reviewed(signed_in, alice, talk):
    assert signed_in(alice).post(f"/console/talks/{talk}/review").status_code == 303
    return talk


def address(talk):
    return f"/console/talks/{talk}/review"


class TestMaking:
    def test_ends_the_talk_and_keeps_a_version(self, signed_in, alice, reviewed):
        stored = simulations.get(reviewed)
        assert stored.completed_at
        [version] = reviews.of_simulation(reviewed)
        assert version.source == "server"
        assert stored.performance_review == version.review

    def test_has_to_be_asked_for(self, signed_in, alice, talk):
        page = shown(signed_in(alice).get(address(talk)))
        assert "There is no review yet" in page.words
        assert simulations.get(talk).completed_at is None

    def test_of_a_talk_without_a_word_of_the_learner_ends_nothing(self, signed_in, alice):
        browser = signed_in(alice)
        silent = begun(browser)
        assert browser.post(address(silent)).status_code == 400
        assert simulations.get(silent).completed_at is None

    def test_is_for_the_owner(self, signed_in, bob, admin, talk):
        for stranger in (bob, admin):
            assert signed_in(stranger).get(address(talk)).status_code == 403
            assert signed_in(stranger).post(address(talk)).status_code == 403
        assert reviews.of_simulation(talk) == []


class TestTelling:
    def test_begins_with_the_rules_that_were_broken(self, signed_in, alice, reviewed):
        words = shown(signed_in(alice).get(address(reviewed))).words
        assert words.index("Rules of the trade that were broken") < words.index("Communication Skills")

    def test_links_quotes_and_lines_both_ways(self, signed_in, alice, reviewed):
        page = shown(signed_in(alice).get(address(reviewed)))
        ids = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}
        links = {tag["href"][1:] for tag in page.each("a") if tag["href"].startswith("#")}
        assert {"line-4", "text-1"} <= links
        assert links <= ids | {"page"}

    def test_tells_what_the_client_kept_back_only_when_it_is_over(self, signed_in, alice, talk, reviewed):
        assert "What the client kept back" in shown(signed_in(alice).get(address(reviewed))).words

    def test_stays_small_and_harmless_whatever_stands_in_it(self, signed_in, alice):
        browser = signed_in(alice)
        odd = begun(browser)
        say(odd, alice.user["id"], *[("user", RAW), ("assistant", RAW)] * 18)
        review = {
            "overallScore": 5,
            "summary": RAW,
            "competencyScores": [{"name": RAW, "score": 3, "strengths": [RAW, 7], "improvements": None}, "no", 4],
            "breaches": [{"name": RAW, "line": "x"}, None],
            "moments": "none",
            "nextStep": 3,
            "hidden": [{"about": RAW, "unlock": "x"}],
            "checks": [{"competency": RAW, "text": RAW, "seen": "yes", "evidence": [{"line": 1, "quote": RAW}]}],
        }
        body = {"total_xp": 1, "performance_review": review}
        assert alice.post(f"/api/simulation/{odd}/complete", body).status_code == 200
        answer = browser.get(address(odd))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert len(answer.data) < 100_000

    def test_shows_a_trainers_number_and_the_machines(self, signed_in, alice, admin, reviewed):
        [version] = reviews.of_simulation(reviewed)
        body = {"reviewId": str(version.id), "competency": "overall", "score": 9, "reason": "A fair opening"}
        assert admin.post(f"/api/simulation/{reviewed}/overrides", body).status_code == 201
        words = shown(signed_in(alice).get(address(reviewed))).words
        assert "A fair opening" in words
        assert "the machine’s was" in words

    def test_reads_a_review_by_name_too(self):
        page = told({"competencyScores": {"Rapport": {"score": 4, "strengths": ["Warm."]}}}, [])
        assert [(one.name, [text.words for text in one.strengths]) for one in page.competencies] == [
            ("Rapport", ["Warm."])
        ]


class TestDisputing:
    def fields(self, talk, **other):
        [version] = reviews.of_simulation(talk)
        return {"review": str(version.id), "number": "overall", "reason": "I took it back at once", **other}

    def test_is_kept_once(self, signed_in, alice, reviewed):
        browser = signed_in(alice)
        path = f"/console/talks/{reviewed}/disputes"
        assert browser.post(path, self.fields(reviewed)).location == f"{address(reviewed)}?done=disputed"
        assert [one.reason for one in review_disputes.of_simulation(reviewed)] == ["I took it back at once"]
        assert browser.post(path, self.fields(reviewed)).status_code == 409
        assert "A trainer has not answered yet" in shown(browser.get(address(reviewed))).words

    @pytest.mark.parametrize("wrong", [{"reason": " "}, {"number": "nothing"}, {"review": "x"}])
    def test_needs_a_number_and_a_reason(self, signed_in, alice, reviewed, wrong):
        answer = signed_in(alice).post(f"/console/talks/{reviewed}/disputes", self.fields(reviewed, **wrong))
        assert answer.status_code == 400
        assert review_disputes.of_simulation(reviewed) == []

    def test_is_for_the_owner(self, signed_in, bob, reviewed):
        assert signed_in(bob).post(f"/console/talks/{reviewed}/disputes", self.fields(reviewed)).status_code == 403


class TestAgain:
    def test_brings_the_same_client_with_the_same_life(self, signed_in, alice, reviewed):
        answer = signed_in(alice).post(f"/console/talks/{reviewed}/again", {"line": "0"})
        new = re.fullmatch(r"/console/talks/([0-9a-f-]{36})", answer.location)[1]
        assert profile_of(new) == profile_of(reviewed)
        assert client_lives.of_simulation(new, alice.user["id"]) == client_lives.of_simulation(
            reviewed, alice.user["id"]
        )
        assert simulations.history(new) == []
        assert simulations.get(reviewed).completed_at
        assert str(simulation_origins.of_simulation(new).parent_id) == str(reviewed)

    def test_begins_before_the_line_that_is_to_be_said_otherwise(self, signed_in, alice, reviewed):
        answer = signed_in(alice).post(f"/console/talks/{reviewed}/again", {"line": "4"})
        new = answer.location.rpartition("/")[2]
        assert [turn["content"] for turn in simulations.history(new)] == [words for _, words in SAID[:3]]
        assert simulation_origins.of_simulation(new).from_line == 4

    @pytest.mark.parametrize(("line", "status"), [("3", 404), ("99", 404), ("-1", 400), ("x", 400)])
    def test_begins_at_no_line_that_is_not_the_learners(self, signed_in, alice, reviewed, line, status):
        assert signed_in(alice).post(f"/console/talks/{reviewed}/again", {"line": line}).status_code == status

    def test_is_for_the_owner(self, signed_in, bob, reviewed):
        assert signed_in(bob).post(f"/console/talks/{reviewed}/again", {"line": "0"}).status_code == 403


class TestLines:
    HISTORY = (
        {"role": "system", "content": "Initial greeting"},
        {"role": "assistant", "content": "Hello."},
        "no turn",
        {"role": "user", "content": "What should I ask?", "coach": True},
        {"role": "assistant", "content": "Ask why.", "coach": True},
        {"role": "user", "content": "Why now?", "notes": "kept"},
    )

    def test_are_numbered_as_reviews_number_them(self):
        lines = [(line.number, line.who) for line in lines_of(self.HISTORY)]
        assert lines == [(1, "client"), (None, "coach"), (None, "coach"), (2, "advisor")]

    def test_before_one_are_those_of_the_history_as_they_were(self):
        assert before(self.HISTORY, 2) == list(self.HISTORY[:5])
        assert before(self.HISTORY, 1) is None
