"""A server with OpenAI's /v1/audio/speech that does what the text to be spoken tells it, and notes what became of it.

The text may hold words such as `chunks=3 size=1000 status=429`:
chunks, size   how much audio (default 4 pieces of 1,000 bytes, each byte derived from the text)
status         answers with this status and a body full of secrets
hold           after this many pieces, waits until the client goes away or `release` is called
head           seconds until the answer begins
cut            breaks the connection after this many pieces
type           content type of the answer
bytes          what the audio begins with: a key of BEGINNINGS; mp3 if not said
"""

import json
import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "upstream-secret-text"
BEGINNINGS = {
    "mp3": b"\xff\xfb\x90\xc4",
    "id3": b"ID3\x04\x00\x00",
    "wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "ogg": b"OggS\x00\x02",
    "json": b'{"error": {"message": "upstream-secret-text"}}',
    "aac": b"\xff\xf1\x50\x80",
    "flac": b"fLaC\x00\x00\x00\x22",
    "mp4": b"\x00\x00\x00\x20ftypM4A ",
    "pcm": b"\x00\x00\x01\x00\xff\xff",
    "page": b"<!DOCTYPE html>",
    "nothing": b"",
}


@dataclass
class Call:
    """One request for speech."""

    path: str
    key: str
    body: dict[str, Any]
    peer: tuple[str, int] = ("", 0)
    organisation: str | None = None
    sent: list[float] = field(default_factory=list)  # when each piece left
    outcome: str = "running"  # done, aborted, refused, cut

    @property
    def text(self) -> str:
        return str(self.body.get("input"))


def byte_of(text: str) -> int:
    """What the audio of this text is made of."""
    return sum(text.encode("utf-8", "replace")) % 251 + 1


def audio_of(text: str) -> bytes:
    orders = _orders(text)
    beginning = BEGINNINGS[orders.get("bytes", "mp3")]
    length = int(orders.get("size", 1000)) * int(orders.get("chunks", 4))
    return (beginning + bytes([byte_of(text)]) * length)[:length]


def _orders(text: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in text.split() if "=" in word)


class FakeVoice(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self.changed = threading.Condition()
        self.released = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def reset(self) -> None:
        self.released.clear()
        with self.changed:
            self.calls.clear()

    def release(self) -> None:
        self.released.set()

    def of(self, text: str) -> list[Call]:
        return [call for call in self.calls if call.text == text]

    def wait_for(self, what: Callable[[], Any], seconds: float = 14) -> Any:
        """What `what` gives as soon as it is true; less than the server's own patience with a silent voice."""
        with self.changed:
            assert self.changed.wait_for(what, seconds), f"did not happen; calls: {self.calls}"
            return what()

    def note(self, change: Callable[[], Any]) -> None:
        with self.changed:
            change()
            self.changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FakeVoice

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call = Call(self.path, self.headers.get("Authorization", "").removeprefix("Bearer "), body)
        call.peer, call.organisation = self.client_address, self.headers.get("OpenAI-Organization")
        self.server.note(lambda: self.server.calls.append(call))
        orders = _orders(call.text)
        try:
            outcome = self._answer(call, orders)
        except OSError:
            outcome = "aborted"
        self.server.note(lambda: setattr(call, "outcome", outcome))

    def _answer(self, call: Call, orders: dict[str, str]) -> str:
        if "head" in orders and self._client_leaves(float(orders["head"])):
            return "aborted"
        if "status" in orders:
            self._refuse(int(orders["status"]), call.key)
            return "refused"
        self.send_response(200)
        self.send_header("Content-Type", orders.get("type", "audio/mpeg"))
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        return self._pieces(call, orders)

    def _pieces(self, call: Call, orders: dict[str, str]) -> str:
        size, audio = int(orders.get("size", 1000)), audio_of(call.text)
        for number in range(int(orders.get("chunks", 4))):
            if str(number) == orders.get("cut"):
                self.close_connection = True
                return "cut"
            if str(number) == orders.get("hold") and self._held():
                return "aborted"
            self.server.note(lambda: call.sent.append(time.monotonic()))
            piece = audio[number * size : (number + 1) * size]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")
        return "done"

    def _held(self) -> bool:
        """Waits for the release; True when the client went away before it."""
        while not self.server.released.is_set():
            if self._client_leaves(0.01):
                return True
        return False

    def _client_leaves(self, seconds: float) -> bool:
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if readable:
            self.close_connection = True
        return bool(readable)

    def _refuse(self, status: int, key: str) -> None:
        body = json.dumps({"error": {"message": f"{SECRET} for {key}", "type": SECRET}}).encode()
        self.send_response(status, SECRET)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
