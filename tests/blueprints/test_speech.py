"""POST /api/speech/transcriptions, as a client sees it."""

import io

import pytest

from rplay.errors import RecognitionError
from rplay.stt.recogniser import Transcript
from tests.conftest import error, settings_for, swap_parts
from tests.stt.recordings import LINE, encoded, samples_of, silence, wrong_words

T = "/api/speech/transcriptions"
TWO_MINUTES = object()  # and a second; made when it is needed


@pytest.fixture(scope="module")
def settings(data_dir):
    return settings_for(data_dir=data_dir, stt_provider="local")


@pytest.fixture
def audio():
    return encoded(samples_of(LINE), "webm", "libopus")


class Failing:
    name = "local"

    def configured(self):
        return True

    def transcribe(self, samples):
        raise RecognitionError("it is away")


class Silent(Failing):
    def configured(self):
        return False


class Counting(Failing):
    def __init__(self):
        self.phrases = 0

    def transcribe(self, samples):
        self.phrases += 1
        return Transcript(f"phrase {self.phrases}", "de")


def test_a_recording_is_understood(alice, audio):
    answer = alice.post(T, data=audio, content_type="audio/webm")
    assert answer.status_code == 200
    said = answer.json
    assert wrong_words(LINE, said.pop("text")) == 0
    assert said.pop("seconds") == pytest.approx(len(samples_of(LINE)) / 16_000, abs=0.1)
    assert said == {"success": True, "language": "en", "source": "local"}


def test_a_form_is_the_same(app, alice, monkeypatch, audio):
    swap_parts(app, monkeypatch, recogniser=Counting())
    form = {"file": (io.BytesIO(audio), "blob")}
    answer = alice.post(T, data=form, content_type="multipart/form-data")
    assert (answer.json["text"], answer.json["language"]) == ("phrase 1", "de")


def test_whoever_says_nothing_is_asked_of_nobody(app, alice, monkeypatch):
    recogniser = Counting()
    swap_parts(app, monkeypatch, recogniser=recogniser)
    answer = alice.post(T, data=encoded(silence(2), "wav", "pcm_s16le"))
    assert (answer.status_code, answer.json["text"], answer.json["language"]) == (200, "", None)
    assert recogniser.phrases == 0


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"data": b""}, (400, "Audio is required")),
        ({"data": {}, "content_type": "multipart/form-data"}, (400, "Audio is required")),
        ({"data": {"file": "words"}, "content_type": "multipart/form-data"}, (400, "Audio is required")),
        (
            {"data": {"other": (io.BytesIO(b"x"), "x")}, "content_type": "multipart/form-data"},
            (400, "Audio is required"),
        ),
        ({"data": b"no audio at all"}, (415, "Audio format not supported")),
        ({"data": b"{}", "content_type": "application/json"}, (415, "Audio format not supported")),
        ({"data": b"ffconcat version 1.0\nfile /etc/passwd\n"}, (415, "Audio format not supported")),
        ({"data": b"x" * (10 * 2**20 + 1)}, (413, "Request body too large")),
        ({"data": TWO_MINUTES}, (413, "Audio is too long (max 120 seconds)")),
    ],
)
def test_what_is_no_recording_is_refused(alice, body, refused):
    if body["data"] is TWO_MINUTES:
        body = {"data": encoded(silence(121), "wav", "pcm_s16le", 8_000)}
    assert error(alice.post(T, **body)) == refused


def test_a_session_is_needed(anyone, audio):
    assert error(anyone.post(T, data=audio)) == (401, "Authentication required")


def test_a_recogniser_that_fails_or_is_not_there_is_said(app, alice, monkeypatch, audio):
    swap_parts(app, monkeypatch, recogniser=Failing())
    assert error(alice.post(T, data=audio)) == (502, "Speech recognition failed")
    for nobody in (Silent(), None):
        swap_parts(app, monkeypatch, recogniser=nobody)
        assert error(alice.post(T, data=audio)) == (503, "Speech recognition is not configured")
        assert anyone_health(app) == "disabled"


def test_health_says_that_somebody_listens(app):
    assert anyone_health(app) == "enabled"


def anyone_health(app):
    return app.test_client().get("/health").json["stt"]
