"""Fifty learners at once, each with one request after another, and a book of what the server acknowledged.

with Learners(server) as learners:
    ...
learners.met        # every request: when, what, how it ended
learners.lost(url)  # what was acknowledged and is not in the database
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Self

import psycopg
import socketio

from rplay.web.failures import AWAY
from tests.torture.server import Server

COUNT = 50
PASSWORD = "Passw0rdX"
TURNS = 40  # messages of the talk that is saved again and again
LONGEST = 100.0  # seconds a client waits; longer than any limit of the server's
# What the contract lets an answer say when something behind the server fails.
WORDS = {
    "Internal server error",
    "Too many requests",
    "Request body took too long",
    "I'm sorry, I'm having trouble responding right now. Let's continue our conversation in a moment.",
    "I'm sorry, I'm having trouble providing guidance right now. Please try asking a more specific question.",
    AWAY,
}
ASKING = ("chat", "stream")  # what needs an AI


@dataclass(frozen=True)
class Met:
    """One request. `status` is 0 when no answer came; `what` says how it went wrong, and is empty when it did not."""

    kind: str
    began: float
    ended: float
    status: int
    what: str = ""

    @property
    def good(self) -> bool:
        return not self.what

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class Learner(threading.Thread):
    JOURNEY = ("list", "save", "chat", "save", "event", "save", "list", "stream", "save", "read", "login", "save")

    def __init__(self, crowd: "Learners", number: int) -> None:
        super().__init__(daemon=True)
        self.crowd, self.number = crowd, number
        self.email = f"learner-{number}-{time.time_ns()}@example.com"
        self.tried = self.saved = 0
        self.events: list[str] = []
        self._http: HTTPConnection | None = None
        self._kind = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        if not self.crowd.apart:
            return self.JOURNEY
        return ASKING if self.number % 2 else tuple(kind for kind in self.JOURNEY if kind not in ASKING)

    def enrol(self) -> None:
        person = {"name": f"Learner {self.number}", "email": self.email, "password": PASSWORD}
        found = self.ask("enrol", "POST", "/api/auth/register", person)
        assert found, self.crowd.met[-1]
        self.token = found["data"]["token"]
        found = self.ask("create", "POST", "/api/simulation", {"industry": "insurance", "difficulty": "beginner"})
        assert found, self.crowd.met[-1]
        self.simulation = found["data"]["id"]
        self._hang_up()  # until the others are enrolled too the server would have done so

    def run(self) -> None:
        turn = self.number
        while not self.crowd.over.is_set():
            kind = self.JOURNEY[turn % len(self.JOURNEY)]
            if kind in self.kinds:
                worked = getattr(self, kind)()
                if not worked:
                    time.sleep(0.05)
            turn += 1
        self._hang_up()

    def list(self) -> Any:
        return self.ask("list", "GET", "/api/simulation")

    def read(self) -> Any:
        return self.ask("read", "GET", f"/api/simulation/{self.simulation}")

    def login(self) -> Any:
        return self.ask("login", "POST", "/api/auth/login", {"email": self.email, "password": PASSWORD})

    def save(self) -> Any:
        self.tried += 1
        number = self.tried
        turns = [{"role": "user", "content": f"{number} {'words ' * 10}"}] * TURNS
        answer = self.ask("save", "PATCH", f"/api/simulation/{self.simulation}", {"conversation_history": turns})
        if answer:
            assert answer["data"]["conversation_history"] == turns
            self.saved = number
        return answer

    def event(self) -> Any:
        answer = self.ask("event", "POST", "/api/engagement", {"eventType": "interaction"})
        if answer:
            self.events.append(answer["engagement"]["id"])
        return answer

    def chat(self) -> Any:
        return self.ask("chat", "POST", "/api/chat/client-response", TALK)

    def stream(self) -> Any:
        return self.ask("stream", "POST", "/api/chat/client-response/stream", TALK)

    def ask(self, kind: str, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON, or None when it was no good one; for a stream its last event."""
        headers = {"Content-Type": "application/json", "X-Forwarded-For": f"10.0.0.{self.number}"}
        if hasattr(self, "token"):
            headers["Authorization"] = f"Bearer {self.token}"
        began = time.monotonic()
        status, found, what = 0, None, ""
        try:
            if self._http is None:
                self._http = HTTPConnection("127.0.0.1", self.crowd.server.port, timeout=LONGEST)
            self._http.request(method, path, None if body is None else json.dumps(body), headers)
            answer = self._http.getresponse()
            status = answer.status
            raw = answer.read()
            found, what = judged(status, answer.getheader("Content-Type", ""), raw)
        except (OSError, HTTPException) as error:
            what = type(error).__name__
            self._hang_up()
        self.crowd.met.append(Met(kind, began, time.monotonic(), status, what))
        return found

    def _hang_up(self) -> None:
        if self._http:
            self._http.close()
        self._http = None


