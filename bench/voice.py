"""A conversation by voice: how soon the client is heard, how soon the learner is understood, and many at once."""

import argparse
import re
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy

from bench.common import database, fake_model, load, people, percentile, probe, report, server
from bench.speakers import Met, speak
from rplay.stt.decoding import decoded
from rplay.stt.recogniser import RATE
from rplay.tts.local import LocalSpeaker

FIRST = "I see what you mean."  # six tokens, with the full stop
ANSWER = (
    f"{FIRST} But what would that cost me every month, if I stay with it? I have two children, and a house to pay for."
)
LINE = "Good morning. Please tell me what worries you most about money, and about the years when you no longer work."
LATENCY, TOKENS_A_SECOND = 0.15, 30
TALKS, SPEAKERS = 50, 20
PARTS = ("talk", "rehearsal", "speakers", "talks")  # one talk with a model; all local; 20 who speak; 50 talks at once
BODY = {
    "messages": [{"role": "user", "content": "Tell me about your plans."}],
    "clientProfile": {"name": "Maria Keller", "age": 47, "occupation": "Nurse"},
    "simulationSettings": {"industry": "insurance"},
}
LOCAL = {"TTS_PROVIDER": "local", "STT_PROVIDER": "local", "LOG_LEVEL": "warning", "RATE_LIMIT_ENABLED": "false"}


def main(only: Sequence[str]) -> None:
    with database() as (url, folder), TemporaryDirectory(prefix="rplay-bench-voice-") as place:
        tokens = [person.token for person in people(TALKS)]
        if "talk" in only:
            _with_a_model(url, folder, tokens)
        if not {"rehearsal", "speakers"}.isdisjoint(only):
            _all_local(url, folder, tokens, _recording(Path(place) / "line.pcm"), only)
        if "talks" in only:
            _many_talk(url, folder, tokens)


def _all_local(url: str, folder: Path, tokens: Sequence[str], pcm: Path, only: Sequence[str]) -> None:
    with server(url, folder, AI_PROVIDERS="local", LOCAL_TYPING="0", **LOCAL) as running:
        if "rehearsal" in only:
            _in_rehearsal(running.port, tokens, pcm)
        if "speakers" in only:
            _many_speak(running.port, tokens[:SPEAKERS], pcm)


def _with_a_model(url: str, folder: Path, tokens: Sequence[str]) -> None:
    with fake_model(latency=LATENCY, every=1 / TOKENS_A_SECOND, said=ANSWER) as model:
        settings = {"AI_PROVIDERS": "openai", "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1"}
        with server(url, folder, **settings, **LOCAL) as running:
            speak(running.port, tokens[:1], talk=BODY, rounds=3)
            met = speak(running.port, tokens[:1], talk=BODY, rounds=15)
    written = LATENCY + (len(re.findall(r"\s?[\w']+|[.,?!]", FIRST)) - 1) / TOKENS_A_SECOND
    bare = _bare_voice()
    first = _median(one.first for one in met)
    report(
        "Speaking while thinking (model: 150 ms, then 30 tokens a second; local voice)",
        ("first piece written", written * 1000, "ms", None),
        ("bare voice, first audio of it (median)", bare * 1000, "ms", None),
        ("first audio of a reply (median of 15)", first * 1000, "ms", None),
        ("  over the bare sum", (first - written - bare) * 1000, "ms", 60),
        ("  complete and in order", sum(map(_whole, met)), "replies", -15),
    )


def _in_rehearsal(port: int, tokens: Sequence[str], pcm: Path) -> None:
    speak(port, tokens[:1], talk=BODY, rounds=3)
    met = speak(port, tokens[:1], talk=BODY, rounds=15)
    speak(port, tokens[:1], talk=BODY, pcm=str(pcm))
    spoken = speak(port, tokens[:1], talk=BODY, pcm=str(pcm), rounds=10)
    report(
        "The same with the rehearsal, all local",
        ("first audio of a reply (median of 15)", _median(one.first for one in met) * 1000, "ms", 100),
        ("end of a line of 6 s to its words (median of 10)", _median(one.wait for one in spoken) * 1000, "ms", None),
        ("  to the first audio of the answer (median)", _median(one.first for one in spoken) * 1000, "ms", 700),
        ("  95th percentile", percentile([one.first for one in spoken], 95) * 1000, "ms", 900),
        ("  words that were wrong, of all", sum(_wrong(one.text) for one in spoken), "words", None),
    )


