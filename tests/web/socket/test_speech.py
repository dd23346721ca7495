"""The speech socket, over real connections to a gunicorn of its own; the voice is a fake server that takes orders."""

import http.client
import json
import struct
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from socket import create_connection as connected
from socket import socket as Plain
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from websocket import ABNF, WebSocketBadStatusException, WebSocketConnectionClosedException, create_connection

from tests.tts.fake_voice import BEGINNINGS, SECRET, FakeVoice, audio_of, byte_of
from tests.tts.running import PATIENCE, STOP, Listener, RawPolling, RawSocket, Server, eventually, refusal, wish

KEY = "sk-the-key-of-this-server"
FAILED = {"success": False, "error": "Failed to generate speech"}
OK = {"success": True}
BOTH = pytest.mark.parametrize("transport", ["websocket", "polling"])


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVoice]:
    fake = FakeVoice()
    yield fake
    fake.shutdown()
    fake.server_close()


@pytest.fixture
def voice(fake: FakeVoice) -> FakeVoice:
    fake.reset()
    return fake


def running(constants: dict[str, float] | None = None, **settings: str) -> Iterator[Server]:
    server = Server(constants, **settings)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(fake: FakeVoice) -> Iterator[Server]:
    yield from running(
        TTS_PROVIDER="openai",
        TTS_BASE_URL=fake.url,
        TTS_API_KEY=KEY,
        TRUSTED_PROXIES="1",
        CORS_ORIGINS="https://app.example.com",
    )


@pytest.fixture(scope="module")
def hasty(fake: FakeVoice) -> Iterator[Server]:
    """Waits for nobody."""
    constants = {
        "rplay.tts.openai.FIRST_BYTE_SECONDS": 0.5,
        "rplay.tts.openai.SILENCE_SECONDS": 0.5,
        "rplay.tts.session.STALLED": 0.5,
        "rplay.web.socket.websocket.FRAME_SECONDS": 2,
        "rplay.web.socket.server.PING_INTERVAL": 1,
        "rplay.web.socket.server.PING_TIMEOUT": 2,
    }
    yield from running(constants, TTS_PROVIDER="openai", TTS_BASE_URL=fake.url, TTS_API_KEY=KEY)


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """Lets nobody in without a session, and speaks with the local voice."""
    yield from running(TTS_PROVIDER="local", LEGACY_FRONTEND="false")


@pytest.fixture
def connect() -> Iterator[Callable[..., Any]]:
    """Makes raw clients and closes them."""
    made: list[Any] = []

    def make(server: Server, kind: type = RawSocket, **options: Any) -> Any:
        made.append(kind(server, **options))
        return made[-1]

    yield make
    for client in made:
        client.close()


def chunks(heard: list[tuple[Any, ...]]) -> list[Any]:
    return [event[1]["data"] for event in heard if event[0] == "audio-chunk"]


def indices(heard: list[tuple[Any, ...]]) -> list[int]:
    return [event[1]["index"] for event in heard if event[0] == "audio-chunk"]


@BOTH
class TestConnecting:
    def test_is_greeted_with_its_own_id(self, server, transport):
        with Listener(server, transport) as listener:
            assert listener.heard == [("tts-connected", {"message": "TTS service ready", "socketId": listener.id})]

    def test_is_counted_until_it_leaves(self, server, transport):
        with Listener(server, transport) as listener:
            (connection,) = [c for c in server.state()["connections"] if c["socketId"] == listener.id]
            assert connection["isStreaming"] is False
            assert len(connection["connectedAt"]) == len("2026-01-31T12:00:00.000Z")
            assert connection["connectedAt"].endswith("Z")
        eventually(lambda: listener.id not in str(server.state()["connections"]))


