import inspect
import socket
from collections.abc import Iterator

import pytest

from rplay.errors import SpeechError
from rplay.tts.openai import OpenAISpeaker
from rplay.tts.speaker import SpeechRefused
from tests.tts.fake_voice import SECRET, FakeVoice, audio_of

KEY = "sk-very-secret-key"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeVoice]:
    server = FakeVoice()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def voice(server: FakeVoice) -> FakeVoice:
    server.reset()
    return server


@pytest.fixture(scope="module")
def speaker(server: FakeVoice) -> Iterator[OpenAISpeaker]:
    speaker = OpenAISpeaker(server.url, "tts-1", lambda: KEY)
    yield speaker
    speaker._client.close()


def failure(speaker: OpenAISpeaker, text: str) -> str:
    """What the error says; and that it says nothing of what the server said."""
    with pytest.raises(SpeechError) as raised:
        list(speaker.stream(text, "alloy", 1))
    error: BaseException = raised.value
    assert SECRET not in str(error)
    assert KEY not in str(error)
    assert error.__suppress_context__ or error.__context__ is None
    return str(error)


class TestAsking:
    def test_sends_what_openai_documents(self, speaker, voice):
        assert b"".join(speaker.stream("Good morning", "nova", 1.25)) == audio_of("Good morning")
        (call,) = voice.calls
        assert call.path == "/v1/audio/speech"
        assert call.key == KEY
        assert call.body == {
            "model": "tts-1",
            "input": "Good morning",
            "voice": "nova",
            "speed": 1.25,
            "response_format": "mp3",
        }

    def test_uses_the_key_of_the_moment(self, voice):
        keys = iter(["sk-first", "sk-first", "sk-second", "sk-second"])
        speaker = OpenAISpeaker(voice.url, "tts-1", lambda: next(keys))
        assert speaker.configured()
        for _ in range(2):
            list(speaker.stream("Hi", "alloy", 1))
        assert [call.key for call in voice.calls] == ["sk-first", "sk-second"]
        speaker._client.close()

    def test_without_a_key_is_refused_at_once(self, voice):
        speaker = OpenAISpeaker(voice.url, "tts-1", lambda: None)
        assert not speaker.configured()
        with pytest.raises(SpeechRefused, match=r"^Speech is not configured$"):
            speaker.stream("Hi", "alloy", 1)

    def test_says_the_servers_own_name_of_a_voice(self, voice):
        speaker = OpenAISpeaker(voice.url, "kokoro", lambda: KEY, {"alloy": "af_heart", "echo": "am_adam"})
        for name in ("alloy", "echo", "nova", "am_adam", "heart", "ballad"):
            list(speaker.stream("Hi", name, 1))
        said = ["af_heart", "am_adam", "nova", "am_adam", "af_heart", "af_heart"]
        assert [call.body["voice"] for call in voice.calls] == said
        assert {"af_heart", "am_adam"} < speaker.voices()
        speaker._client.close()

    def test_names_the_organisation_that_the_sdks_variable_names(self, voice, monkeypatch):
        monkeypatch.setenv("OPENAI_ORG_ID", "org-ours")
        speaker = OpenAISpeaker(voice.url, "tts-1", lambda: KEY)
        list(speaker.stream("Hi", "alloy", 1))
        assert [call.organisation for call in voice.calls] == ["org-ours"]
        speaker._client.close()

    def test_uses_a_connection_again_that_was_read_to_its_end(self, speaker, voice):
        for _ in range(3):
            list(speaker.stream("Hi", "alloy", 1))
        assert len({call.peer for call in voice.calls}) == 1

    def test_uses_none_again_that_was_not(self, speaker, voice):
        audio = speaker.stream("hold=1", "alloy", 1)
        next(audio)
        audio.close()
        assert b"".join(speaker.stream("Hi", "alloy", 1)) == audio_of("Hi")
        assert len({call.peer for call in voice.calls}) == 2

    def test_builds_one_client_for_all_calls(self, speaker, voice):
        client = speaker._client
        speaker.warm()
        list(speaker.stream("Hi", "alloy", 1))
        assert speaker._client is client


class TestStreaming:
    def test_passes_on_the_first_piece_before_the_second_exists(self, speaker, voice):
        audio = speaker.stream("hold=1 chunks=2 size=5000", "alloy", 1)
        first = next(audio)
        assert len(first) == 5000
        assert len(voice.calls[0].sent) == 1
        voice.release()
        assert sum(map(len, audio)) == 5000

    def test_closed_in_the_middle_ends_the_call(self, speaker, voice):
        audio = speaker.stream("hold=1", "alloy", 1)
        next(audio)
        audio.close()
        voice.wait_for(lambda: voice.calls[0].outcome == "aborted")

    def test_never_begun_asks_nobody(self, speaker, voice):
        audio = speaker.stream("Hi", "alloy", 1)
        audio.close()
        assert inspect.getgeneratorstate(audio) == "GEN_CLOSED"
        assert voice.calls == []


class TestFailing:
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
    def test_names_the_status_and_asks_only_once(self, speaker, voice, status):
        assert failure(speaker, f"status={status} Hi") == f"the voice server answered {status}"
        assert len(voice.calls) == 1

    def test_when_the_audio_breaks_off(self, speaker, voice):
        assert failure(speaker, "cut=2") == "the voice server broke off"

    def test_when_it_breaks_off_before_any_audio(self, speaker, voice):
        assert failure(speaker, "cut=0") == "the voice server broke off"

    def test_when_no_audio_comes(self, speaker, voice):
        assert failure(speaker, "chunks=0") == "the voice server sent no audio"

    @pytest.mark.parametrize("kind", ["application/json", "text/html", "Text/HTML", "application/problem+json"])
    def test_when_the_answer_is_no_audio(self, speaker, voice, kind):
        said = f"the voice server answered with {kind.lower()} instead of audio"
        assert failure(speaker, f"type={kind};charset=utf-8") == said

    @pytest.mark.parametrize(
        ("begins", "name"),
        [
            ("wav", "WAV"),
            ("ogg", "Ogg"),
            ("json", "JSON"),
            ("flac", "FLAC"),
            ("mp4", "something unknown"),
            ("pcm", "something unknown"),
            ("page", "HTML or XML"),
            ("aac", "something unknown"),
            ("nothing", "something unknown"),
        ],
    )
    def test_when_the_audio_is_no_mp3_whatever_it_is_called(self, speaker, voice, begins, name):
        said = f"the voice server sent {name} instead of MP3"
        assert failure(speaker, f"bytes={begins}") == said
        assert failure(speaker, f"bytes={begins} size=1 chunks=100") == said
        assert failure(speaker, f"bytes={begins} type=application/octet-stream") == said

    @pytest.mark.parametrize("begins", ["mp3", "id3"])
    def test_but_not_where_it_comes_byte_by_byte_under_another_name(self, speaker, voice, begins):
        text = f"bytes={begins} size=1 chunks=100 type=application/octet-stream"
        assert b"".join(speaker.stream(text, "alloy", 1)) == audio_of(text)

    def test_when_the_key_can_stand_in_no_header(self, voice):
        speaker = OpenAISpeaker(voice.url, "tts-1", lambda: "sk-\n😀")
        assert failure(speaker, "Hi") == "the voice server could not be reached"
        assert voice.calls == []
        speaker._client.close()

    def test_when_nobody_listens_there(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        speaker = OpenAISpeaker(f"http://127.0.0.1:{port}/v1", "tts-1", lambda: KEY)
        assert failure(speaker, "Hi") == "the voice server could not be reached"
        speaker._client.close()
