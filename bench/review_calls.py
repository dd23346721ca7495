"""A review with a call for each of six competencies beside one in a single call, in turn, against a model that takes as
long over either."""

from contextlib import ExitStack
from statistics import median

from bench.chats import TALK
from bench.common import Person, Server, database, fake_model, load, people, report, request, server

LATENCY = 1.0
RUNS = 5
PATH = "/api/simulation/generate-review"


def main() -> None:
    with database() as (url, folder), fake_model(latency=LATENCY) as model, ExitStack() as stack:
        base = {"OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1", "OPENAI_API_KEY": "k", "TTS_PROVIDER": "openai"}
        (somebody,) = people(1)
        running = {
            calls: stack.enter_context(server(url, folder, **base, REVIEW_CALLS=calls))
            for calls in ("one", "per-competency")
        }
        for one in running.values():
            taken(one, somebody)  # the first loads what a review needs
        times: dict[str, list[float]] = {calls: [] for calls in running}
        for _ in range(RUNS):
            for calls, one in running.items():
                times[calls].append(taken(one, somebody))
    one, many = median(times["one"]), median(times["per-competency"])
    report(
        f"Reviews (model {LATENCY:g} s, median of {RUNS} in turn)",
        ("one call for all competencies", one, "s", None),
        ("a call for each of six, at the same time", many, "s", None),
        ("ratio", many / one, "times", 1.3),
    )


def taken(running: Server, person: Person) -> float:
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(TALK)]
    asked = request("POST", PATH, {"messages": messages, "difficulty_level": "beginner"}, person.token)
    met = load(running.port, {"name": "review", "connections": 1, "rounds": 1, "requests": [asked]})["review"]
    if set(met.statuses) != {"200"}:
        raise SystemExit(f"No review: {met.statuses} {met.errors}")
    return met.percentile(50) / 1000


if __name__ == "__main__":
    main()