class TestGreeting:
    def test_comes_right_after_the_connect_packet(self, server):
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
        for _ in range(20):
            socket = create_connection(url, timeout=PATIENCE, suppress_origin=True)
            socket.send("40")
            packets = [socket.recv() for _ in range(3)]
            assert [packet[:2] for packet in packets] == ["0{", "40", "42"]
            assert json.loads(packets[2][2:])[1]["socketId"] == json.loads(packets[1][2:])["sid"]
            socket.close()

    def test_is_not_had_twice_by_asking_again(self, server, connect):
        socket = connect(server)
        before = len(server.state()["connections"])
        socket.send("40", wish("Hi"))
        assert socket.packet().startswith("44")
        assert socket.until_ack()[-1] == ("ack", OK, 0)
        assert len(server.state()["connections"]) == before


@BOTH
class TestSpeaking:
    def test_starts_sends_ends_and_acknowledges(self, server, voice, transport):
        text = "Good morning chunks=3"
        with Listener(server, transport) as listener:
            heard = listener.hear({"text": text, "voice": "nova", "speed": 1.25})
        assert heard[0] == ("speech-start", {"text": text, "voice": "nova"})
        assert {type(data) for data in chunks(heard)} == {str}
        assert b"".join(map(b64decode, chunks(heard))) == audio_of(text)
        assert indices(heard) == list(range(len(heard) - 3))
        assert heard[-2:] == [("speech-end", {"totalBytes": 3000, "duration": 3000 / 16000}), ("ack", OK, 1)]
        assert (voice.calls[0].body["voice"], voice.calls[0].body["speed"]) == ("nova", 1.25)

    def test_sends_bytes_when_asked_to(self, server, voice, transport):
        with Listener(server, transport) as listener:
            heard = listener.hear({"text": "Good morning", "binary": True})
        assert {type(data) for data in chunks(heard)} == {bytes}
        assert b"".join(chunks(heard)) == audio_of("Good morning")

    def test_counts_from_zero_again_in_the_next_speech(self, server, voice, transport):
        with Listener(server, transport) as listener:
            for _ in range(2):
                assert indices(listener.hear({"text": "Good morning"}))[0] == 0

    def test_passes_on_the_first_audio_before_the_rest_exists(self, server, voice, transport):
        with Listener(server, transport) as listener:
            number = listener.say({"text": "hold=1 chunks=2"})
            listener.wait_for(lambda: listener.count("audio-chunk"))
            assert len(voice.calls[0].sent) == 1
            assert listener.id in [c["socketId"] for c in server.state()["connections"] if c["isStreaming"]]
            voice.release()
            assert listener.acknowledged(number) == OK


@BOTH
class TestRefusing:
    @pytest.mark.parametrize(
        ("payload", "message"),
        [
            ((), "Text is required"),
            ((None,), "Text is required"),
            ((5,), "Text is required"),
            (("Hello",), "Text is required"),
            (({"text": " \n"},), "Text is required"),
            (({"text": 5},), "Text is required"),
            (({"text": b"Hello"},), "Text is required"),
            (({"text": "x" * 4001},), "Text is too long (max 4000 characters)"),
            (({"text": "Hi", "voice": "robot"},), "Unknown voice: robot"),
            (({"text": "Hi", "speed": 4.1},), "Speed must be between 0.25 and 4.0"),
        ],
    )
    def test_says_why_and_asks_no_voice(self, server, voice, transport, payload, message):
        with Listener(server, transport) as listener:
            assert listener.hear(*payload)[-2:] == [("tts-error", {"message": message}), ("ack", FAILED, 1)]
            assert listener.count("speech-start") == 0
            assert voice.calls == []

    def test_lets_4000_characters_pass(self, server, voice, transport):
        with Listener(server, transport) as listener:
            assert listener.hear({"text": "\u00e9" * 4000})[-1] == ("ack", OK, 1)