def _many_speak(port: int, tokens: Sequence[str], pcm: Path) -> None:
    for title, apart in (("ends a second apart", 1.0), ("ends at once", 0.0)):
        with ThreadPoolExecutor() as pool:
            speaking = pool.submit(speak, port, list(tokens), pcm=str(pcm), apart=apart)
            health = load(port, probe(seconds=SPEAKERS * apart + 8))["health"]
            met = speaking.result()
        waits = [one.wait for one in met]
        report(
            f"{SPEAKERS} people speak, {title}",
            ("understood", sum(one.complete for one in met), "people", -SPEAKERS),
            ("wait for the words (median)", _median(waits), "s", 2 if apart else None),
            ("  the last", max(waits), "s", None if apart else 8),
            ("GET /health meanwhile, 99th percentile", health.percentile(99), "ms", 50),
        )


def _many_talk(url: str, folder: Path, tokens: Sequence[str]) -> None:
    with fake_model(latency=LATENCY, every=1 / TOKENS_A_SECOND, said=ANSWER, pieces=20, pause=0.05) as fake:
        address = f"http://127.0.0.1:{fake}/v1"
        settings = {
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": address,
            "TTS_BASE_URL": address,
            "TTS_PROVIDER": "openai",
        }
        more = {"AI_PROVIDERS": "openai", "RATE_LIMIT_ENABLED": "false", "LOG_LEVEL": "warning"}
        with server(url, folder, **settings, **more) as running:
            speak(running.port, tokens[:1], talk=BODY, rounds=2)
            alone = _median(one.first for one in speak(running.port, tokens[:1], talk=BODY, rounds=10))
            met = speak(running.port, list(tokens), talk=BODY)
            cut = [_interrupted(running.port, tokens[0], fake) for _ in range(10)]
    report(
        f"{TALKS} replies at once (one worker; model and voice on another server)",
        ("complete and in order", sum(map(_whole, met)), "replies", -TALKS),
        ("first audio of one alone (median)", alone * 1000, "ms", None),
        ("  of all at once, 95th percentile, over that", _over(met, alone), "ms", 150),
        ("interruption to the last audio (slowest of 10)", max(behind for behind, _ in cut) * 1000, "ms", 50),
        ("  until model and voice are closed (slowest)", max(closed for _, closed in cut) * 1000, "ms", 100),
    )


def _interrupted(port: int, token: str, fake: int) -> tuple[float, float]:
    """Seconds from an interruption to the last audio, and until the last call upstream was closed."""
    from http.client import HTTPConnection
    from json import load as read

    [met] = speak(port, [token], talk=BODY, interrupt=True)
    time.sleep(0.3)
    connection = HTTPConnection("127.0.0.1", fake, timeout=10)
    connection.request("GET", "/seen")
    closed = read(connection.getresponse())["cut"]
    return met.behind, max(closed) - met.interrupted_at


def _over(met: Sequence[Met], alone: float) -> float:
    return (percentile([one.first for one in met], 95) - alone) * 1000


def _whole(met: Met) -> bool:
    """Every sentence from its first piece on, in order, and the text as it was written."""
    firsts = [sentence for sentence, index in met.order if index == 0]
    return met.complete and met.order == sorted(met.order) and firsts == [0, 1, 2] and met.message == ANSWER


def _bare_voice() -> float:
    """Seconds until the local voice has spoken the first sentence, with nothing around it."""
    speaker = LocalSpeaker()
    speaker.warm()
    took = []
    for _ in range(15):
        began = time.perf_counter()
        next(speaker.stream(FIRST, "alloy", 1.0))
        took.append(time.perf_counter() - began)
    return _median(took)


def _recording(path: Path) -> Path:
    """The line, spoken by the local voice, without the silence around it: 6 s of PCM."""
    samples = decoded(b"".join(LocalSpeaker().stream(LINE, "alloy", 1.0)))
    loud = numpy.nonzero(numpy.abs(samples) > 0.02)[0]
    path.write_bytes((samples[loud[0] : loud[-1] + RATE // 20] * 32767).astype("<i2").tobytes())
    return path


def _wrong(text: str) -> int:
    said, heard = (re.findall(r"[a-z']+", one.lower()) for one in (LINE, text))
    return len(said) - sum(one == other for one, other in zip(said, heard, strict=False))


def _median(values: Iterable[float]) -> float:
    return percentile(list(values), 50)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="of what is measured, these parts")
    main(parser.parse_args().only)
