"""A small OpenAI-compatible server for tests: real HTTP on a free port, with every way of failing that we care for.

    with FakeOpenAI() as fake:
        fake.mode("429", "ok", retry_after="0")     # the first call fails so, all later ones do as the last mode says
        OpenAI(base_url=fake.url, api_key="k")
        assert fake.calls[0].body["model"] == "m"

Modes: `ok`, any status such as `401` or `503`, and
    stall    takes the request and says nothing          garbage   HTML with status 200
    empty    an answer without a word                    slow      waits `pause` seconds before each piece
    drop     closes the connection without an answer     cut       closes it after the first half of a stream
    silent   stops talking after the first half          comments  a stream of comments only
    error    reports an error within the stream          refused   the model declines
    padded   blank lines instead of a plain answer, without end
    step     says each word only after `step()`
    together waits until `together` calls are here at once
    endless  an answer, or a line of a stream, without end and as fast as it goes; `endless-500` with that status
    newlines blank lines of a stream, and `crumbs` comments in chunks of their own, in the same way
    bomb     packed: a hundred times as long as it seems
    raw      the pieces of `raw` as they are, with the headers and the status of `raw_headers` and `raw_status`
    raw-open the same, and the connection stays open behind them
"""

import json
import re
import select
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rplay.agents.providers.openai import WAKING

Mode = str | Callable[[dict[str, Any]], str]
NEVER = 30.0  # seconds that a stalling server holds out; far longer than any test waits


@dataclass(frozen=True)
class Received:
    """A request. `peer` is the client's port: one port, one connection."""

    path: str
    key: str
    body: dict[str, Any]
    headers: dict[str, str]
    peer: int


class FakeOpenAI:
    def __init__(self) -> None:
        self.calls: list[Received] = []
        self.aborts = 0  # answers that the client did not wait for
        self.most_at_once = 0
        self.reply: Any = "Fine words from a fake."  # a text, or what makes one of the request's body
        self.arguments: Any = {}  # of every tool call; None for a model that ignores tools
        self.refuses: set[str] = set()  # parameters, and types of response_format
        self.retry_after: str | None = None
        self.pause = 0.02
        self.raw: list[bytes] = []
        self.raw_headers = {"content-type": "text/event-stream"}
        self.raw_status = 200
        self.together = 1
        self.sleeps = False  # else it is awake: the question that wakes is answered at once, and no call of anybody's
        self._steps = threading.Semaphore(0)
        self.audio = b"\xff\xfb\x90\xc4" + bytes(range(252)) + bytes(range(256)) * 63
        self._modes: list[Mode] = ["ok"]
        self._now = 0
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "FakeOpenAI":
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def mode(self, *modes: Mode, **values: Any) -> None:
        """What the next calls meet, one mode each; the last one stays. Attributes can be set along with it.

        A mode may also be a function of the request's body that names one.
        """
        self._modes = list(modes)
        for name, value in values.items():
            assert hasattr(self, name), name
            setattr(self, name, value)

    def wait_for(self, found: Any, timeout: float = 60) -> bool:
        """Waits until a condition on this server holds, such as `lambda: fake.aborts`."""
        with self._changed:
            return bool(self._changed.wait_for(found, timeout))

    def step(self) -> None:
        """Lets a server in mode `step` say one word more."""
        self._steps.release()

    def may_step(self) -> bool:
        return self._steps.acquire(blocking=False)

    def close_idle(self) -> None:
        """Closes every connection, as a server does with those that were unused for long."""
        for connection in list(self._server.connections):
            connection.shutdown(socket.SHUT_RDWR)

    @property
    def connected(self) -> int:
        return len(self._server.connections)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [call.body for call in self.calls]

    def began(self, call: Received) -> str:
        with self._changed:
            self.calls.append(call)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            self._changed.notify_all()
            mode = self._modes.pop(0) if len(self._modes) > 1 else self._modes[0]
            return mode if isinstance(mode, str) else mode(call.body)

    def ended(self, aborted: bool) -> None:
        with self._changed:
            self._now -= 1
            self.aborts += aborted
            self._changed.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    fake: FakeOpenAI

    def __init__(self, *args: Any) -> None:
        self.stopping = threading.Event()
        self.connections: set[socket.socket] = set()
        super().__init__(*args)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class _Gone(Exception):
    """The client has closed the connection, or the test is over."""