@BOTH
class TestFailing:
    @pytest.mark.parametrize("orders", ["status=401", "status=429", "status=500", "cut=0", "type=text/html"])
    def test_before_the_audio_says_no_more_than_that(self, server, voice, transport, orders):
        with Listener(server, transport) as listener:
            heard = listener.hear({"text": f"{orders} Hello"})
        assert [event[0] for event in heard] == ["speech-start", "tts-error", "ack"]
        assert heard[1:] == [("tts-error", {"message": "Speech generation failed"}), ("ack", FAILED, 1)]
        assert len(voice.calls) == 1

    def test_in_the_middle_says_the_same_and_ends_without_an_end(self, server, voice, transport):
        with Listener(server, transport) as listener:
            heard = listener.hear({"text": "cut=2 Hello"})
            assert indices(heard)
            assert heard[-2:] == [("tts-error", {"message": "Speech generation failed"}), ("ack", FAILED, 1)]
            assert listener.count("speech-end") == 0
            assert listener.hear({"text": "Hello again"})[-1] == ("ack", OK, 2)
            assert listener.count("ack") == 2


class TestSecrets:
    def test_are_neither_told_nor_logged(self, server, voice):
        with Listener(server) as listener:
            heard = [listener.hear({"text": f"status={status}"}) for status in (400, 401, 429, 500)]
        assert SECRET not in str(heard)
        assert SECRET not in server.log()
        assert KEY not in str(heard) + server.log()
        assert "the voice server answered 429" in server.log()

    def test_in_the_connect_packet_are_not_logged(self, server):
        refusal(server, "websocket", auth={"token": "token-of-somebody"})
        assert "token-of-somebody" not in server.log()


@BOTH
class TestStopping:
    def test_ends_the_speech_and_the_call_behind_it(self, server, voice, transport):
        with Listener(server, transport) as listener:
            number = listener.say({"text": "hold=2 Hello"})
            listener.wait_for(lambda: sum(map(len, map(b64decode, chunks(listener.heard)))) == 2000)
            listener.stop()
            assert listener.acknowledged(number) == OK
            assert listener.heard[-2] == ("speech-end", {"totalBytes": 2000, "duration": 0.125})
            voice.wait_for(lambda: voice.calls[0].outcome == "aborted")
            assert listener.hear({"text": "Next"})[-1] == ("ack", OK, 2)
            assert listener.count("ack") == 2

    def test_does_nothing_when_nothing_is_playing(self, server, voice, transport):
        with Listener(server, transport) as listener:
            listener.stop()
            assert listener.hear({"text": "Hello"})[-1] == ("ack", OK, 1)
            listener.stop()
            assert listener.hear({"text": "Hello"})[-1] == ("ack", OK, 2)
            assert listener.names()[:2] == ["tts-connected", "speech-start"]

    def test_while_the_voice_has_not_answered_yet_ends_it_too(self, server, voice, transport):
        with Listener(server, transport) as listener:
            number = listener.say({"text": "head=60 Hello"})
            voice.wait_for(lambda: voice.calls)
            listener.stop()
            assert listener.acknowledged(number) == OK
            assert listener.heard[-2] == ("speech-end", {"totalBytes": 0, "duration": 0})
            voice.wait_for(lambda: voice.calls[0].outcome == "aborted")


class TestStoppingAndSpeakingInTheSameTick:
    @pytest.mark.parametrize("client", [RawSocket, RawPolling])
    def test_ends_the_speech_before_and_never_the_one_after(self, server, voice, client, connect):
        socket = connect(server, client)
        heard: list[tuple[Any, ...]] = []

        def listen_until(name: str) -> None:
            heard.append(socket.event())
            while heard[-1][0] != name:
                heard.append(socket.event())

        for number in range(200):
            socket.send(STOP, wish(f"hold=1 number {number}", number))
            listen_until("audio-chunk")
        socket.send(STOP)
        listen_until("ack")
        speeches = [heard[n : n + 4] for n in range(0, len(heard), 4)]
        for number, (start, chunk, end, ack) in enumerate(speeches):
            text = f"hold=1 number {number}"
            assert start == ("speech-start", {"text": text, "voice": "alloy"})
            assert chunk[1]["index"] == 0
            assert set(b64decode(chunk[1]["data"]).removeprefix(BEGINNINGS["mp3"])) == {byte_of(text)}
            assert end == ("speech-end", {"totalBytes": 1000, "duration": 1000 / 16000})
            assert ack == ("ack", OK, number)
        assert len(speeches) == 200
        voice.wait_for(lambda: [call.outcome for call in voice.calls] == ["aborted"] * 200)

    def test_many_times_at_once_speaks_the_last_to_its_end(self, server, voice, connect):
        socket = connect(server)
        for number in range(100):
            socket.send(STOP, wish(f"hold=3 number {number}", number))
        voice.release()
        heard = socket.until_ack(99)
        names = [event[0] for event in heard if event[0] != "audio-chunk"]
        assert names == ["speech-start", "speech-end", "ack"] * 100
        assert [event[2] for event in heard if event[0] == "ack"] == list(range(100))
        assert heard[-2][1]["totalBytes"] == 4000


