"""Virtual learners: what the web frontend does for a learner, over and over; gevent, in a process of its own.

Reads a job from stdin:

    {"port": 3001, "seconds": 1200, "think": 2.0, "learners": [{"email": "…", "password": "…"}]}

Each learner signs in, has a client made up, talks with it by text and voice, asks the expert once, is saved after every
message, reviewed, completes the talk and gives feedback; then begins anew, until the time is up. What comes back is
looked at: a wrong status, a missing piece of audio or a saved talk that reads back otherwise is an error. Prints the
milliseconds of each step and the errors.
"""

import json
import random
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from gevent import monkey

monkey.patch_all()

sys.path.insert(0, str(Path(__file__).parent))

import gevent  # noqa: E402
import socketio  # noqa: E402
from load import Connection  # noqa: E402

LINES = (
    "Thank you for coming in. What brings you here today?",
    "What made you think about it now?",
    "Tell me about your family, please: who depends on you?",
    "What would happen to the house if your income were not there any more?",
    "So the monthly cost worries you most. Have I understood that right?",
    "There are two ways to look at it. May I show you both, with what speaks against each?",
    "Which of the two feels closer to what you need?",
    "Then I'll put that in writing, and we speak again on Thursday. Is that right for you?",
)
PLACE = {"industry": "insurance", "subcategory": "life-health", "difficulty": "beginner"}
COMPETENCIES = [
    {"id": "communication", "name": "Communication Skills", "description": "Speaks clearly"},
    {"id": "needs-assessment", "name": "Needs Assessment", "description": "Finds out what is needed"},
]
PERSONALITY = {"traits": {"openness": 60}, "archetype": "analyst", "mood": "confident", "influence": 70}
BREAKS = 30  # errors that are kept with their texts


class Unexpected(Exception):
    """The server did something else than the learner needs."""


