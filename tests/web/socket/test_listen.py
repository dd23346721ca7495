"""Listening on the socket: what our own voice says is heard by a whole server, phrase by phrase."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy
import pytest

from tests.live import Live, live_server
from tests.stt.recordings import LINE, noise, pcm, samples_of, silence, wrong_words
from tests.tts.running import eventually
from tests.web.socket.talking import Learner, of

OK = {"success": True}
START = {"id": "ear", "sampleRate": 16_000}


class FakeEar(ThreadingHTTPServer):
    """A server with /v1/audio/transcriptions, which hears the same in each phrase once it may answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.asked = 200, 0
        self.answers = threading.Event()
        self.answers.set()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address):
        """Clients that go away are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    server: FakeEar

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert b"RIFF" in body
        assert b"gpt-transcribe" in body
        self.server.asked += 1
        self.server.answers.wait(30)
        answer = b'{"text": " So be it. "}' if self.server.status == 200 else b'{"error": "upstream-secret"}'
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        pass


@pytest.fixture(scope="module")
def fake_ear() -> Iterator[FakeEar]:
    fake = FakeEar()
    yield fake
    fake.shutdown()
    fake.server_close()


@pytest.fixture
def ear(fake_ear) -> FakeEar:
    fake_ear.status, fake_ear.asked = 200, 0
    fake_ear.answers.set()
    return fake_ear


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory, fake_ear) -> Iterator[Live]:
    url = f"http://127.0.0.1:{fake_ear.server_port}/v1"
    with live_server(
        new_database(), tmp_path_factory.mktemp("listen"), STT_BASE_URL=url, TTS_PROVIDER="local", AI_PROVIDERS="local"
    ) as server:
        server.port = int(server.base.rpartition(":")[2])
        yield server


@pytest.fixture(scope="module")
def local(new_database, tmp_path_factory) -> Iterator[Live]:
    """Understands by itself."""
    settings = {"STT_PROVIDER": "local", "TTS_PROVIDER": "local", "AI_PROVIDERS": "local"}
    with live_server(new_database(), tmp_path_factory.mktemp("local"), **settings) as server:
        server.port = int(server.base.rpartition(":")[2])
        yield server


@pytest.fixture(scope="module")
def local_token(local):
    return registered(local)


def registered(live):
    person = {"name": "Ear", "email": "ear@example.com", "password": "Passw0rdX"}
    return live.call("POST", "/api/auth/register", person).json()["data"]["token"]


@pytest.fixture(scope="module")
def token(live):
    return registered(live)


@pytest.fixture
def speaker(live, token, ear) -> Iterator[Learner]:
    with Learner(live, token) as speaker:
        yield speaker


def speak(speaker, samples, rate=16_000, step=0.1):
    audio = pcm(samples, rate)
    size = int(rate * step) * 2
    for at in range(0, len(audio), size):
        speaker.tell("listen-audio", audio[at : at + size])


def heard(speaker, samples, rate=16_000, mode="hold", step=0.1):
    """All that comes from the start of a listening to the acknowledgement of its end."""
    start = len(speaker.heard)
    speaker.tell("listen-start", {"id": "ear", "sampleRate": rate, "mode": mode})
    speak(speaker, samples, rate, step)
    speaker.acknowledged(speaker.ask("listen-end"))
    return speaker.heard[start:]


class TestUnderstanding:
    """Really, by the local recogniser."""

    @pytest.mark.practice
    def test_a_line_is_understood_by_phrase_and_answered_aloud(self, local, local_token):
        with Learner(local, local_token) as speaker:
            second = "And does it cover my two children?"
            said = numpy.concatenate([samples_of(LINE), silence(0.8), samples_of(second)])
            found = of(heard(speaker, said, rate=48_000), "heard")
            assert [one["final"] for one in found] == [False] * (len(found) - 1) + [True]
            assert wrong_words(f"{LINE} {second}", found[-1]["text"]) <= 1
            assert 18 <= found[-1]["words"] <= 20
            assert found[-1]["startMs"] < 900 < found[-1]["endMs"] < 1000 * len(said) / 16_000
            turn = {"role": "user", "content": found[-1]["text"]}
            reply = speaker.reply(messages=[turn])
            audio = [one for one in of(reply, "reply-audio") if one["sentence"] == 0]
            text = of(reply, "reply-end")[0]["message"]
            assert text
            assert audio

    @pytest.mark.practice
    def test_what_is_spoken_is_what_is_written(self, local, local_token):
        with Learner(local, local_token) as speaker:
            reply = speaker.reply(messages=[{"role": "user", "content": "Good morning, what brings you here?"}])
        audio = b"".join(one["data"] for one in of(reply, "reply-audio"))
        answer = local.call(
            "POST",
            "/api/speech/transcriptions",
            token=local_token,
            data=audio,
        ).json()
        said = of(reply, "reply-end")[0]["message"]
        assert wrong_words(said, answer["text"]) <= len(said.split()) * 0.2


class TestHold:
    @pytest.mark.sampled(2)
    @pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 96_000])
    def test_gives_one_turn_at_its_end(self, speaker, rate):
        events = heard(speaker, numpy.concatenate([silence(0.5), samples_of(LINE)]), rate)
        final = of(events, "heard")[-1]
        assert (final["id"], final["text"], final["final"], final["words"]) == ("ear", "So be it.", True, 3)
        assert 300 < final["startMs"] < 1500
        assert events[-1][1] == OK

    def test_of_silence_there_are_no_words(self, speaker, ear):
        for samples in (silence(2), noise(2), silence(0.01)):
            [final] = of(heard(speaker, samples), "heard")
            assert (final["text"], final["words"], final["startMs"]) == ("", 0, final["endMs"])
        assert ear.asked == 0

    def test_may_be_done_again_and_again_on_one_connection_at_any_rate(self, speaker):
        for rate in (8_000, 48_000, 8_000):
            assert of(heard(speaker, samples_of(LINE), rate), "heard")[-1]["text"] == "So be it."

    def test_of_two_channels_and_a_wrong_rate_there_is_an_answer_in_the_bounds(self, speaker):
        """Nothing in the frames tells: what is understood is the page's fault, that it ends is ours."""
        both = numpy.repeat(samples_of(LINE), 2)
        for rate in (8_000, 48_000):
            events = heard(speaker, both, rate)
            assert events[-1][1] == OK
            assert of(events, "heard")[-1]["final"]

    def test_of_a_byte_at_a_time_is_refused_and_of_a_sample_at_a_time_understood(self, speaker):
        events = heard(speaker, samples_of(LINE)[:8_000], step=1 / 8_000)
        assert events[-1][1] == OK
        speaker.tell("listen-start", START)
        speaker.tell("listen-audio", b"\0")
        assert speaker.first("listen-error") == {"id": "ear", "message": "Audio frame is not 16-bit PCM"}