@BOTH
class TestAnotherSpeech:
    def test_without_a_stop_is_refused_and_the_first_goes_on(self, server, voice, transport):
        with Listener(server, transport) as listener:
            first = listener.say({"text": "hold=1 first"})
            listener.wait_for(lambda: listener.count("audio-chunk"))
            second = listener.say({"text": "second"})
            assert listener.acknowledged(second) == FAILED
            assert listener.heard[-2] == ("tts-error", {"message": "Speech already in progress"})
            voice.release()
            assert listener.acknowledged(first) == OK
            assert b"".join(map(b64decode, chunks(listener.heard))) == audio_of("hold=1 first")
            assert [call.text for call in voice.calls] == ["hold=1 first"]


class TestLeaving:
    @BOTH
    def test_closes_the_call_to_the_voice(self, server, voice, transport):
        with Listener(server, transport) as listener:
            listener.say({"text": "hold=1 Hello"})
            listener.wait_for(lambda: listener.count("audio-chunk"))
        voice.wait_for(lambda: voice.calls[0].outcome == "aborted")
        eventually(lambda: listener.id not in str(server.state()["connections"]))

    @pytest.mark.parametrize("rounds", [10, pytest.param(50, marks=pytest.mark.torture)])
    def test_abruptly_twenty_at_a_time_leaves_nothing_behind(self, hasty, voice, connect, rounds):
        with Listener(hasty) as listener:  # so that all that is made once is made
            listener.hear({"text": "Hello"})
        eventually(lambda: at_rest(hasty))
        greenlets, before = hasty.greenlets(), hasty.state()["memory"]
        for _ in range(rounds):
            sockets = [connect(hasty) for _ in range(20)]
            for number, socket in enumerate(sockets):
                socket.say("hold=1 Hello" if number % 2 else "head=60 Hello")
            for socket in sockets[1::2]:
                assert socket.event()[0] == "speech-start"
                socket.event()  # audio, or on a busy machine the end of this server's short patience
            for socket in sockets:
                socket.crash()
        voice.wait_for(lambda: {call.outcome for call in voice.calls if "=" in call.text} == {"aborted"})
        eventually(lambda: at_rest(hasty))
        eventually(lambda: hasty.greenlets() <= greenlets)
        assert hasty.state()["memory"] < before + 30_000_000


def test_what_is_sent_after_the_goodbye_is_refused(server, connect):
    polling = connect(server, RawPolling)
    polling.send("1")
    with pytest.raises(HTTPError, match="400"):
        polling.send(wish("Hello?"))
    assert "Traceback" not in server.log()


def test_a_poll_that_is_given_up_ends_the_connection(server, voice, connect):
    polling = connect(server, RawPolling)
    polling.send(wish("hold=1 Hello"))
    assert [polling.event()[0], polling.event()[0]] == ["speech-start", "audio-chunk"]
    polling.hang_up_on_a_poll()
    voice.wait_for(lambda: voice.calls[0].outcome == "aborted")
    eventually(lambda: polling.id not in str(server.state()["connections"]), 15)
    assert "Traceback" not in server.log()


def at_rest(server: Server) -> bool:
    """Nobody is connected."""
    state = server.state()
    return not state["connections"] and not state["engine_sockets"]


