"""How soon speech is heard, and what the server adds to it.

    python -m bench.speech

Starts a server with the local voice, then one with a fake voice server, and listens as clients do.
"""

import statistics
import threading
import time

from tests.tts.fake_voice import FakeVoice
from tests.tts.running import RawSocket, Server

SENTENCES = {
    "short": "That makes sense to me.",
    "usual": "I would like to retire at sixty, if my pension allows it.",
    "long": "I have been saving for my retirement for twenty years now, and I am not sure that it is enough.",
}


def main() -> None:
    server = Server(TTS_PROVIDER="local")
    try:
        local_voice(server)
    finally:
        server.stop()
    voice = FakeVoice()
    server = Server(TTS_PROVIDER="openai", TTS_BASE_URL=voice.url, TTS_API_KEY="sk-key")
    try:
        added(server, voice)
        at_once(server)
    finally:
        server.stop()


def local_voice(server: Server) -> None:
    listener = RawSocket(server)
    listener.say("Warm up.")
    listener.until_ack()
    for name, text in SENTENCES.items():
        times = [first_chunk(listener, f"{text} Then more.") for _ in range(30)]
        show(f"local voice, first chunk, {name} sentence of {len(text)} characters", times)
    show("a turn of the server meanwhile", turns_while_speaking(server))
    listener.close()


def first_chunk(listener: RawSocket, text: str) -> float:
    began = time.perf_counter()
    listener.say(text)
    while listener.event()[0] != "audio-chunk":
        pass
    seconds = time.perf_counter() - began
    listener.until_ack()
    return seconds


def turns_while_speaking(server: Server) -> list[float]:
    """How long a plain request takes while eight listeners are spoken to."""
    listeners = [RawSocket(server) for _ in range(8)]
    for listener in listeners:
        listener.say("One sentence that is neither long nor short. " * 20)
    times = []
    for _ in range(100):
        began = time.perf_counter()
        server.state()
        times.append(time.perf_counter() - began)
    for listener in listeners:
        listener.close()
    return times


def added(server: Server, voice: FakeVoice) -> None:
    """From a piece leaving the voice server to it reaching the client; both clocks are this machine's."""
    listener = RawSocket(server)
    listener.say("Warm up.")
    listener.until_ack()
    times = []
    for _ in range(200):
        voice.reset()
        listener.say("chunks=1 size=4000")
        while listener.event()[0] != "audio-chunk":
            pass
        times.append(time.monotonic() - voice.calls[0].sent[0])
        listener.until_ack()
    show("added to the voice server's first piece", times)
    listener.close()


def at_once(server: Server) -> None:
    listeners = [RawSocket(server) for _ in range(100)]
    first: list[float] = []

    def listen(listener: RawSocket) -> None:
        while listener.event()[0] != "audio-chunk":
            pass
        first.append(time.perf_counter() - began)
        listener.until_ack()

    threads = [threading.Thread(target=listen, args=(listener,)) for listener in listeners]
    began = time.perf_counter()
    for listener, thread in zip(listeners, threads, strict=True):
        listener.say("chunks=12 size=4000")
        thread.start()
    for thread in threads:
        thread.join()
    print(f"100 speeches of 48 kB at once: all heard after {time.perf_counter() - began:.2f} s")
    show("their first chunk", first)
    for listener in listeners:
        listener.close()


def show(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{name}: median {statistics.median(ordered) * 1000:.1f} ms, 95 % {p95 * 1000:.1f} ms")


if __name__ == "__main__":
    main()