class TestFree:
    def test_ends_each_turn_after_a_pause_and_goes_on(self, speaker):
        said = numpy.concatenate([samples_of(LINE), silence(1.3), samples_of(LINE), silence(1.3)])
        events = heard(speaker, said, mode="free")
        finals = [one for one in of(events, "heard") if one["final"]]
        assert [one["text"] for one in finals] == ["So be it.", "So be it."]
        assert finals[0]["endMs"] < finals[1]["startMs"]
        assert of(events, "speech-detected") == [{"id": "ear", "reply": None}] * 2

    def test_is_patient(self, speaker):
        said = numpy.concatenate([samples_of(LINE), samples_of(LINE), silence(1.3)])
        assert len([one for one in of(heard(speaker, said, mode="free"), "heard") if one["final"]]) == 1

    def test_tells_at_once_who_speaks_during_a_reply(self, speaker, live):
        speaker.tell("listen-start", {**START, "mode": "free"})
        wish = speaker.talk(messages=[{"role": "user", "content": "Tell me about your family and your work."}])
        speaker.first("reply-start")
        speak(speaker, samples_of(LINE))
        assert speaker.first("speech-detected")["reply"] in ("one", None)
        speaker.acknowledged(wish)

    def test_of_a_turn_that_is_open_the_end_gives_the_words(self, speaker):
        finals = [one for one in of(heard(speaker, samples_of(LINE), mode="free"), "heard") if one["final"]]
        assert [one["text"] for one in finals] == ["So be it."]

    @pytest.mark.parametrize("nothing", [silence, noise])
    def test_says_nothing_where_nothing_was_said(self, speaker, ear, nothing):
        assert of(heard(speaker, nothing(3), mode="free"), "heard") == []
        assert ear.asked == 0