class TestVoicesThatAreSlow:
    def test_to_begin_fail_in_the_end(self, hasty, voice):
        with Listener(hasty) as listener:
            assert listener.hear({"text": "head=30 Hello"})[-1] == ("ack", FAILED, 1)
        assert "the voice server sent nothing for 0.5 s" in hasty.log()
        voice.wait_for(lambda: voice.calls[0].outcome == "aborted")

    def test_to_go_on_fail_in_the_end(self, hasty, voice):
        with Listener(hasty) as listener:
            heard = listener.hear({"text": "hold=1 Hello"})
        assert [event[0] for event in heard] == ["speech-start", "audio-chunk", "tts-error", "ack"]
        voice.wait_for(lambda: voice.calls[0].outcome == "aborted")


class TestListenersThatAreSlow:
    def test_get_every_byte(self, server, voice, connect):
        """A full socket takes a part of a frame; the rest must follow."""
        text = "size=50000 chunks=60"
        socket = connect(server, receive_buffer=4096)
        socket.say(text, binary=False)
        voice.wait_for(lambda: voice.calls and len(voice.calls[0].sent) > 20)
        heard = socket.until_ack()
        assert b"".join(map(b64decode, chunks(heard))) == audio_of(text)
        assert indices(heard) == list(range(len(chunks(heard))))
        assert heard[-1] == ("ack", OK, 0)

    @pytest.mark.operations
    def test_are_waited_for_in_bounded_memory_and_then_given_up(self, hasty, voice, connect):
        before = hasty.state()["memory"]
        sockets = [connect(hasty, receive_buffer=4096) for _ in range(5)]
        for socket in sockets:
            socket.say("size=50000 chunks=2000")
        voice.wait_for(lambda: [call.outcome for call in voice.calls] == ["aborted"] * 5, PATIENCE)
        assert all(len(call.sent) < 500 for call in voice.calls)
        assert hasty.state()["memory"] < before + 60_000_000  # they asked for 500 MB
        eventually(lambda: not hasty.state()["connections"])
        for socket in sockets:
            socket.crash()

    def test_over_polling_are_given_up_too(self, hasty, voice, connect):
        connect(hasty, RawPolling).send(wish("size=50000 chunks=2000"))
        voice.wait_for(lambda: voice.calls and voice.calls[0].outcome == "aborted", PATIENCE)
        assert len(voice.calls[0].sent) < 500

    def test_that_ask_and_ask_and_never_listen_are_cut_off(self, server, connect):
        socket = connect(server, RawPolling)

        def refused() -> bool:
            try:
                socket.send(*[wish(" ")] * 10)
            except OSError:
                return True
            return False

        assert any(refused() for _ in range(60))
        assert socket.id not in str(server.state()["connections"])


class TestMessages:
    def test_that_are_too_long_end_the_connection_before_they_are_in_memory(self, server, connect):
        socket = connect(server)
        head_of_a_gigabyte = b"\x81\xff" + struct.pack("!Q", 10**9) + b"mask"
        with suppress(OSError):  # it may be closed before all is sent
            socket.socket.sock.sendall(head_of_a_gigabyte + bytes(2_000_000))
        eventually(lambda: socket.id not in str(server.state()["connections"]))

    def test_are_never_compressed(self, server):
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
        offer = {"Sec-WebSocket-Extensions": "permessage-deflate"}
        socket = create_connection(url, header=offer, timeout=PATIENCE, suppress_origin=True)
        assert "sec-websocket-extensions" not in socket.getheaders()
        socket.close()

    @pytest.mark.parametrize(
        "packet", ['42["generate-speech"', "42{}", '42["nothing"]', "99", "451-", "4", '42[{"a":1}]']
    )
    def test_that_are_none_leave_the_server_well(self, server, voice, packet, connect):
        socket = connect(server)
        socket.send(packet)
        with Listener(server) as listener:
            assert listener.hear({"text": "Hello"})[-1] == ("ack", OK, 1)

    def test_in_the_name_of_the_library_change_nothing(self, server, voice, connect):
        """It calls its handlers of `connect` and `disconnect` itself; a client that sends such events is not heard."""
        socket = connect(server)
        for event in ('["connect",{}]', '["disconnect","x"]', '["connect"]', '["disconnect"]'):
            socket.send(f"42{event}")
        socket.say("Hello", 1)
        assert socket.until_ack(1)[-1] == ("ack", OK, 1)
        assert str(server.state()["connections"]).count(socket.id) == 1
        assert "missing 1 required positional argument" not in server.log()

    @pytest.mark.parametrize("packet", ["x", ""])
    def test_that_cannot_be_read_end_the_speech(self, server, voice, packet, connect):
        socket = connect(server)
        socket.say("hold=1 Hello")
        voice.wait_for(lambda: voice.calls and voice.calls[0].sent)
        socket.send(packet)
        voice.wait_for(lambda: voice.calls[0].outcome == "aborted")
        assert socket.id not in str(server.state()["connections"])


