"""Listeners of speech: Socket.IO clients over gevent, in a process of their own.

Reads a job from stdin, `{"port": 3001, "texts": ["…"]}`, connects one listener a text, lets all of them ask at the same
time, and prints for each what it heard.
"""

import json
import struct
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STAMP = struct.Struct("<4xdq")  # what the fake voice begins each piece of audio with
PIECE = 4096


@dataclass
class Heard:
    """Seconds since the listener asked; what came; of the fake voice the seconds behind it and the pieces' numbers."""

    first: float = 0.0
    whole: float = 0.0
    bytes: int = 0
    events: list[str] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    acknowledged: bool = False
    behind: float = 0.0
    pieces: list[int] = field(default_factory=list)


def listen(port: int, texts: list[str], rounds: int = 1) -> list[Heard]:
    """What listeners of these texts hear, each text `rounds` times in a row."""
    job = json.dumps({"port": port, "texts": texts, "rounds": rounds})
    done = subprocess.run([sys.executable, str(Path(__file__))], input=job, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise SystemExit(f"The listeners failed:\n{done.stderr}")
    return [Heard(**one) for one in json.loads(done.stdout)]


def main() -> None:
    from gevent import monkey

    monkey.patch_all()
    import gevent
    import socketio

    job = json.load(sys.stdin)
    clients = []
    for _ in job["texts"]:
        client = socketio.Client(reconnection=False)
        client.connect(f"http://127.0.0.1:{job['port']}", transports=["websocket"], wait_timeout=60)
        clients.append(client)
    asking = [
        gevent.spawn(ask_in_turn, client, text, job["rounds"])
        for client, text in zip(clients, job["texts"], strict=True)
    ]
    gevent.joinall(asking, raise_error=True)
    for client in clients:
        client.disconnect()
    json.dump([asdict(heard) for greenlet in asking for heard in greenlet.value], sys.stdout)


def ask_in_turn(client: Any, text: str, rounds: int) -> list[Heard]:
    return [ask(client, text) for _ in range(rounds)]


def ask(client: Any, text: str) -> Heard:
    heard, audio, began = Heard(), bytearray(), time.monotonic()

    def chunk(data: dict[str, Any]) -> None:
        heard.first = heard.first or time.monotonic() - began
        heard.indexes.append(data["index"])
        audio.extend(data["data"])

    client.on("audio-chunk", chunk)
    for event in ("speech-start", "speech-end", "tts-error"):
        client.on(event, lambda *_, event=event: heard.events.append(event))
    answer = client.call("generate-speech", {"text": text, "binary": True}, timeout=120)
    heard.whole = time.monotonic() - began
    heard.acknowledged = answer == {"success": True}
    heard.bytes = len(audio)
    if len(audio) % PIECE == 0 and audio:
        stamps = [STAMP.unpack_from(audio, start) for start in range(0, len(audio), PIECE)]
        heard.behind = began + heard.first - stamps[0][0]
        heard.pieces = [number for _, number in stamps]
    return heard


if __name__ == "__main__":
    main()
