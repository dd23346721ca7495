"""200 chats at once, each with its evaluation, against a model that takes a second; beside it the bare openai SDK.

Every chat is two calls upstream. The SDK makes the same 400 calls with as many processes, in turn with the product.
"""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any
from urllib.request import urlopen

from bench.common import ROOT, Person, Server, database, fake_model, load, people, process, report, request, server
from bench.reads import profile

CHATS = 200
LATENCY = 1.0
RUNS = 3
OLD = 2.41  # seconds that the backend before this one took for the same, with one process
TALK = [
    "Hello, I'm Sam, thank you for coming in.",
    "Hello. My brother said that I should talk with somebody about insurance.",
    "I'm glad that you came. What made you think about it now?",
    "We bought a house last year, and I am the one who earns most.",
    "So it would be hard for the others if something happened to you. Have you something in place already?",
    "Something through work, but I don't know what it covers.",
    "Would it help if we looked at that together first, before we speak of anything new?",
]


def main() -> None:
    with database() as (url, folder), fake_model(latency=LATENCY) as model:
        settings = {"OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1", "OPENAI_API_KEY": "k", "TTS_PROVIDER": "openai"}
        everybody = people(CHATS)
        for workers in (1, 2):
            with server(url, folder, workers, **settings) as running:
                single = one_after_another(running, everybody[:5])
                ours, bare = in_turn(running, everybody, model, workers)
            compare(workers, single, ours, bare)


def compare(workers: int, single: float, ours: list[float], bare: list[float]) -> None:
    report(
        f"Chats ({workers} worker{'s' * (workers > 1)}, {CHATS} at once, model {LATENCY:g} s, best of {RUNS})",
        (f"{CHATS} chats with evaluation", min(ours), "s", OLD),
        (f"{2 * CHATS} calls of the bare SDK, as many processes", min(bare), "s", None),
        ("ratio", min(ours) / min(bare), "times", 1.6),
        ("one chat with evaluation, alone (median)", single, "s", 1.1 * LATENCY),
    )
    print(f"  every run: chats {seconds(ours)}; bare SDK {seconds(bare)}")


def one_after_another(running: Server, some: list[Person]) -> float:
    chats = [chat(person) for person in some]
    load(running.port, {"name": "warm", "connections": 8, "rounds": 2, "requests": chats})
    met = load(running.port, {"name": "single", "connections": 1, "rounds": 5, "requests": chats})["single"]
    return met.percentile(50) / 1000


def in_turn(running: Server, everybody: list[Person], model: int, workers: int) -> tuple[list[float], list[float]]:
    """Seconds of the product's runs and of the SDK's."""
    ours, bare = [], []
    for _ in range(RUNS):
        ours.append(at_once(running, everybody, model))
        bare.append(bare_sdk(model, workers))
    return ours, bare


def at_once(running: Server, everybody: list[Person], model: int) -> float:
    before = calls(model)
    chats = [chat(person) for person in everybody]
    met = load(running.port, {"name": "chats", "connections": CHATS, "rounds": 1, "requests": chats})["chats"]
    if met.statuses != {"200": CHATS} or calls(model) - before != 2 * CHATS:
        raise SystemExit(f"Not all answered: {met.statuses} {met.errors}, {calls(model) - before} calls upstream")
    return met.seconds


def bare_sdk(model: int, processes: int) -> float:
    """Seconds from the word go until the last process has all its answers."""
    command = [sys.executable, str(ROOT / "bench/bare_sdk.py"), str(model), str(2 * CHATS // processes)]
    with ExitStack() as stack:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        children: list[Any] = [stack.enter_context(process(command, **pipes)) for _ in range(processes)]
        for child in children:
            child.stdout.readline()
        began = time.perf_counter()
        for child in children:
            child.stdin.write("go\n")
            child.stdin.flush()
        if any(child.stdout.readline() != "done\n" for child in children):
            raise SystemExit("The bare SDK failed")
        return time.perf_counter() - began


def calls(model: int) -> int:
    with urlopen(f"http://127.0.0.1:{model}/seen", timeout=5) as answer:
        return int(json.load(answer)["calls"])


def chat(person: Person) -> str:
    turns = [{"role": ("user", "assistant")[number % 2], "content": text} for number, text in enumerate(TALK)]
    body = {
        "messages": turns,
        "clientProfile": profile(),
        "simulationSettings": {"industry": "insurance", "subcategory": "life-health", "difficulty": "beginner"},
        "objectives": [{"id": name, "name": name, "progress": 20} for name in ("rapport", "needs")],
    }
    return request("POST", "/api/chat/client-response", body, person.token)


def seconds(values: list[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values) + " s"


if __name__ == "__main__":
    main()