def polling_status(server: Server, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/socket.io/?EIO=4&transport=polling", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


class TestOrigin:
    FOREIGN = ("https://evil.example.com", "null", "https://app.example.com.evil.example", "http://app.example.com")

    @pytest.mark.parametrize("origin", FOREIGN)
    def test_that_is_foreign_is_refused_over_websocket(self, server, origin):
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
        with pytest.raises(WebSocketBadStatusException, match="400"):
            create_connection(url, origin=origin, timeout=PATIENCE)

    @pytest.mark.parametrize("origin", FOREIGN)
    def test_that_is_foreign_is_refused_over_polling(self, server, origin):
        assert polling_status(server, Origin=origin) == 400

    def test_that_is_allowed_is_let_in(self, server):
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
        create_connection(url, origin="https://app.example.com", timeout=PATIENCE).close()
        assert polling_status(server, Origin="https://app.example.com") == 200

    def test_may_be_missing(self, server):
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
        create_connection(url, suppress_origin=True, timeout=PATIENCE).close()
        assert polling_status(server) == 200


@BOTH
class TestSession:
    @pytest.mark.parametrize(
        "options",
        [
            {"auth": {"token": "good"}},
            {"Authorization": "Bearer good"},
            {"Authorization": "bearer good"},
            {"Cookie": "other=1; session_token=good"},
        ],
    )
    def test_is_found_in_each_of_its_places(self, server, strict, transport, options):
        assert refusal(strict, transport, **options) is None
        assert refusal(server, transport, **options) is None

    @pytest.mark.parametrize(
        "options",
        [
            {"auth": {"token": "dead"}},
            {"auth": {"token": ["good"]}},
            {"auth": {"token": "broken\0"}},
            {"auth": {"token": "broken\ud800"}},
            {"auth": {"token": "dead"}, "Authorization": "Bearer good"},
            {"Authorization": "Bearer dead"},
            {"Authorization": "good"},
            {"Authorization": "Basic good"},
            {"Cookie": "session_token=dead"},
        ],
    )
    def test_that_is_sent_must_live(self, server, strict, transport, options):
        assert refusal(strict, transport, **options) == "Authentication required"
        assert refusal(server, transport, **options) == "Authentication required"

    @pytest.mark.parametrize("options", [{}, {"auth": {}}, {"auth": {"token": None}}, {"auth": {"token": ""}}])
    def test_is_needed_but_for_the_existing_frontend(self, server, strict, transport, options):
        assert refusal(strict, transport, **options) == "Authentication required"
        assert refusal(server, transport, **options) is None

    def test_that_cannot_be_looked_up_lets_nobody_in(self, server, transport):
        assert refusal(server, transport, auth={"token": "broken"}) == "Internal server error"

    def test_refused_is_not_counted(self, strict, transport):
        refusal(strict, transport)
        assert strict.state()["connections"] == []

    def test_does_not_help_where_an_address_comes_too_often(self, server, transport):
        often = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
        assert refusal(server, transport, **often) == "Too many requests"
        assert refusal(server, transport, auth={"token": "good"}, **often) == "Too many requests"


class TestNobodyLetIn:
    """A connection that is there and no more."""

    def test_is_closed_over_polling(self, server):
        url = f"{server.url}/socket.io/?EIO=4&transport=polling"
        with urlopen(url, timeout=60) as answer:
            url += f"&sid={json.loads(answer.read()[1:])['sid']}"

        def closed() -> bool:
            try:
                with urlopen(url, b"3", timeout=60):
                    return False
            except HTTPError as error:
                return error.code == 400

        assert not closed()
        eventually(closed)

    def test_is_closed_over_websocket_also_when_it_does_not_hear(self, server):
        """It never answers the frame that says goodbye; what comes last is the end of the connection."""
        with open_raw_websocket(server) as socket:
            assert rest_of(socket).endswith(GOODBYE)

    def test_on_the_way_from_polling_is_closed_too(self, server, connect):
        polling = connect(server, RawPolling)
        with open_raw_websocket(server, f"&sid={polling.engine_id}") as socket:
            assert rest_of(socket).removesuffix(GOODBYE).endswith(b"\r\n\r\n")  # behind the head nothing comes

    def test_that_left_the_socket_is_closed(self, server, connect):
        socket = connect(server)
        socket.send("41")
        with suppress(WebSocketConnectionClosedException):
            while socket.socket.recv():
                pass
        plain = socket.socket.sock  # None once its end was seen
        assert plain is None or plain.recv(1) == b""

    @pytest.mark.parametrize("auth", [{"token": "dead"}, {"token": "broken"}])
    def test_is_closed_at_the_first_refusal_and_never_looked_up_again(self, server, auth):
        before = server.state()["looked_up"]
        with open_raw_websocket(server) as socket:
            frame = ABNF.create_frame("40" + json.dumps(auth), ABNF.OPCODE_TEXT).format()
            with suppress(OSError):
                socket.sendall(frame * 500)
                while socket.recv(65536):
                    pass
        assert server.state()["looked_up"] == before + 1

    def test_of_an_address_that_comes_too_often_is_not_even_looked_up(self, server):
        before = server.state()["looked_up"]
        often = {"X-Forwarded-For": "203.0.113.9"}
        for transport in ("websocket", "polling"):
            assert refusal(server, transport, auth={"token": "dead"}, **often) == "Too many requests"
        assert server.state()["looked_up"] == before


class TestASessionThatEnded:
    @pytest.fixture(autouse=True)
    def lives_again(self, server):
        yield
        server.do("end-sessions")

    @BOTH
    def test_is_seen_at_the_next_text(self, server, voice, transport):
        with Listener(
            server, transport, auth={"token": "good"}, headers={"X-Forwarded-For": "203.0.113.1"}
        ) as listener:
            assert listener.hear({"text": "Before"})[-1] == ("ack", OK, 1)
            server.do("end-sessions?ended=yes")
            heard = [event for event in listener.hear({"text": "After"}) if event != ("disconnect",)]
            assert heard[-2:] == [
                ("tts-error", {"message": "Authentication required"}),
                ("ack", FAILED, 2),
            ]
            listener.wait_for(lambda: listener.count("disconnect"))
            assert voice.of("After") == []

    def test_ends_what_is_being_spoken_at_the_next_look(self, server, voice):
        with Listener(server, auth={"token": "good"}) as listener, Listener(server) as guest:
            listener.say({"text": "hold=1 Hello"})
            listener.wait_for(lambda: listener.count("audio-chunk"))
            server.do("look-again")
            server.do("end-sessions?ended=yes")
            server.do("look-again")
            listener.wait_for(lambda: listener.count("disconnect"))
            voice.wait_for(lambda: voice.calls[0].outcome == "aborted")
            assert guest.hear({"text": "Still here"})[-1] == ("ack", OK, 1)


def open_raw_websocket(server: Server, query: str = "") -> Plain:
    connection = connected(("127.0.0.1", server.port), timeout=60)
    connection.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket{query} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert connection.recv(12) == b"HTTP/1.1 101"
    return connection


GOODBYE = b"\x88\x02\x03\xe8"  # the frame that closes a websocket


def rest_of(connection: Plain) -> bytes:
    """What comes until the server closes the connection."""
    return b"".join(iter(lambda: connection.recv(4096), b""))


class TestLimits:
    def test_how_many_connections_an_address_has_at_a_time(self, server):
        crowd = {"headers": {"X-Forwarded-For": "203.0.113.10"}}
        with Listener(server, **crowd), Listener(server, **crowd):
            assert refusal(server, "websocket", **crowd["headers"]) == "Too many connections"
            assert refusal(server, "websocket") is None
        eventually(lambda: refusal(server, "websocket", **crowd["headers"]) is None)

    @pytest.mark.parametrize(("auth", "who"), [({"token": "good"}, "a-user"), (None, "")])
    def test_how_much_a_listener_has_spoken(self, server, auth, who):
        with Listener(server, headers={"X-Forwarded-For": "203.0.113.11"}, auth=auth) as listener:
            assert listener.hear({"text": "Hello"}) == [
                ("tts-error", {"message": f"Too many requests of {who or listener.id}"}),
                ("ack", FAILED, 1),
            ]

    def test_a_stop_that_comes_while_they_are_looked_up_is_for_that_text(self, server, voice, connect):
        socket = connect(server)
        socket.send(wish("hold=1", 1), STOP, wish("chunks=2", 2))
        names = [event[0] for event in socket.until_ack(2)]
        assert names.count("speech-end") == 2
        assert voice.of("hold=1") == []


class TestManyAtOnce:
    def test_are_all_spoken_in_order(self, server, voice, connect):
        sockets = [connect(server) for _ in range(100)]
        for number, socket in enumerate(sockets):
            socket.say(f"chunks=10 size=4000 number {number}")
        for number, socket in enumerate(sockets):
            heard = socket.until_ack()
            assert b"".join(map(b64decode, chunks(heard))) == audio_of(f"chunks=10 size=4000 number {number}")
            assert indices(heard) == list(range(len(heard) - 3))


@pytest.mark.skipif(find_spec("hibari") is None, reason="the extra `local` is not installed")
class TestTheLocalVoice:
    def test_is_loaded_when_the_first_listener_connects(self):
        server = Server(TTS_PROVIDER="local")
        try:
            assert not server.state()["loaded"]
            with Listener(server):
                eventually(lambda: server.state()["loaded"])
        finally:
            server.stop()

    @BOTH
    def test_is_heard_through_the_socket(self, strict, transport):
        miniaudio = pytest.importorskip("miniaudio")
        with Listener(strict, transport, auth={"token": "good"}) as listener:
            heard = listener.hear({"text": "Good morning. How are you?", "voice": "onyx", "binary": True})
        seconds = [miniaudio.mp3_get_info(data).duration for data in chunks(heard)]
        assert len(seconds) == 2
        assert heard[-2][1]["totalBytes"] == sum(map(len, chunks(heard)))
        assert heard[-2][1]["duration"] == pytest.approx(sum(seconds), abs=0.3)
        assert heard[-1] == ("ack", OK, 1)

    def test_stops_in_the_middle(self, strict):
        with Listener(strict, auth={"token": "good"}) as listener:
            number = listener.say({"text": "One sentence. " * 250})
            listener.wait_for(lambda: listener.count("audio-chunk") > 2)
            listener.stop()
            assert listener.acknowledged(number) == OK
            assert 2 < listener.count("audio-chunk") < 200

    def test_speaks_to_several_at_once(self, strict, connect):
        sockets = [connect(strict, auth={"token": "good"}) for _ in range(5)]
        for socket in sockets:
            socket.say("Good morning. How are you? I am well.")
        for socket in sockets:
            assert indices(socket.until_ack()) == [0, 1, 2]
