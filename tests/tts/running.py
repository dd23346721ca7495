"""Starts tests/tts/server.py under gunicorn, and listens to it."""

import json
import os
import re
import signal
import socket
import struct
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import engineio
import socketio
from websocket import ABNF, WebSocket, create_connection

from tests import leaks, warm
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds, so that what does not happen fails; on a busy machine much takes ten times as long as usual


class Server:
    """A gunicorn of one worker on a port of its own."""

    def __init__(self, constants: dict[str, float] | None = None, **settings: str) -> None:
        leaks.keep_all(settings)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self._counted = tempfile.TemporaryDirectory(prefix="rplay-metrics-")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
        own = {"TEST_CONSTANTS": json.dumps(constants or {}), "PROMETHEUS_MULTIPROC_DIR": self._counted.name}
        self._process = warm.Process(
            "gunicorn -c /dev/null -k gevent --no-control-socket --graceful-timeout 1"
            f" --bind 127.0.0.1:{self.port} tests.tts.server:app".split(),
            {**kept, **own, **settings},
            ROOT,
            self._output.fileno(),
        )
        eventually(self._answers)

    def state(self) -> dict[str, Any]:
        return dict(self._get("state"))

    def do(self, path: str) -> None:
        """One of the routes that make something happen."""
        self._get(path)

    def greenlets(self) -> int:
        return len(self._get("greenlets"))

    def _get(self, path: str) -> Any:
        with urlopen(f"{self.url}/{path}", timeout=PATIENCE) as answer:
            return json.load(answer)

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.log()
        try:
            return bool(self.state())
        except URLError:  # it does not listen yet
            return False

    def log(self) -> str:
        return os.pread(self._output.fileno(), 1 << 30, 0).decode()

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        log = self.log()
        self._output.close()
        self._counted.cleanup()
        leaks.check_log(log)


def eventually(what: Callable[[], Any], seconds: float = PATIENCE, every: float = 0.02) -> Any:
    """What `what` gives as soon as it is true; asked again after `every` seconds."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "did not happen"
        time.sleep(every)
    return found


class InOrder(engineio.Client):
    """Tells everything in the order in which it came. The library has a thread for each packet, and on a busy machine an
    acknowledgement overtook the end of the speech before it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.telling = ThreadPoolExecutor(1)

    def _trigger_event(self, event: str, *args: Any, run_async: bool = False, **options: Any) -> Any:
        if event == "connect":
            return super()._trigger_event(event, *args, **options)
        with suppress(RuntimeError):  # nobody listens any more
            self.telling.submit(super()._trigger_event, event, *args)
        return None


class Client(socketio.Client):
    """A client that is told everything in the order in which it came, and that waits for an answer as long as tests do."""

    def __init__(self) -> None:
        super().__init__(reconnection=False, request_timeout=PATIENCE)

    def _engineio_client_class(self) -> type[InOrder]:
        return InOrder

    def leave(self) -> None:
        """Once all that came has been told. Over polling the library's goodbye may be left behind as its loop ends: then
        its last poll would last until the next ping."""
        if self.eio.current_transport == "polling":
            with suppress(OSError), urlopen(self.eio.base_url, b"1", timeout=PATIENCE):
                pass  # where the server has closed it before, it refuses
        self.disconnect()
        self.eio.telling.shutdown()


