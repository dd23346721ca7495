"""People at work through the proxy: they ask without pause and write down whatever goes wrong."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import requests
from socketio.exceptions import ConnectionError, SocketIOError

from tests.deploy.cluster import Cluster
from tests.tts.running import PATIENCE
from tests.tts.running import Listener as Ear

TALK = {
    "messages": [{"role": "user", "content": "Good morning"}],
    "clientProfile": {"name": "John"},
    "simulationSettings": {"industry": "insurance", "difficulty": "beginner"},
}


@dataclass
class Person:
    """Somebody signed in, with a talk of their own."""

    url: str
    email: str
    token: str = ""
    talk: str = ""

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """A request on a connection of its own."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=PATIENCE, **options)

    def log_in(self) -> None:
        answer = self.call("POST", "/api/auth/login", {"email": self.email, "password": "Passw0rdX"})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["data"]["token"]

    def read(self) -> None:
        answer = self.call("GET", "/api/simulation")
        assert answer.status_code == 200, answer.text

    def save(self) -> None:
        answer = self.call("PATCH", f"/api/simulation/{self.talk}", {"total_xp": 5})
        assert answer.status_code == 200, answer.text

    def chat(self) -> None:
        answer = self.call("POST", "/api/chat/client-response", TALK)
        assert answer.status_code == 200, answer.text
        assert answer.json()["message"], answer.text

    def stream(self) -> None:
        with self.call("POST", "/api/chat/client-response/stream", TALK, stream=True) as answer:
            lines = [line for line in answer.iter_lines() if line]
        assert lines[-2] == b"event: complete", lines


def newcomer(url: str, name: str) -> Person:
    """A person who has registered, signed in and begun a talk."""
    person = Person(url, f"{name}@example.com")
    answer = person.call("POST", "/api/auth/register", {"name": name, "email": person.email, "password": "Passw0rdX"})
    assert answer.status_code == 201, answer.text
    person.token = answer.json()["data"]["token"]
    talk = {"industry": "insurance", "difficulty": "beginner", "clientProfile": {"name": "John"}}
    person.talk = person.call("POST", "/api/simulation", talk).json()["data"]["id"]
    return person


class Listener:
    """Somebody who has text spoken again and again, and connects anew when the connection ends.

    `spoken` and `lost` count, by the name of the server, the speeches heard to their end and the connections lost.
    The frontend's JavaScript client connects anew by itself; the one of this language takes a close for final.
    """

    def __init__(self, cluster: Cluster, transport: str, token: str) -> None:
        self._cluster, self._transport, self._token = cluster, transport, token
        self.spoken: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self.connect()

    def connect(self) -> None:
        self._ear = Ear(self._cluster, self._transport, auth={"token": self._token})
        self.server = self._ear.heard[0][1]["socketId"].partition(".")[0]

    def connect_again(self) -> None:
        """At the second try at the latest: the first may reach the server that ends, in its last second."""
        try:
            self.connect()
        except ConnectionError:
            self.connect()

    def hear(self) -> None:
        """One speech; what is lost with its connection counts as lost, everything else that fails is an error."""
        ear = self._ear
        with suppress(SocketIOError):  # the connection was lost a moment ago
            ear.say({"text": "Good morning."})
        ear.wait_for(lambda: ear.count("ack") == ear.wishes or ear.count("disconnect"), PATIENCE)
        if ear.count("disconnect"):
            self.lost[self.server] += 1
            self.connect_again()
        else:
            assert ear.acknowledged(ear.wishes) == {"success": True}, ear.heard
            self.spoken[self.server] += 1

    def leave(self) -> None:
        self._ear.leave()


@dataclass
class Traffic:
    """What the people met: how often each thing worked, and what failed."""

    done: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @contextmanager
    def of(self, pause: float, *jobs: tuple[str, Callable[[], None]]) -> Iterator[None]:
        """These jobs, each again and again with a pause between, for as long as the block runs."""
        self.done.update(dict.fromkeys([name for name, _ in jobs], 0))
        over = threading.Event()
        threads = [threading.Thread(target=self._repeat, args=(name, job, pause, over)) for name, job in jobs]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(PATIENCE * 2)
        assert not any(thread.is_alive() for thread in threads)

    def goes_on(self) -> None:
        """Waits until each thing has worked again, several times."""
        before = Counter(self.done)
        until = time.monotonic() + 2 * PATIENCE
        while any(self.done[what] < before[what] + 3 for what in before):
            assert time.monotonic() < until, (before, self.done, self.failures)
            time.sleep(0.05)

    def _repeat(self, name: str, job: Callable[[], None], pause: float, over: threading.Event) -> None:
        while not over.wait(pause):
            try:
                job()
                self.done[name] += 1
            except Exception as error:
                self.failures.append(f"{time.strftime('%X')} {name}: {type(error).__name__} {error}")
