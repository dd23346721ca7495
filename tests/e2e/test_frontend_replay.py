"""What the existing web frontend does, step by step, with the bodies that it sends."""

import threading

import pytest

from tests.live import live_server
from tests.tts.running import Client

ORIGIN = {"Origin": "http://localhost:3000"}
FOCUS = [{"id": "life-insurance", "name": "Life Insurance"}]
PERSONALITY = {
    "traits": {"openness": 60, "conscientiousness": 70, "extraversion": 50, "agreeableness": 60, "neuroticism": 40},
    "archetype": "analyst",
    "mood": "confident",
    "influence": 70,
}
KEYWORDLESS = {"rapport", "needs", "objections", "recommendations", "explanation"}


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory):
    with live_server(new_database(), tmp_path_factory.mktemp("replay")) as server:
        yield server


class Frontend:
    """The page: what it keeps between the steps, and how it calls."""

    def __init__(self, live):
        self.live = live
        self.token = None
        self.kept = {}

    def browser(self, method, path, body=None, status=200):
        """A: the browser calls the backend, after a preflight."""
        asked = {
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        preflight = self.live.call("OPTIONS", path, headers={**ORIGIN, **asked})
        assert preflight.ok
        assert method in preflight.headers["Access-Control-Allow-Methods"]
        answer = self.live.call(method, path, body, self.token, headers=ORIGIN)
        assert answer.status_code == status, answer.text
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
        return answer.json()

    def own_server(self, method, path, body=None, status=200):
        """S and R: the frontend's own server calls, without a token."""
        answer = self.live.call(method, path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def settings(self):
        kept = self.kept
        return {
            "industry": "insurance",
            "subcategory": "life-health",
            "difficulty": "beginner",
            "competencies": ["Communication Skills", "Needs Assessment"],
            "simulationId": kept["simulation_id"],
            "focusAreas": FOCUS,
            "aiRoleLabel": "Insurance Client",
            "aiRoleDescription": "A person who looks for insurance",
        }

    def say(self, path, messages, **more):
        body = {
            "messages": messages,
            "clientProfile": self.kept["profile"],
            "personalitySettings": PERSONALITY,
            "simulationSettings": self.settings(),
            **more,
        }
        return self.browser("POST", path, body)


@pytest.fixture(scope="module")
def page(live):
    return Frontend(live)


def test_01_sign_up(page):
    body = {
        "name": "Jo Urney",
        "email": "jo@example.com",
        "password": "Passw0rdX",
        "jobRole": "Advisor",
        "company": "Acme",
    }
    made = page.browser("POST", "/api/auth/register", body, 201)
    assert {"id", "name", "email", "role", "job_role", "created_at"} <= set(made["data"]["user"])
    assert page.browser("POST", "/api/auth/register", body, 409)["message"]


def test_02_login(page):
    wrong = page.browser("POST", "/api/auth/login", {"email": "jo@example.com", "password": "nope"}, 401)
    assert wrong["message"] == "Invalid email or password"
    right = page.browser("POST", "/api/auth/login", {"email": "jo@example.com", "password": "Passw0rdX"})
    page.token = right["data"]["token"]
    page.kept["user"] = right["data"]["user"]
    assert page.kept["user"]["role"] == "learner"


def test_08_profile(page):
    body = {"industry": "insurance", "subcategory": "life-health", "difficulty": "beginner", "focusAreas": FOCUS}
    made = page.own_server("POST", "/api/agents/profile/generate", body)
    profile = made["profile"]
    assert made["success"] is True
    assert profile["occupation"].lower()
    assert profile["family"].lower()
    assert profile["familyStatus"].lower()
    assert isinstance(profile["age"], int)
    for listed in ("assets", "debts", "goals"):
        assert all(isinstance(entry, str) for entry in profile[listed])
    assert profile["fusionModelTraits"]
    page.kept["profile"] = profile


def test_09_new_simulation(page):
    body = {
        "industry": "insurance",
        "subcategory": "life-health",
        "difficulty": "beginner",
        "clientProfile": page.kept["profile"],
        "objectives": [],
    }
    data = page.browser("POST", "/api/simulation", body, 201)["data"]
    page.kept.update(id=data["id"], simulation_id=data["simulation_id"])
    assert data["client_profile"] == page.kept["profile"]


def test_10_the_session_opens(page):
    loaded = page.browser("GET", f"/api/simulation/{page.kept['id']}")["simulation"]
    assert loaded["conversation_history"] == []
    greeting = page.say("/api/chat/client-response", [{"role": "system", "content": "Initial greeting"}])
    assert greeting["success"] is True
    assert greeting["objectiveProgress"] is None
    assert page.kept["profile"]["name"].split()[0] in greeting["message"]
    page.kept["talk"] = [{"role": "assistant", "content": greeting["message"]}]


def test_11_the_talk_goes_on(page):
    for line in (
        "Thank you for coming in. What brings you here today?",
        "That sounds important to you. What worries you most about it?",
        "I understand. Tell me about your family, please: who depends on you?",
    ):
        page.kept["talk"].append({"role": "user", "content": line})
        messages = [{"role": "system", "content": "You are a client"}, *page.kept["talk"]]
        answer = page.say("/api/chat/client-response", messages)
        assert answer["message"]
        assert answer["source"] == "local"
        assert set(answer["objectiveProgress"]) >= KEYWORDLESS
        page.kept["talk"].append({"role": "assistant", "content": answer["message"]})


@pytest.mark.parametrize("transports", [["websocket"], ["polling"]])
def test_12_the_client_speaks(page, live, transports):
    events = []
    acknowledged = threading.Event()
    client = Client()
    for name in ("tts-connected", "speech-start", "audio-chunk", "speech-end", "tts-error"):
        client.on(name, lambda data, name=name: events.append((name, data)))
    client.connect(live.base, transports=transports)
    answers = []
    client.emit("stop-speech")
    client.emit(
        "generate-speech",
        {"text": "Hello, nice to meet you.", "voice": "alloy", "speed": 1},
        callback=lambda answer: (answers.append(answer), acknowledged.set()),
    )
    assert acknowledged.wait(60)
    client.leave()
    names = [name for name, _ in events]
    assert answers == [{"success": True}]
    assert names[:2] == ["tts-connected", "speech-start"]
    assert names[-1] == "speech-end"
    assert "tts-error" not in names
    assert [data["index"] for name, data in events if name == "audio-chunk"] == list(range(names.count("audio-chunk")))


def test_14_the_expert_helps(page):
    question = [*page.kept["talk"], {"role": "user", "content": "How do I handle this objection of my client?"}]
    objectives = [{"id": "rapport", "name": "Build Rapport", "completed": False, "progress": 20, "xp": 50}]
    answer = page.say("/api/chat/expert-response", question, objectives=objectives)
    assert answer["success"] is True
    assert answer["message"]


def test_16_progress_is_saved(page):
    body = {
        "conversation_history": page.kept["talk"],
        "objectives_completed": [
            {"id": "rapport", "name": "Build Rapport", "completed": True, "progress": 100, "xp": 50}
        ],
        "total_xp": 75,
    }
    page.browser("PATCH", f"/api/simulation/{page.kept['id']}", body)
    loaded = page.browser("GET", f"/api/simulation/{page.kept['id']}")["simulation"]
    assert {key: loaded[key] for key in body} == body


def test_18_the_review(page):
    body = {
        "messages": page.kept["talk"],
        "competencies": [
            {"id": "communication", "name": "Communication Skills", "description": "Speaks clearly"},
            {"id": "needs-assessment", "name": "Needs Assessment", "description": "Finds out what is needed"},
        ],
        "difficultyLevel": "beginner",
    }
    review = page.browser("POST", "/api/simulation/generate-review", body)["data"]
    assert [score["name"] for score in review["competencyScores"]] == ["Communication Skills", "Needs Assessment"]
    for score in review["competencyScores"]:
        assert 1 <= score["score"] <= 10
        assert {"strengths", "improvements", "expectation"} <= set(score)
    assert review["summary"]
    page.kept["review"] = review


def test_19_the_end(page):
    body = {"total_xp": 75, "performance_review": page.kept["review"], "duration_seconds": 0}
    done = page.browser("POST", f"/api/simulation/{page.kept['id']}/complete", body)["simulation"]
    assert done["completed_at"]
    assert done["performance_review"] == page.kept["review"]


def test_20_feedback(page):
    body = {
        "simulationId": page.kept["simulation_id"],
        "userId": "anonymous",
        "rating": 90,
        "comments": "Useful practice, thanks.",
        "feedbackType": "user_submitted",
    }
    given = page.browser("POST", "/api/feedback", body, 201)["feedback"]
    assert (given["score"], given["feedback_type"], given["user_id"]) == (9, "promoter", page.kept["user"]["id"])


def test_21_account(page):
    body = {"currentPassword": "Passw0rdX", "newPassword": "NewPassw0rd1"}
    assert page.browser("POST", "/api/auth/change-password", body)["success"] is True
    assert page.browser("GET", f"/api/users/{page.kept['user']['id']}")["user"]["stats"]["completedSimulations"] == 1


def test_99_no_secret_in_the_log(page, live):
    log = live.log()
    assert "/api/simulation/" in log
    for secret in (page.token, "Passw0rdX", "NewPassw0rd1", page.kept["talk"][0]["content"]):
        assert secret not in log
