"""The page of a talk, as it comes from the server."""

import json

from tests.conftest import Person
from tests.console.conftest import shown

PROFILE = {"name": "Ruth <b>", "occupation": "Nurse", "hiddenObjections": ["was cheated once"]}
TURNS = [
    {"role": "user", "content": "Hello."},
    {"role": "assistant", "content": "I'm Ruth."},
    {"role": "user", "content": "What is a rider?", "coach": True},
    {"role": "assistant", "content": "## Expert Summary", "coach": True},
]


def begun(person: Person, turns=TURNS):
    wish = {"industry": "insurance", "difficulty": "beginner", "clientProfile": PROFILE}
    talk = person.post("/api/simulation", wish).get_json()["data"]
    if turns:
        person.patch(f"/api/simulation/{talk['id']}", {"conversation_history": turns})
    return talk


def of(signed_in, person, talk):
    return shown(signed_in(person).get(f"/console/talks/{talk['id']}"))


class TestPage:
    def test_shows_what_was_said_without_a_script_and_nothing_of_the_coach(self, signed_in, person):
        learner = person("Talking")
        page = of(signed_in, learner, begun(learner))
        assert "Hello." in page.words
        assert "I'm Ruth." in page.words
        assert "Expert Summary" not in page.words

    def test_says_when_the_coach_was_asked(self, signed_in, person):
        learner = person("Asking")
        (badge,) = of(signed_in, learner, begun(learner)).each("span", id="assisted")
        assert "hidden" not in badge
        (badge,) = of(signed_in, learner, begun(learner, TURNS[:2])).each("span", id="assisted")
        assert "hidden" in badge

    def test_gives_the_script_the_turns_and_no_secret_of_the_client(self, signed_in, person):
        learner = person("Curious")
        talk = begun(learner)
        page = of(signed_in, learner, talk)
        (root,) = page.each("div", id="talk")
        told = json.loads(root["data-page"])
        assert told["turns"] == TURNS
        assert told["settings"]["simulationId"] == talk["simulation_id"]
        assert "cheated" not in root["data-page"]

    def test_shows_no_work_of_a_client_of_whom_only_the_name_is_known(self, signed_in, person):
        learner = person("Advanced")
        wish = {"industry": "insurance", "difficulty": "advanced", "clientProfile": PROFILE}
        talk = learner.post("/api/simulation", wish).get_json()["data"]
        assert "Nurse" not in of(signed_in, learner, talk).words
        assert "Nurse" in of(signed_in, learner, begun(learner)).words

    def test_is_nobody_elses(self, signed_in, person):
        talk = begun(person("Owner"))
        assert signed_in(person("Stranger")).get(f"/console/talks/{talk['id']}").status_code == 403

    def test_says_that_there_is_none(self, signed_in, person):
        browser = signed_in(person("Lost"))
        assert browser.get("/console/talks/00000000-0000-4000-8000-000000000000").status_code == 404


class TestClient:
    def test_is_the_one_of_the_talk_where_the_page_sends_no_profile(self, person):
        learner = person("Brief")
        talk = begun(learner, None)
        asked = {
            "messages": [{"role": "user", "content": "Hello, what is your name?"}],
            "clientProfile": {},
            "simulationSettings": {"industry": "insurance", "simulationId": talk["simulation_id"]},
        }
        assert "Ruth" in learner.post("/api/chat/client-response", asked).get_json()["message"]
        assert "Ruth" not in person("Else").post("/api/chat/client-response", asked).get_json()["message"]
