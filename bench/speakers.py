"""People who talk by voice: Socket.IO by hand over gevent, in a process of their own.

The library's client took 45 ms of processor for a reply, more than the server: fifty of them measured themselves.

Reads a job from stdin and prints what each of them met:
`{"port", "tokens", "rounds", "talk": body or null, "pcm": file or null, "apart": seconds, "interrupt": bool}`. Each
speaks the recording in real time, so that their ends come `apart` from one another, then asks for a reply; with
`interrupt` they do so at the third piece of audio.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STEP_BYTES, STEP_SECONDS = 3200, 0.1  # of PCM at 16 kHz
HEAD = b"\r\n".join((
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
    b"Host: 127.0.0.1",
    b"Upgrade: websocket",
    b"Connection: Upgrade",
    b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    b"\r\n",
))  # fmt: skip
EVENT = re.compile(rb'4(?:2|51-)\["([a-z-]+)",?')


@dataclass
class Met:
    """Seconds: from the end of the recording to its words, from there or from the wish to the first audio, to the end;
    from the interruption to the last audio behind it. When it began and when the interruption was: `time.monotonic`."""

    began: float = 0.0
    wait: float = 0.0
    first: float = 0.0
    whole: float = 0.0
    behind: float = 0.0
    interrupted_at: float = 0.0
    order: list[list[int]] = field(default_factory=list)
    text: str = ""
    message: str = ""
    complete: bool = False
    errors: list[str] = field(default_factory=list)


def speak(port: int, tokens: list[str], **job: Any) -> list[Met]:
    whole = json.dumps({"port": port, "tokens": tokens, "rounds": 1, "talk": None, "pcm": None, "apart": 0} | job)
    command = [sys.executable, str(Path(__file__))]
    done = subprocess.run(command, input=whole, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise SystemExit(f"The speakers failed:\n{done.stderr}")
    return [Met(**one) for one in json.loads(done.stdout)]


class Client:
    """A Socket.IO connection that calls `heard` with the name of each event and its data as JSON."""

    def __init__(self, port: int, token: str) -> None:
        from gevent import socket
        from gevent.event import AsyncResult

        self.heard: Callable[[str, bytes], None] = lambda *_: None
        self._acks: dict[int, Any] = {}
        self._new_ack = AsyncResult
        self._unread = b""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(HEAD)
        while b"\r\n\r\n" not in self._unread:
            self._more()
        assert self._unread.startswith(b"HTTP/1.1 101"), self._unread
        self._unread = self._unread.partition(b"\r\n\r\n")[2]
        self._send(f"40{json.dumps({'token': token})}".encode())
        while not (packet := self._packet()).startswith(b'42["tts-connected"'):
            assert not packet.startswith(b"44"), packet
        self._socket.settimeout(None)

    def call(self, event: str, *given: Any, timeout: float) -> Any:
        """The acknowledgement."""
        number, answer = len(self._acks), self._new_ack()
        self._acks[number] = answer
        self.emit(event, *given, number=str(number))
        return answer.get(timeout=timeout)

    def emit(self, event: str, *given: Any, number: str = "") -> None:
        self._send(f"42{number}{json.dumps([event, *given])}".encode())

    def emit_bytes(self, event: str, data: bytes) -> None:
        self._send(f'451-["{event}",{{"_placeholder":true,"num":0}}]'.encode())
        self._send(data, binary=True)

    def read(self) -> None:
        """Endless, until `close`."""
        while packet := self._packet():
            if packet == b"2":
                self._send(b"3")
            elif packet.startswith(b"43"):
                number, _, answer = packet[2:].partition(b"[")
                self._acks[int(number)].set(json.loads(b"[" + answer)[0])
            elif found := EVENT.match(packet):
                self.heard(found[1].decode(), packet[found.end() : -1])

    def close(self) -> None:
        self._socket.close()

    def _send(self, payload: bytes, binary: bool = False) -> None:
        """A frame whose mask is 0, so that nothing has to be masked."""
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        self._socket.sendall(bytes([0x82 if binary else 0x81]) + length + bytes(4) + payload)

    def _packet(self) -> bytes:
        """The next one as text; what is binary is passed over."""
        while True:
            first, size = self._take(2)
            size = int.from_bytes(self._take({126: 2, 127: 8}[size]), "big") if size > 125 else size
            payload = self._take(size)
            if first == 0x81:
                return payload
            if first == 0x88:
                return b""

    def _take(self, size: int) -> bytes:
        while len(self._unread) < size:
            self._more()
        taken, self._unread = self._unread[:size], self._unread[size:]
        return taken

    def _more(self) -> None:
        data = self._socket.recv(65536)
        assert data, "the server has closed the connection"
        self._unread += data


def main() -> None:
    from gevent import monkey

    monkey.patch_all()
    import gevent

    job = json.load(sys.stdin)
    pcm = Path(job["pcm"]).read_bytes() if job["pcm"] else b""
    clients = [Client(job["port"], token) for token in job["tokens"]]
    reading = [gevent.spawn(client.read) for client in clients]
    working = [gevent.spawn(_rounds, client, job, pcm, number * job["apart"]) for number, client in enumerate(clients)]
    gevent.joinall(working, raise_error=True)
    gevent.killall(reading)
    for client in clients:
        client.close()
    json.dump([asdict(met) for one in working for met in one.value], sys.stdout)


def _rounds(client: Client, job: dict[str, Any], pcm: bytes, after: float) -> list[Met]:
    import gevent

    gevent.sleep(after)
    return [_round(client, job, pcm) for _ in range(job["rounds"])]


def _round(client: Client, job: dict[str, Any], pcm: bytes) -> Met:
    met, name = Met(), str(time.monotonic())
    client.heard = Hearer(client, met, name, bool(job.get("interrupt")))
    if pcm:
        _say(client, met, pcm)
    if job["talk"]:
        _ask(client, met, name, job["talk"])
    return met


class Hearer:
    """Notes what one round is told."""

    def __init__(self, client: Client, met: Met, name: str, interrupts: bool) -> None:
        self._client, self._met, self._name, self._interrupts = client, met, name, interrupts

    def __call__(self, event: str, data: bytes) -> None:
        if event == "reply-audio":
            self._audio(time.monotonic(), json.loads(data))
        elif event == "reply-end":
            self._met.message = json.loads(data)["message"]
        elif event == "heard":
            self._met.text = json.loads(data)["text"]
        elif event in {"reply-error", "listen-error"}:
            self._met.errors.append(json.loads(data)["message"])

    def _audio(self, now: float, data: dict[str, Any]) -> None:
        met = self._met
        met.first = met.first or now - met.began
        met.order.append([data["sentence"], data["index"]])
        if met.interrupted_at:
            met.behind = now - met.interrupted_at
        elif self._interrupts and len(met.order) == 3:
            self._client.emit("interrupt", {"id": self._name, "sentence": 0})
            met.interrupted_at = time.monotonic()


def _say(client: Client, met: Met, pcm: bytes) -> None:
    """Until its words are there; `began` is when the recording ended."""
    import gevent

    client.call("listen-start", {"sampleRate": 16_000}, timeout=60)
    began = time.monotonic()
    for number, at in enumerate(range(0, len(pcm), STEP_BYTES), 1):
        client.emit_bytes("listen-audio", pcm[at : at + STEP_BYTES])
        gevent.sleep(max(0.0, began + number * STEP_SECONDS - time.monotonic()))
    met.began = time.monotonic()
    answer = client.call("listen-end", timeout=120)
    met.wait, met.complete = time.monotonic() - met.began, answer == {"success": True}


def _ask(client: Client, met: Met, name: str, talk: dict[str, Any]) -> None:
    met.began = met.began or time.monotonic()
    body = {**talk, "id": name, "binary": True}
    if met.text:
        body["messages"] = [{"role": "user", "content": met.text}]
    met.complete = client.call("talk", body, timeout=120) == {"success": True}
    met.whole = time.monotonic() - met.began


if __name__ == "__main__":
    main()