class TestRefusal:
    @pytest.mark.parametrize(
        ("start", "text"),
        [
            ({"id": "ear"}, "Invalid sampleRate"),
            ({**START, "sampleRate": 7_999}, "Invalid sampleRate"),
            ({**START, "sampleRate": 96_001}, "Invalid sampleRate"),
            ({**START, "sampleRate": 16_000.5}, "Invalid sampleRate"),
            ({**START, "sampleRate": True}, "Invalid sampleRate"),
            ({**START, "sampleRate": "16000"}, "Invalid sampleRate"),
            ({**START, "mode": "loud"}, "Invalid mode"),
            ({**START, "mode": ["hold"]}, "Invalid mode"),
        ],
    )
    def test_of_a_start_that_is_none(self, speaker, start, text):
        assert speaker.acknowledged(speaker.ask("listen-start", start)) == {"success": False, "error": text}
        assert speaker.first("listen-error") == {"id": "ear", "message": text}

    @pytest.mark.parametrize("payload", [(), (None,), (3,), (b"xx",)])
    def test_of_a_start_that_is_no_object(self, speaker, payload):
        assert speaker.acknowledged(speaker.ask("listen-start", *payload))["error"] == "Invalid sampleRate"

    def test_of_a_second_start_leaves_the_first_alone(self, speaker):
        speaker.tell("listen-start", START)
        second = speaker.acknowledged(speaker.ask("listen-start", {**START, "id": "two"}))
        assert second == {"success": False, "error": "Already listening"}
        assert speaker.first("listen-error") == {"id": "two", "message": "Already listening"}
        speak(speaker, samples_of(LINE))
        assert speaker.acknowledged(speaker.ask("listen-end")) == OK
        assert of(speaker.heard, "heard")[-1]["id"] == "ear"

    def test_of_frames_and_ends_without_a_start_is_said_once(self, speaker):
        for _ in range(5):
            speaker.tell("listen-audio", bytes(640))
        end = speaker.acknowledged(speaker.ask("listen-end"))
        assert end == {"success": False, "error": "Not listening"}
        assert of(speaker.heard, "listen-error") == [{"id": None, "message": "Not listening"}] * 2

    def test_of_a_frame_after_the_end_leaves_what_was_heard(self, speaker):
        heard(speaker, samples_of(LINE))
        speaker.tell("listen-audio", bytes(640))
        assert speaker.first("listen-error") == {"id": None, "message": "Not listening"}

    @pytest.mark.parametrize(
        ("frame", "text"),
        [
            (b"x", "Audio frame is not 16-bit PCM"),
            ("words", "Audio frame is not 16-bit PCM"),
            ({"data": 1}, "Audio frame is not 16-bit PCM"),
            (None, "Audio frame is not 16-bit PCM"),
            (bytes(65_538), "Audio frame is too large"),
        ],
    )
    def test_of_a_frame_that_is_none_ends_the_listening(self, speaker, frame, text):
        speaker.tell("listen-start", START)
        speaker.tell("listen-audio", frame)
        assert speaker.first("listen-error") == {"id": "ear", "message": text}
        assert of(heard(speaker, samples_of(LINE)), "heard")[-1]["text"] == "So be it."

    def test_needs_a_session_also_with_the_old_frontend(self, live):
        with Learner(live) as nobody:
            answer = nobody.acknowledged(nobody.ask("listen-start", START))
            assert answer["error"] == "Authentication required"
            assert nobody.first("listen-error") == {"id": "ear", "message": "Authentication required"}

    def test_of_more_than_can_be_heard(self, speaker, ear):
        """Audio that comes far faster than anybody speaks."""
        speaker.tell("listen-start", {**START, "sampleRate": 8_000})
        for _ in range(200):
            speaker.tell("listen-audio", bytes(65_536))
        assert speaker.first("listen-error")["message"] in (
            "Audio comes faster than it can be heard",
            "Recording is too long (max 120 seconds)",
        )


class TestFailure:
    def test_of_the_recogniser_is_said_without_its_words(self, speaker, ear):
        ear.status = 500
        events = heard(speaker, samples_of(LINE))
        assert of(events, "listen-error") == [{"id": "ear", "message": "Speech recognition failed"}]
        assert events[-1][1] == {"success": False, "error": "Speech recognition failed"}
        ear.status = 200
        assert of(heard(speaker, samples_of(LINE)), "heard")[-1]["text"] == "So be it."

    def test_leaving_in_the_middle_leaves_nothing_behind(self, live, token, ear):
        ear.answers.clear()
        for _ in range(3):
            with Learner(live, token) as speaker:
                speaker.tell("listen-start", START)
                speak(speaker, numpy.concatenate([samples_of(LINE), silence(1)]))
                speaker.tell("listen-end")
                eventually(lambda: ear.asked)
        ear.answers.set()
        eventually(lambda: live.call("GET", "/health").json()["tts"]["activeConnections"] == 0)


class TestLeaving:
    """In each phase without a word."""

    def begins(self, speaker):
        assert speaker.acknowledged(speaker.ask("listen-start", START))["success"]

    def is_silent(self, speaker):
        self.begins(speaker)
        speak(speaker, silence(0.5))

    def speaks(self, speaker):
        self.begins(speaker)
        speak(speaker, samples_of(LINE)[:20_000])

    def speaks_hands_free(self, speaker):
        speaker.tell("listen-start", {**START, "mode": "free"})
        speak(speaker, samples_of(LINE))
        speaker.first("speech-detected")

    def has_been_understood_by_phrase(self, speaker):
        self.begins(speaker)
        speak(speaker, numpy.concatenate([samples_of(LINE), silence(1)]))
        speaker.first("heard")

    @pytest.mark.parametrize(
        "phase", ["begins", "is_silent", "speaks", "speaks_hands_free", "has_been_understood_by_phrase"]
    )
    def test_leaves_nothing_behind(self, live, token, phase):
        with Learner(live, token) as speaker:
            getattr(self, phase)(speaker)
        eventually(lambda: live.call("GET", "/health").json()["tts"]["activeConnections"] == 0)
        with Learner(live, token) as speaker:
            assert of(heard(speaker, samples_of(LINE)), "heard")[-1]["text"] == "So be it."


def test_nobody_listens_where_it_is_off(new_database, tmp_path):
    with live_server(new_database(), tmp_path, STT_PROVIDER="off", AI_PROVIDERS="local") as server:
        server.port = int(server.base.rpartition(":")[2])
        with Learner(server, registered(server)) as speaker:
            answer = speaker.acknowledged(speaker.ask("listen-start", START))
        assert answer == {"success": False, "error": "Speech recognition is not configured"}
        assert server.call("GET", "/health").json()["stt"] == "disabled"