class Listener:
    """A client that writes down all that comes, in order; acknowledgements as ("ack", answer, number of the wish)."""

    def __init__(self, server: Server, transport: str = "websocket", **options: Any) -> None:
        self.heard: list[tuple[Any, ...]] = []
        self.wishes = 0
        self._changed = threading.Condition()
        self._client = Client()
        self._client.on("*", lambda event, *data: self._note((event, *data)))
        self._client.on("disconnect", lambda *_: self._note(("disconnect",)))
        self._client.on("connect_error", lambda *data: self._note(("connect_error", *data)))
        self._client.connect(server.url, transports=[transport], wait_timeout=PATIENCE, **options)
        self._tcp = self._client.eio.ws.sock if transport == "websocket" else None
        self.wait_for(lambda: self.heard)  # the greeting

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    @property
    def id(self) -> str:
        return str(self._client.get_sid())

    def say(self, *payload: Any) -> int:
        """Asks for speech; the number of this wish."""
        self.wishes += 1
        number = self.wishes
        self._client.emit("generate-speech", payload or None, callback=lambda *a: self._note(("ack", *a, number)))
        return number

    def stop(self) -> None:
        self._client.emit("stop-speech")

    def leave(self) -> None:
        self._client.leave()
        if self._tcp is not None:
            self._tcp.close()  # which the library leaves open when the server closed first

    def wait_for(self, what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        with self._changed:
            assert self._changed.wait_for(what, seconds), f"did not happen; heard: {self.names()}"
            return what()

    def acknowledged(self, wish: int) -> dict[str, Any]:
        """The answer to a wish, as soon as it is there."""
        return dict(self.wait_for(lambda: [heard[1] for heard in self.heard if self._is_ack(heard, wish)])[0])

    def hear(self, *payload: Any) -> list[tuple[Any, ...]]:
        """Everything that comes from this wish to its acknowledgement, which is the last."""
        start = len(self.heard)
        self.acknowledged(self.say(*payload))
        return self.heard[start:]

    def names(self) -> list[str]:
        return [heard[0] for heard in self.heard]

    def count(self, name: str) -> int:
        return self.names().count(name)

    def _is_ack(self, heard: tuple[Any, ...], wish: int) -> bool:
        return heard[0] == "ack" and heard[-1] == wish

    def _note(self, heard: tuple[Any, ...]) -> None:
        with self._changed:
            self.heard.append(heard)
            self._changed.notify_all()


class RawSocket:
    """A websocket client that reads only when told to, and sends several packets at once."""

    def __init__(self, server: Server, receive_buffer: int | None = None, auth: object = None) -> None:
        options = [(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)] if receive_buffer else []
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
        self.socket: WebSocket = create_connection(
            url,
            sockopt=options,
            timeout=PATIENCE,
            suppress_origin=True,
            skip_utf8_validation=True,  # done in Python, a byte at a time; to make a str of it does the same
        )
        self._tcp = self.socket.sock
        self.send("40" if auth is None else "40" + json.dumps(auth))
        while not (packet := self.packet()).startswith("42"):
            pass  # open, connected
        self.id = str(parsed(packet)[1]["socketId"])

    def send(self, *packets: str) -> None:
        frames = [ABNF.create_frame(packet, ABNF.OPCODE_TEXT).format() for packet in packets]
        self.socket.sock.sendall(b"".join(frames))

    def say(self, text: str, number: int = 0, **more: Any) -> None:
        self.send(wish(text, number, **more))

    def packet(self) -> str:
        """The next one; pings are answered."""
        while (packet := self.socket.recv()) == "2":
            self.send("3")
        assert packet, "the server closed the connection"
        return str(packet)

    def event(self) -> tuple[Any, ...]:
        """The next event, acknowledgements as ("ack", answer, number)."""
        return parsed(self.packet())

    def until_ack(self, number: int = 0) -> list[tuple[Any, ...]]:
        heard = [self.event()]
        while heard[-1][0] != "ack" or heard[-1][2] != number:
            heard.append(self.event())
        return heard

    def close(self) -> None:
        self.socket.close(timeout=1)
        self._tcp.close()  # which the library leaves open when the server closed first

    def crash(self) -> None:
        """Is gone without a word, as when the machine is."""
        self.socket.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.sock.close()


class RawPolling:
    """The same over polling."""

    def __init__(self, server: Server) -> None:
        self._base = f"{server.url}/socket.io/?EIO=4&transport=polling"
        with urlopen(self._base, timeout=PATIENCE) as answer:
            self.engine_id = json.loads(answer.read()[1:])["sid"]
        self._base += f"&sid={self.engine_id}"
        self._packets: deque[str] = deque()
        self.send("40")
        while not (packet := self.packet()).startswith("42"):
            pass
        self.id = str(parsed(packet)[1]["socketId"])

    def send(self, *packets: str) -> None:
        with urlopen(self._base, "\x1e".join(packets).encode(), timeout=PATIENCE) as answer:
            assert answer.read() == b"OK"

    def packet(self) -> str:
        while not self._packets or self._packets[0] == "2":
            if self._packets:
                self._packets.popleft()
                self.send("3")
                continue
            with urlopen(self._base, timeout=PATIENCE) as answer:
                self._packets.extend(answer.read().decode().split("\x1e"))
        return self._packets.popleft()

    def event(self) -> tuple[Any, ...]:
        return parsed(self.packet())

    def hang_up_on_a_poll(self) -> None:
        """Asks for packets and is gone before any comes, as when a browser's tab is closed."""
        address = urlsplit(self._base)
        with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
            head = f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n"
            connection.sendall(head.encode())
            time.sleep(0.2)  # so that the poll is waiting when its client goes

    def close(self) -> None:
        with suppress(OSError):  # the server may have hung up before
            self.send("1")


def wish(text: str, number: int = 0, **more: Any) -> str:
    """A `generate-speech` packet that asks for an acknowledgement."""
    return f"42{number}" + json.dumps(["generate-speech", {"text": text, **more}])


STOP = '42["stop-speech"]'


def parsed(packet: str) -> tuple[Any, ...]:
    kind, number, data = re.fullmatch(r"(42|43)(\d*)(\[.*\])", packet, re.DOTALL).groups()
    return tuple(json.loads(data)) if kind == "42" else ("ack", *json.loads(data), int(number))


def refusal(server: Server, transport: str, auth: object = None, **headers: str) -> str | None:
    """What the client is told when it is not let in; None when it is."""
    connect = "40" if auth is None else "40" + json.dumps(auth)
    exchange = _over_websocket if transport == "websocket" else _over_polling
    answer = exchange(server, connect, headers)
    assert answer[:2] in ("40", "44"), answer
    return json.loads(answer[2:])["message"] if answer.startswith("44") else None


def _over_websocket(server: Server, packet: str, headers: dict[str, str]) -> str:
    url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
    connection = create_connection(url, header=headers, timeout=PATIENCE, suppress_origin=True)
    connection.recv()
    connection.send(packet)
    answer = str(connection.recv())
    connection.shutdown()  # `close` leaves it open where the server closed first, as after a refusal
    return answer


def _over_polling(server: Server, packet: str, headers: dict[str, str]) -> str:
    url = f"{server.url}/socket.io/?EIO=4&transport=polling"
    with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:
        url += f"&sid={json.loads(answer.read()[1:])['sid']}"
    with urlopen(url, packet.encode(), timeout=PATIENCE), urlopen(url, timeout=PATIENCE) as answer:
        told = str(answer.read().decode().split("\x1e")[0])
    with suppress(HTTPError), urlopen(url, b"1", timeout=PATIENCE):  # after a refusal it is closed already
        pass
    return told
