"""500 streams at once through one worker: 10 s each at 5 pieces a second, starting over 5 s, every piece checked.

Once with two messages, so that nothing is evaluated, and once with four and the evaluation beside each.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.chats import TALK
from bench.common import ROOT, Person, Server, database, fake_model, people, percentile, report, request, server
from bench.reads import profile

STREAMS = 500
OVER = 5.0  # seconds over which they start
DELTAS = 50
EVERY = 0.2
LATENCY = 0.5  # the model's own until its first piece


@dataclass(frozen=True)
class Told:
    """What the readers met. Milliseconds until the first piece, less what the model itself took."""

    complete: int
    measured: int
    first: list[float]
    pieces_late: list[float]
    problems: list[str]


def main() -> None:
    model_is = {"latency": LATENCY, "deltas": DELTAS, "every": EVERY}
    with database() as (url, folder), fake_model(**model_is) as model:
        settings = {"OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1", "OPENAI_API_KEY": "k", "TTS_PROVIDER": "openai"}
        everybody = people(STREAMS)
        for messages in (2, 4):
            with server(url, folder, **settings) as running:
                listen(running, [stream(everybody[0], messages)])  # a model's first answer is read whole
                told = listen(running, [stream(person, messages) for person in everybody])
                show(messages, told, running)


def listen(running: Server, requests: list[str]) -> Told:
    """What readers of these streams hear, in a process of their own."""
    job = {"port": running.port, "over": OVER, "deltas": DELTAS, "every": EVERY, "requests": requests}
    command = [sys.executable, str(ROOT / "bench/readers.py")]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise SystemExit(f"The readers failed:\n{done.stderr}")
    return Told(**json.loads(done.stdout))


def show(messages: int, told: Told, running: Server) -> None:
    (worker,) = running.workers()
    evaluated = ", each with its evaluation" if messages > 2 else ""
    report(
        f"Streams ({STREAMS} at once{evaluated}, one worker, {DELTAS} pieces {EVERY:g} s apart)",
        ("complete, with every piece in its place", told.complete, "streams", -STREAMS),
        ("with their objectives measured", told.measured, "streams", -STREAMS if messages > 2 else None),
        ("first piece, over the model's own (median)", percentile(told.first, 50), "ms", None),
        ("first piece, over the model's own (95th percentile)", percentile(told.first, 95), "ms", 300),
        ("a piece behind its time (95th percentile)", percentile(told.pieces_late, 95), "ms", None),
        ("memory of the worker at its highest", highest(worker), "MB", 500),
        ("processor of the worker", processor(worker), "s", None),
    )
    for problem in told.problems:
        print(f"  {problem}")


def highest(worker: int) -> float:
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def processor(worker: int) -> float:
    """Seconds that it took since it began."""
    fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stream(person: Person, messages: int) -> str:
    turns = [
        {"role": ("user", "assistant")[number % 2], "content": text} for number, text in enumerate(TALK[:messages])
    ]
    body = {
        "messages": turns,
        "clientProfile": profile(),
        "simulationSettings": {"industry": "insurance", "subcategory": "life-health", "difficulty": "beginner"},
    }
    return request("POST", "/api/chat/client-response/stream", body, person.token)


if __name__ == "__main__":
    main()
