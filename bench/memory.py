"""Resident memory of one idle worker, as the kernel counts it: without a voice, and with the local one loaded."""

from pathlib import Path

from bench.common import Server, database, load, people, report, request, server
from bench.listener import listen


def main() -> None:
    with database() as (url, folder):
        learner = people(1)[0]
        with server(url, folder, TTS_PROVIDER="openai", TTS_API_KEY="k") as running:
            fresh = resident(running)
            load(running.port, {"name": "some", "connections": 4, "rounds": 50, "requests": [some(learner.token)]})
            used = resident(running)
        with server(url, folder, TTS_PROVIDER="local") as running:
            unloaded = resident(running)
            listen(running.port, ["Hello, this is somebody who speaks."])
            loaded = resident(running)
    report(
        "Memory of one idle worker",
        ("without the local voice", fresh, "MB", 150),
        ("  after some requests", used, "MB", 150),
        ("with the local voice, before it has spoken", unloaded, "MB", None),
        ("with the local voice loaded", loaded, "MB", 350),
    )


def some(token: str) -> str:
    return request("GET", "/api/simulation", token=token)


def resident(running: Server) -> float:
    (worker,) = running.workers()
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


if __name__ == "__main__":
    main()
