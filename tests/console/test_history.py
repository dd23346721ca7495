"""Home and history: what was, how it went, and what is next."""

import pytest

from rplay.console.exercise import proposed
from rplay.db import learner_talks, simulation_origins
from rplay.db.learner_talks import Filter, LearnerTalk
from rplay.web.fields.training import DIFFICULTIES
from tests.console.conftest import shown
from tests.console.test_new_talk import begun, say


@pytest.fixture(scope="module")
def learner(person):
    return person("Hanna")


@pytest.fixture(scope="module")
def talks(learner):
    """One reviewed, one going on, one that nobody has begun; each in a field of its own."""
    made = []
    for industry, difficulty in (
        ("insurance", "beginner"),
        ("securities", "advanced"),
        ("wealth-management", "beginner"),
    ):
        body = {"industry": industry, "difficulty": difficulty, "clientProfile": {"name": f"Client of {industry}"}}
        made.append(learner.post("/api/simulation", body).get_json()["data"]["id"])
    for talk in made[:2]:
        say(talk, learner.user["id"], ("assistant", "Hello."), ("user", "Hello, why now?"))
    scores = [{"name": "Rapport", "score": 4}, {"name": "Needs", "score": 8}]
    review = {"overallScore": 6, "competencyScores": scores}
    assert learner.post(f"/api/simulation/{made[0]}/complete", {"performance_review": review}).status_code == 200
    return made


class TestHome:
    def test_of_a_newcomer_says_how_to_begin(self, signed_in, person):
        assert "Your first talk" in shown(signed_in(person("New")).get("/console/")).words

    def test_leads_on_with_what_is_open_and_says_how_the_last_went(self, signed_in, learner, talks):
        page = shown(signed_in(learner).get("/console/"))
        links = [tag["href"] for tag in page.each("a")]
        assert f"/console/talks/{talks[0]}/review" in links
        assert f"/console/talks/{talks[1]}" in links
        assert f"/console/talks/{talks[2]}/client" in links
        assert "Practise: Rapport" in page.words


class TestHistory:
    def test_lists_ones_own_talks_only(self, signed_in, learner, bob, talks):
        assert "Client of insurance" in signed_in(learner).get("/console/history").text
        assert "Client of" not in signed_in(bob).get("/console/history").text

    @pytest.mark.parametrize(
        ("query", "left"),
        [
            ("industry=securities", {"securities"}),
            ("difficulty=beginner", {"insurance", "wealth-management"}),
            ("state=open", {"securities", "wealth-management"}),
            ("state=done", {"insurance"}),
            ("industry=nothing", set()),
            ("page=99", {"insurance", "securities", "wealth-management"}),
            ("page=x&number=nothing", {"insurance", "securities", "wealth-management"}),
        ],
    )
    def test_can_be_filtered(self, signed_in, learner, talks, query, left):
        text = signed_in(learner).get(f"/console/history?{query}").text
        assert {one for one in ("insurance", "securities", "wealth-management") if f"Client of {one}" in text} == left

    def test_is_read_page_by_page(self, signed_in, person):
        busy = person("Busy")
        for _ in range(21):
            busy.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"})
        page = shown(signed_in(busy).get("/console/history"))
        assert next(page.each("a", rel="next"))["href"] == "?industry=&difficulty=&state=&page=2"
        assert len(list(shown(signed_in(busy).get("/console/history?page=2")).each("th", scope="row"))) == 1

    def test_draws_a_trend_of_each_number(self, signed_in, person):
        steady = person("Steady")
        for score in (4, 7):
            body = {"industry": "insurance", "difficulty": "beginner"}
            talk = steady.post("/api/simulation", body).get_json()["data"]["id"]
            review = {"overallScore": 5, "competencyScores": [{"name": "Rapport", "score": score}]}
            steady.post(f"/api/simulation/{talk}/complete", {"performance_review": review})
        page = signed_in(steady).get("/console/history?number=Rapport")
        assert "Trend: Rapport" in page.text
        dots = [tag["cy"] for tag in shown(page).each("circle")]
        assert float(dots[1]) < float(dots[0])


def test_a_talk_in_which_the_coach_was_asked_is_marked(signed_in, person):
    helped = person("Helped")
    talk = helped.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]["id"]
    asked = [
        {"role": "user", "content": "Now what?", "coach": True},
        {"role": "assistant", "content": "A", "coach": True},
    ]
    assert "assisted" not in shown(signed_in(helped).get("/console/history")).words
    helped.patch(f"/api/simulation/{talk}", {"conversation_history": asked})
    assert "assisted" in shown(signed_in(helped).get("/console/history")).words
    assert "assisted" in shown(signed_in(helped).get(f"/console/talks/{talk}/review")).words


class TestTries:
    def test_stand_side_by_side(self, signed_in, alice):
        browser = signed_in(alice)
        first = begun(browser)
        say(first, alice.user["id"], ("assistant", "Hello."), ("user", "Good morning."))
        second = browser.post(f"/console/talks/{first}/again", {"line": "2"}).location.rpartition("/")[2]
        third = browser.post(f"/console/talks/{second}/again", {}).location.rpartition("/")[2]
        for one in (first, second, third):
            assert [str(one) for one in simulation_origins.tries_of(one, alice.user["id"])] == [first, second, third]
        page = shown(browser.get(f"/console/talks/{third}/tries"))
        assert {f"/console/talks/{one}/review" for one in (first, second, third)} <= {
            tag["href"] for tag in page.each("a")
        }

    def test_are_for_the_owner(self, signed_in, alice, bob):
        assert signed_in(bob).get(f"/console/talks/{begun(signed_in(alice))}/tries").status_code == 403


class TestNextExercise:
    def talk(self, difficulty="beginner"):
        return LearnerTalk("id", "X", "insurance", "life-health", difficulty, None, None, None, 3, False, None, 0)

    @pytest.fixture(autouse=True)
    def in_english(self, app):
        with app.test_request_context("/"):
            yield

    def test_is_the_weakest_number_with_its_mean(self):
        found = proposed([self.talk()], {"overall": [6], "Rapport": [8, 8], "Needs": [5, 4]})
        assert (found.title, found.kind, found.difficulty) == ("Practise: Needs", "insurance/life-health", "beginner")
        assert "4.5" in found.why

    def test_is_a_harder_client_when_it_has_become_easy(self):
        scores = {"overall": [8, 8, 9], "Needs": [8, 8, 8]}
        assert proposed([self.talk()], scores).difficulty == "intermediate"
        assert proposed([self.talk(DIFFICULTIES[-1])], scores).difficulty == "advanced"

    def test_is_none_before_the_first_review(self):
        assert proposed([], {}) is None
        assert proposed([self.talk()], {}) is None


def test_odd_old_talks_are_listed(database, learner, talks):
    listed = learner_talks.page_of(learner.user["id"], Filter(), 10)
    assert [one.said for one in listed] == [0, 1, 1]