class _Cut(Exception):
    """The connection is to be closed at once."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _serve(self, body: dict[str, Any]) -> None:
        fake = self.server.fake
        if not fake.sleeps and body.get("messages", [{}])[-1].get("content") == WAKING.messages[-1]["content"]:
            return self._completion("ok", body)
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        mode = fake.began(Received(self.path, key, body, dict(self.headers.items()), self.client_address[1]))
        aborted = False
        try:
            self._answer(mode, key, body)
        except (_Gone, BrokenPipeError, ConnectionResetError):
            aborted = self.close_connection = True
        except _Cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        finally:
            fake.ended(aborted)

    def _answer(self, mode: str, key: str, body: dict[str, Any]) -> None:
        if mode == "stall":
            self._wait(NEVER)
            raise _Cut
        if mode == "drop":
            raise _Cut
        if mode.isdigit():
            return self._error(int(mode), "Something with secret details of sk-upstream", None)
        if mode == "together" and not self._wait(
            NEVER, lambda: self.server.fake.most_at_once >= self.server.fake.together
        ):
            raise _Cut
        if mode in {"raw", "raw-open"}:
            return self._raw(mode == "raw-open")
        if mode in FLOODS:
            return self._flood(mode, bool(body.get("stream")))
        if not key:
            return self._error(401, "You didn't provide an API key.", None)
        if mode == "garbage":
            return self._send(200, b"<html>It works!</html>", "text/html")
        if self.path == "/v1/models":
            return self._json({"object": "list", "data": [{"id": "some-model", "object": "model"}]})
        asked = body.get("response_format")  # of speech it is a text: mp3
        form = str(asked.get("type")) if isinstance(asked, dict) else None
        if form in self.server.fake.refuses:
            problem = f"Invalid parameter: 'response_format' of type '{form}' is not supported with this model."
            return self._error(400, problem, "response_format")
        refused = next((name for name in self.server.fake.refuses if name in body), None)
        if refused:
            return self._error(400, f"Unsupported parameter: '{refused}' is not supported with this model.", refused)
        if self.path == "/v1/audio/speech":
            return self._speech(mode)
        if self.path == "/v1/chat/completions":
            return self._stream(mode, body) if body.get("stream") else self._completion(mode, body)
        return self._error(404, f"Invalid URL {self.path}", None)

    def _completion(self, mode: str, body: dict[str, Any]) -> None:
        if mode == "slow":
            self._wait(self.server.fake.pause)
        if mode == "padded":
            self._begin("application/json")
            while True:
                self._chunk(b"\n")
                self._wait(self.server.fake.pause)
        message: dict[str, Any] = {"role": "assistant", "content": self._text(mode, body), "refusal": None}
        if mode == "refused":
            message |= {"content": None, "refusal": "I can't help with that."}
        if body.get("tools") and mode != "empty" and self.server.fake.arguments is not None:
            name = body["tools"][0]["function"]["name"]
            function = {"name": name, "arguments": _dumped(self.server.fake.arguments)}
            message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._json({**_head(body, "chat.completion"), "choices": [choice], "usage": USAGE})

    def _stream(self, mode: str, body: dict[str, Any]) -> None:
        self._begin("text/event-stream")
        if mode == "comments":
            while True:
                self._chunk(b": still thinking\n\n")
                self._wait(self.server.fake.pause)
        events = list(self._events(mode, body))
        for number, event in enumerate(events):
            if number >= len(events) // 2 and mode in {"cut", "silent", "error"}:
                self._break(mode)
            if mode == "slow":
                self._wait(self.server.fake.pause)
            if mode == "step" and number and event["choices"] and "content" in event["choices"][0]["delta"]:
                self._wait(NEVER, self.server.fake.may_step)
            self._chunk(b"data: " + json.dumps(event).encode() + b"\n\n")
        self._chunk(b"data: [DONE]\n\n")
        self._end()

    def _break(self, mode: str) -> None:
        if mode == "error":
            self._chunk(b'data: {"error": {"message": "secret details"}}\n\n')
        if mode == "silent":
            self._wait(NEVER)
        raise _Cut

    def _events(self, mode: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        head = _head(body, "chat.completion.chunk")

        def event(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
            return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

        yield event({"role": "assistant", "content": ""})
        if mode == "refused":
            yield event({"refusal": "I can't help with that."})
        else:
            yield from (event({"content": word}) for word in re.findall(r"\S*\s|\S+", self._text(mode, body)))
        yield event({}, "stop")
        if body.get("stream_options", {}).get("include_usage"):
            yield {**head, "choices": [], "usage": USAGE}

    def _speech(self, mode: str) -> None:
        audio = self.server.fake.audio
        self._begin("audio/mpeg")
        for start in range(0, len(audio), 1024):
            if mode == "slow":
                self._wait(self.server.fake.pause)
            if start >= len(audio) // 2 and mode in {"cut", "silent"}:
                self._break(mode)
            self._chunk(audio[start : start + 1024])
        self._end()

    def _raw(self, stays_open: bool) -> None:
        fake = self.server.fake
        self.send_response(fake.raw_status)
        for name, value in {**fake.raw_headers, "transfer-encoding": "chunked"}.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in fake.raw:
            self._chunk(piece)
        if stays_open:
            self._wait(NEVER)
        self._end()

    def _flood(self, mode: str, stream: bool) -> None:
        self.send_response(500 if mode == "endless-500" else 200)
        self.send_header("content-type", "text/event-stream" if stream else "application/json")
        self.send_header("transfer-encoding", "chunked")
        if mode == "bomb":
            self.send_header("content-encoding", "gzip")
        self.end_headers()
        flood = FLOODS[mode]()
        while not self.server.stopping.is_set():
            self.wfile.write(flood)
        raise _Gone

    def _text(self, mode: str, body: dict[str, Any]) -> str:
        reply = self.server.fake.reply
        return "" if mode == "empty" else _dumped(reply(body) if callable(reply) else reply)

    def _wait(self, seconds: float, over: Callable[[], bool] = lambda: False) -> bool:
        """Notices at once when the client goes away. Whether it was `over` before the time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if over():
                return True
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.02))
            if (readable and not self.connection.recv(1, socket.MSG_PEEK)) or self.server.stopping.is_set():
                raise _Gone
        return False

    def _error(self, status: int, message: str, parameter: str | None) -> None:
        wait = self.server.fake.retry_after
        problem = {"message": message, "type": "some_error", "param": parameter, "code": None}
        more = {"retry-after": wait} if wait is not None and status in {429, 503} else {}
        self._send(status, json.dumps({"error": problem}).encode(), "application/json", more)

    def _json(self, found: dict[str, Any]) -> None:
        self._send(200, json.dumps(found).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")


def _chunked(data: bytes, times: int = 1) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) * times


@cache
def _bomb() -> bytes:
    return _chunked(zlib.compress(bytes(100_000_000), wbits=31))  # takes a second


FLOODS: dict[str, Callable[[], bytes]] = {
    "endless": lambda: _chunked(b"data: " + b" " * 65_536),
    "endless-500": lambda: _chunked(b"x" * 65_536),
    "newlines": lambda: _chunked(b"\n" * 65_536),
    "crumbs": lambda: _chunked(b":\n", 8_192),
    "bomb": _bomb,
}
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1_790_000_000, "model": body["model"]}


def _dumped(found: Any) -> str:
    return found if isinstance(found, str) else json.dumps(found)