TALK = {
    "messages": [{"role": "user", "content": "Good morning"}],
    "clientProfile": {"name": "John"},
    "simulationSettings": {"industry": "insurance"},
}


def judged(status: int, kind: str, raw: bytes) -> tuple[Any, str]:
    """What a good answer holds, and what is wrong with any other. One outside the contract starts with `ODD`."""
    if kind.startswith("text/event-stream"):
        name, _, data = raw.decode().strip().rpartition("\n\n")[2].partition("\n")
        if name == "event: complete":
            return json.loads(data.removeprefix("data: ")), ""
        return None, "error event" if name == "event: error" else f"ODD stream: {raw[-100:]!r}"
    try:
        found = json.loads(raw)
    except ValueError:
        return None, f"ODD {status}: {raw[:200]!r}"
    if status < 300:
        return found, ""
    text = found.get("error")
    fits = found.get("success") is False and text == found.get("message") and text in WORDS
    return None, str(status) if fits else f"ODD {status}: {raw[:200]!r}"


class Listener(threading.Thread):
    """Somebody who has one text after another spoken to them."""

    def __init__(self, crowd: "Learners", length: int) -> None:
        super().__init__(daemon=True)
        self.crowd, self.length = crowd, length

    def run(self) -> None:
        client = socketio.SimpleClient(reconnection=False)
        while not self.crowd.over.is_set():
            began = time.monotonic()
            try:
                if not client.connected:
                    client.connect(self.crowd.server.base, transports=["websocket"], wait_timeout=15)
                what = self._speech(client)
            except (socketio.exceptions.SocketIOError, OSError) as error:
                what = type(error).__name__
                with suppress(Exception):
                    client.disconnect()
                client = socketio.SimpleClient(reconnection=False)
            self.crowd.met.append(Met("speech", began, time.monotonic(), 0 if what else 200, what))
            time.sleep(0.2)
        with suppress(Exception):
            client.disconnect()

    def _speech(self, client: socketio.SimpleClient) -> str:
        client.emit("generate-speech", {"text": "Good morning.", "voice": "alloy"})
        received = 0
        while not self.crowd.over.is_set():
            name, data = _next_event(client)
            if name == "audio-chunk":
                received += 1
            if name == "tts-error":
                return "tts-error"
            if name == "speech-end":
                return "" if data["totalBytes"] == self.length and received else "short speech"
        return ""


def _next_event(client: socketio.SimpleClient) -> Any:
    """SimpleClient itself does not notice that it is cut off while it waits."""
    for _ in range(40):
        with suppress(socketio.exceptions.TimeoutError):
            return client.receive(timeout=1)
        if not client.connected:
            raise socketio.exceptions.DisconnectedError
    raise socketio.exceptions.TimeoutError


class Learners:
    """The crowd; works as long as the block.

    `listeners` hear speech meanwhile. With `apart` half of the learners do nothing but ask an AI, and the others anything
    else, so that those who wait for the AI are not the same.
    """

    def __init__(self, server: Server, listeners: int = 0, *, apart: bool = False) -> None:
        self.server, self.apart = server, apart
        self.over = threading.Event()
        self.met: list[Met] = []
        self.people = [Learner(self, number) for number in range(COUNT)]
        self.listeners = [Listener(self, 256 * 64) for _ in range(listeners)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(Learner.enrol, self.people))
        self.met.clear()

    def __enter__(self) -> Self:
        for thread in (*self.people, *self.listeners):
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in (*self.people, *self.listeners):
            thread.join(LONGEST)
            assert not thread.is_alive(), "a request hangs"

    def lost(self, url: str) -> list[str]:
        """What was acknowledged and is not there, and what is there that nobody sent."""
        with psycopg.connect(url) as connection:
            histories = dict(connection.execute("SELECT id::text, conversation_history FROM simulations").fetchall())
            events = {row[0] for row in connection.execute("SELECT id::text FROM engagement_events").fetchall()}
            emails = {row[0] for row in connection.execute("SELECT email FROM users").fetchall()}
        return [problem for learner in self.people for problem in _lost(learner, histories, events, emails)]


def _lost(learner: Learner, histories: dict[str, Any], events: set[str], emails: set[str]) -> Iterator[str]:
    if learner.email not in emails:
        yield f"the account {learner.email}"
    numbers = {int(turn["content"].split()[0]) for turn in histories.get(learner.simulation) or []} or {0}
    if len(numbers) > 1:
        yield f"{learner.email}: a mixture of the saves {numbers}"
    if not learner.saved <= min(numbers) <= learner.tried:
        yield f"{learner.email}: save {learner.saved} was acknowledged, {numbers} is stored"
    yield from (f"the event {event}" for event in learner.events if event not in events)


def summary(met: list[Met]) -> str:
    """`412 good, 3 × 500, …`"""
    counts = Counter(one.what for one in met if not one.good)
    return ", ".join([f"{sum(one.good for one in met):,} good", *(f"{n} × {what}" for what, n in counts.most_common())])
