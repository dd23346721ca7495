"""People who talk by voice: Socket.IO clients over gevent, in a process of their own.

Reads a job from stdin and prints what each of them met:
`{"port", "tokens", "rounds", "talk": body or null, "pcm": file or null, "apart": seconds, "interrupt": bool}`. Each
speaks the recording in real time, so that their ends come `apart` from one another, then asks for a reply; with
`interrupt` they do so at the third piece of audio.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STEP_BYTES, STEP_SECONDS = 3200, 0.1  # of PCM at 16 kHz


@dataclass
class Met:
    """Seconds: from the end of the recording to its words, from the wish (of the end) to the first audio, to the end;
    from the interruption to the last audio behind it, and when it was (`time.monotonic`)."""

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


def main() -> None:
    from gevent import monkey

    monkey.patch_all()
    import gevent
    import socketio

    job = json.load(sys.stdin)
    pcm = Path(job["pcm"]).read_bytes() if job["pcm"] else b""
    clients = []
    for token in job["tokens"]:
        client = socketio.Client(reconnection=False)
        url = f"http://127.0.0.1:{job['port']}"
        client.connect(url, transports=["websocket"], wait_timeout=60, auth={"token": token})
        clients.append(client)
    working = [gevent.spawn(_rounds, client, job, pcm, number * job["apart"]) for number, client in enumerate(clients)]
    gevent.joinall(working, raise_error=True)
    for client in clients:
        client.disconnect()
    json.dump([asdict(met) for one in working for met in one.value], sys.stdout)


def _rounds(client: Any, job: dict[str, Any], pcm: bytes, after: float) -> list[Met]:
    import gevent

    gevent.sleep(after)
    return [_round(client, job, pcm) for _ in range(job["rounds"])]


def _round(client: Any, job: dict[str, Any], pcm: bytes) -> Met:
    met = Met()
    for event in ("reply-error", "listen-error"):
        client.on(event, lambda data: met.errors.append(data["message"]))
    began = time.monotonic()
    if pcm:
        began = _say(client, met, pcm)
    if job["talk"]:
        _ask(client, met, job, began)
    return met


def _say(client: Any, met: Met, pcm: bytes) -> float:
    """When the recording ended."""
    import gevent

    client.on("heard", lambda data: setattr(met, "text", data["text"]))
    client.call("listen-start", {"sampleRate": 16_000}, timeout=60)
    began = time.monotonic()
    for number, at in enumerate(range(0, len(pcm), STEP_BYTES), 1):
        client.emit("listen-audio", pcm[at : at + STEP_BYTES])
        gevent.sleep(max(0.0, began + number * STEP_SECONDS - time.monotonic()))
    ended = time.monotonic()
    answer = client.call("listen-end", timeout=120)
    met.wait, met.complete = time.monotonic() - ended, answer == {"success": True}
    return ended


def _ask(client: Any, met: Met, job: dict[str, Any], began: float) -> None:
    name = str(time.monotonic())

    def audio(data: dict[str, Any]) -> None:
        now = time.monotonic()
        met.first = met.first or now - began
        met.order.append([data["sentence"], data["index"]])
        if met.interrupted_at:
            met.behind = now - met.interrupted_at
        elif job.get("interrupt") and len(met.order) == 3:
            client.emit("interrupt", {"id": name, "sentence": 0})
            met.interrupted_at = time.monotonic()

    client.on("reply-audio", audio)
    client.on("reply-end", lambda data: setattr(met, "message", data["message"]))
    body = {**job["talk"], "id": name, "binary": True}
    if met.text:
        body["messages"] = [{"role": "user", "content": met.text}]
    met.complete = client.call("talk", body, timeout=120) == {"success": True}
    met.whole = time.monotonic() - began


if __name__ == "__main__":
    main()
