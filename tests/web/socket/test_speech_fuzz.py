"""Packets that no client of ours sends, over real websockets: whatever comes, the server goes on serving others.

`make fuzz` runs the same with many examples.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from websocket import WebSocketException

from tests.tts.fake_voice import FakeVoice
from tests.tts.running import Listener, RawSocket, Server, eventually

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TEXTS = st.text(max_size=30) | st.sampled_from(["\0", "x" * 5000, "generate-speech", "__proto__"])
NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)
WISHES = st.fixed_dictionaries(
    {}, optional={"text": VALUES, "voice": VALUES, "speed": VALUES, "binary": VALUES, "more": VALUES}
)
EVENTS = st.lists(st.sampled_from(["generate-speech", "stop-speech", "connect", "disconnect"]) | VALUES, max_size=1)


@st.composite
def packets(draw: st.DrawFn) -> str:
    """From an event with a strange payload to letters that are no packet at all."""
    if draw(st.booleans()):
        body = [*draw(EVENTS), *draw(st.lists(WISHES | VALUES, max_size=3))]
        return f"42{draw(st.sampled_from(['', '0', '7', '99999999999999999999']))}{json.dumps(body)}"
    engine = draw(st.sampled_from([*"0123456", "b", "x", ""]))
    kind = draw(st.sampled_from([*"0123456", "", "51-", "59999-", "6", "2/admin,"]))
    return engine + kind + draw(TEXTS | VALUES.map(json.dumps))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    fake = FakeVoice()
    server = Server(TTS_PROVIDER="openai", TTS_BASE_URL=fake.url, TTS_API_KEY="k")
    yield server
    server.stop()
    fake.shutdown()
    fake.server_close()


@BOUNDED
@given(sent=st.lists(packets(), min_size=1, max_size=5))
@example(sent=["42" + "[" * 50_000])
@example(sent=['451-["generate-speech",{"_placeholder":true,"num":0}]'])
@example(sent=['42["generate-speech",{"text":"\\ud800"}]'])
def test_no_packet_harms_the_others(server, sent):
    socket = RawSocket(server)
    with suppress(OSError, WebSocketException):  # the server may hang up on it in the middle
        socket.send(*sent)
    with Listener(server) as listener:
        assert listener.hear({"text": "Hello"})[-1] == ("ack", {"success": True}, 1)
    socket.crash()


def test_nothing_stays_behind_and_nothing_crashed(server):
    eventually(lambda: server.state()["connections"] == [])
    assert "Traceback" not in server.log()
