"""How soon a listener hears something, what the server adds to an upstream voice, and 100 listeners at once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from bench.common import database, fake_model, load, percentile, probe, report, server
from bench.listener import Heard, listen

TEXT = "I see. And what would that mean for my family, if something happened to me next year? I have two children."
AT_ONCE = 100
PIECES = 12


def main() -> None:
    with database() as (url, folder):
        with server(url, folder, TTS_PROVIDER="local") as running:
            listen(running.port, ["Hello."])
            local = listen(running.port, [TEXT], rounds=10)
            with ThreadPoolExecutor() as pool:
                listeners = pool.submit(listen, running.port, [TEXT * 4] * 8)
                health = load(running.port, probe(seconds=3))["health"]
                listeners.result()
        with fake_model(latency=0.2, pieces=PIECES) as voice:
            settings = {"TTS_PROVIDER": "openai", "TTS_BASE_URL": f"http://127.0.0.1:{voice}/v1", "TTS_API_KEY": "k"}
            with server(url, folder, **settings) as running:
                listen(running.port, [TEXT], rounds=2)
                alone = listen(running.port, [TEXT], rounds=20)
                crowd = listen(running.port, [TEXT] * AT_ONCE)
    if not all(whole(one) for one in alone) or any("tts-error" in one.events for one in local):
        raise SystemExit("A speech of one listener alone failed")
    report(
        "Speech (one worker)",
        ("local voice, first audio (median)", median(one.first for one in local) * 1000, "ms", 150),
        ("  slowest of 10", max(one.first for one in local) * 1000, "ms", 150),
        ("  GET /health while 8 are spoken to, 99th percentile", health.percentile(99), "ms", None),
        ("openai voice, added to the first byte (median)", median(one.behind for one in alone) * 1000, "ms", 10),
        ("  slowest of 20", max(one.behind for one in alone) * 1000, "ms", None),
        (f"{AT_ONCE} at once: complete and in order", sum(whole(one) for one in crowd), "speeches", -AT_ONCE),
        ("  all done after", max(one.whole for one in crowd), "s", None),
        ("  added to the first byte (median)", median(one.behind for one in crowd) * 1000, "ms", None),
    )


def whole(heard: Heard) -> bool:
    """Every piece of the fake voice, in its order, and no word of trouble."""
    numbered = heard.indexes == list(range(len(heard.indexes)))
    complete = heard.pieces == list(range(PIECES)) and heard.events == ["speech-start", "speech-end"]
    return numbered and complete and heard.acknowledged


def median(values: Iterable[float]) -> float:
    return percentile(list(values), 50)


if __name__ == "__main__":
    main()
