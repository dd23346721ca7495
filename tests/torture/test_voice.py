"""A thousand learners who leave a conversation by voice without a word, in each phase of it: nothing stays behind."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.stt.recordings import noise, pcm, samples_of
from tests.torture.learners import TALK
from tests.torture.world import holds
from tests.tts.running import RawSocket

CLIENTS, ROUNDS = 25, 40
REPLY = "I see what you mean. But what would that cost me every month? I have two children."


@pytest.fixture
def world(build, fake):
    fake.mode("slow", pause=0.05, reply=REPLY)
    return build(STT_PROVIDER="local", RATE_LIMIT_ENABLED="false")


@pytest.fixture
def tokens(world):
    """One for each client."""

    def register(number):
        person = {"name": "Leaver", "email": f"leaver-{number}@example.com", "password": "Passw0rdX"}
        return world.server.call("POST", "/api/auth/register", person).json()["data"]["token"]

    return [register(number) for number in range(CLIENTS)]


def emit(socket, event, *given):
    socket.send("42" + json.dumps([event, *given]))


def send_audio(socket, audio):
    socket.send('451-["listen-audio",{"_placeholder":true,"num":0}]')
    socket.socket.send_binary(audio)


def until(socket, *events):
    while socket.event()[0] not in events:
        pass


def asks(socket):
    emit(socket, "talk", {"id": "one", **TALK})


def is_answered(socket):
    asks(socket)
    until(socket, "reply-text", "reply-error")


def is_spoken_to(socket):
    asks(socket)
    until(socket, "reply-audio", "reply-end", "reply-error")


def interrupts(socket):
    is_spoken_to(socket)
    emit(socket, "interrupt", {"id": "one", "sentence": 0})


def begins_to_speak(socket):
    emit(socket, "listen-start", {"sampleRate": 16_000, "mode": "free"})
    send_audio(socket, pcm(noise(0.5)))


def has_spoken(socket):
    emit(socket, "listen-start", {"sampleRate": 16_000})
    send_audio(socket, pcm(noise(0.3)))
    emit(socket, "listen-end")


PHASES = [asks, is_answered, is_spoken_to, interrupts, begins_to_speak, has_spoken]


def leave(world, tokens, phase, rounds):
    """Each client so many times; how often."""

    def one(token):
        for _ in range(rounds):
            socket = RawSocket(world.server, auth={"token": token})
            phase(socket)
            socket.crash()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(one, tokens))
    return rounds * len(tokens)


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.__name__)
def test_whoever_leaves_leaves_nothing_behind(world, tokens, phase):
    leave(world, tokens, phase, 1)  # so that nothing is done for the first time later
    left = []
    outcome = world.strike(
        f"1,000 learners leave a conversation: {phase.__name__.replace('_', ' ')}",
        lambda: left.append(leave(world, tokens, phase, ROUNDS)),
        hold=0,
        after=3,
    )
    assert left == [CLIENTS * ROUNDS]
    assert [one for one in outcome.met if not one.good] == []
    holds(outcome, slowest=30)


def test_whoever_leaves_while_they_are_understood_leaves_nothing_behind(world, tokens):
    line = pcm(samples_of("Good morning."))
    numbers = count()

    def is_being_understood(socket):
        emit(socket, "listen-start", {"sampleRate": 16_000})
        for at in range(0, len(line), 32_000):
            send_audio(socket, line[at : at + 32_000])
        emit(socket, "listen-end")
        time.sleep(next(numbers) % 5 * 0.05)

    leave(world, tokens, is_being_understood, 1)
    outcome = world.strike(
        "100 learners leave while they are understood",
        lambda: leave(world, tokens, is_being_understood, 4),
        hold=0,
        after=20,
    )
    assert [one for one in outcome.met if not one.good] == []
    holds(outcome, slowest=30)