class Found:
    """What all learners met."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.journeys = 0
        self.failed = 0

    def failure(self, text: str) -> None:
        self.failed += 1
        if len(self.errors) < BREAKS:
            self.errors.append(text[:500])


class Learner:
    """One person at one address (the proxy in front says which), with one connection and one socket a talk."""

    def __init__(self, number: int, job: dict[str, Any], found: Found) -> None:
        self.found, self.port, self.think = found, job["port"], job["think"]
        self.account = job["learners"][number]
        self.address = f"10.0.{number // 250}.{number % 250 + 1}"
        self.connection = Connection(self.port)
        self.token = ""
        self.chance = random.Random(number)

    def journey(self) -> None:
        self.token = ""
        signed_in = self.call("login", "POST", "/api/auth/login", self.account)
        self.token = signed_in["data"]["token"]
        for path in ("/api/competencies/industry", "/api/competencies", "/api/simulation"):
            self.call("reads", "GET", path)
        self.call("reads", "GET", "/api/industry-settings?industry=insurance&subcategory=life-health")
        client = self.call("profile", "POST", "/api/agents/profile/generate", {**PLACE, "focusAreas": []})["profile"]
        talk = self.call("create", "POST", "/api/simulation", {**PLACE, "clientProfile": client}, 201)["data"]
        history = self.talk(talk, client)
        self.end(talk, history)
        self.found.journeys += 1

    def talk(self, talk: dict[str, Any], client: dict[str, Any]) -> list[dict[str, str]]:
        scene = {
            "clientProfile": client,
            "personalitySettings": PERSONALITY,
            "simulationSettings": {**PLACE, "simulationId": talk["simulation_id"], "competencies": ["Communication"]},
        }
        greeting = self.chat([{"role": "system", "content": "Initial greeting"}], scene)
        history = [{"role": "assistant", "content": greeting}]
        voice = self.listen()
        try:
            for number, line in enumerate(LINES):
                self.pause()
                self.log(talk, "message_sent")
                history.append({"role": "user", "content": line})
                history.append({"role": "assistant", "content": self.chat(history, scene)})
                self.hear(voice, history[-1]["content"])
                self.save(talk, history, 10 * number)
                if number == 4:
                    self.log(talk, "help_opened")
                    asked = [*history, {"role": "user", "content": "How do I handle this objection?"}]
                    self.call("expert", "POST", "/api/chat/expert-response", {"messages": asked, **scene})
        finally:
            voice.disconnect()
        return history

    def end(self, talk: dict[str, Any], history: list[dict[str, str]]) -> None:
        path = f"/api/simulation/{talk['id']}"
        read = self.call("load", "GET", path)["simulation"]
        if read["conversation_history"] != history:
            raise Unexpected(f"a talk of {len(history)} lines reads back as {len(read['conversation_history'])}")
        asked = {"messages": history, "competencies": COMPETENCIES, "difficultyLevel": "beginner"}
        review = self.call("review", "POST", "/api/simulation/generate-review", asked)["data"]
        body = {"total_xp": 80, "performance_review": review, "duration_seconds": 0}
        done = self.call("complete", "POST", f"{path}/complete", body)["simulation"]
        if not done["completed_at"] or done["performance_review"] != review:
            raise Unexpected("the talk is complete and its review is another")
        self.pause()
        opinion = {"simulationId": talk["simulation_id"], "userId": "anonymous", "rating": 90, "comments": "Useful."}
        self.call("feedback", "POST", "/api/feedback", {**opinion, "feedbackType": "user_submitted"}, 201)
        self.call("logout", "POST", "/api/auth/logout", {})

    def chat(self, messages: list[dict[str, str]], scene: dict[str, Any]) -> str:
        answer = self.call("chat", "POST", "/api/chat/client-response", {"messages": messages, **scene})
        if (answer["objectiveProgress"] is None) != (len(messages) <= 2):
            raise Unexpected(f"after {len(messages)} messages the progress is {answer['objectiveProgress']}")
        return str(answer["message"])

    def save(self, talk: dict[str, Any], history: list[dict[str, str]], points: int) -> None:
        body = {"conversation_history": history, "objectives_completed": [], "total_xp": points}
        self.call("save", "PATCH", f"/api/simulation/{talk['id']}", body)

    def log(self, talk: dict[str, Any], kind: str) -> None:
        """As the frontend's server sends it, without the token."""
        body = {"type": kind, "sessionId": talk["id"], "simulationId": talk["simulation_id"], "metadata": {"n": 1}}
        self.call("log", "POST", "/api/engagement/log", body, 201, signed_in=False)

    def listen(self) -> Any:
        began = time.perf_counter()
        client = socketio.Client(reconnection=False)
        headers = {"X-Forwarded-For": self.address}
        url = f"http://127.0.0.1:{self.port}"
        client.connect(url, headers=headers, transports=["websocket"], wait_timeout=30)
        self.found.milliseconds["connect"].append((time.perf_counter() - began) * 1000)
        return client

    def hear(self, voice: Any, text: str) -> None:
        """One line of the client, whole and in order."""
        indexes: list[int] = []
        ends: list[dict[str, Any]] = []
        received = 0

        def chunk(data: dict[str, Any]) -> None:
            nonlocal received
            indexes.append(data["index"])
            received += len(data["data"])

        voice.on("audio-chunk", chunk)
        voice.on("speech-end", ends.append)
        began = time.perf_counter()
        voice.emit("stop-speech")
        asked = {"text": text, "voice": "alloy", "speed": 1, "binary": True}
        answer = voice.call("generate-speech", asked, timeout=60)
        self.found.milliseconds["speech"].append((time.perf_counter() - began) * 1000)
        whole = indexes and indexes == list(range(len(indexes))) and ends and ends[0]["totalBytes"] == received
        if answer != {"success": True} or not whole:
            raise Unexpected(f"speech: {answer}, {len(indexes)} chunks, {received} bytes, {ends}")

    def pause(self) -> None:
        gevent.sleep(self.think * self.chance.uniform(0.5, 1.5))

    def call(
        self, step: str, method: str, path: str, body: Any = None, status: int = 200, *, signed_in: bool = True
    ) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"X-Forwarded-For: {self.address}"]
        lines += [f"Authorization: Bearer {self.token}"] if self.token and signed_in else []
        lines += ["Origin: http://localhost:3000"] if signed_in else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"] if body is not None else []
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + content
        began = time.perf_counter()
        got, answer = self.ask(request)
        self.found.milliseconds[step].append((time.perf_counter() - began) * 1000)
        if got != str(status).encode():
            raise Unexpected(f"{method} {path}: {got.decode()} {answer.decode(errors='replace')[:300]}")
        return json.loads(answer)

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """A browser asks once more on a new connection when a kept one was closed before anything of an answer."""
        kept = self.connection.socket is not None
        try:
            return self.connection.ask(request)
        except ConnectionError:
            self.connection = Connection(self.port)
            if not kept:
                raise
            return self.connection.ask(request)


def practise(number: int, job: dict[str, Any], found: Found, until: float) -> None:
    learner = Learner(number, job, found)
    gevent.sleep(learner.chance.uniform(0, 10 * job["think"]))  # not all at the same moment
    while time.perf_counter() < until:
        try:
            learner.journey()
        except (Unexpected, OSError, ValueError, KeyError, socketio.exceptions.SocketIOError) as error:
            found.failure(f"{type(error).__name__}: {error}")
            learner.connection = Connection(learner.port)
            learner.pause()


def main() -> None:
    job, found = json.load(sys.stdin), Found()
    until = time.perf_counter() + job["seconds"]
    learners = [gevent.spawn(practise, number, job, found, until) for number in range(len(job["learners"]))]
    gevent.joinall(learners, raise_error=True)
    json.dump(vars(found) | {"processor": time.process_time()}, sys.stdout)


if __name__ == "__main__":
    main()
