import math

import pytest

from rplay.tts.request import SpeechRequest, parse
from rplay.tts.speaker import VOICES, SpeechRefused


def refusal(payload: object) -> str:
    with pytest.raises(SpeechRefused) as refused:
        parse(payload, frozenset({"heart"}))
    return str(refused.value)


class TestText:
    @pytest.mark.parametrize("payload", [None, 5, "Hello", [], ["text"], True, {}, b"text"])
    def test_is_required_whatever_the_payload_is(self, payload):
        assert refusal(payload) == "Text is required"

    @pytest.mark.parametrize("text", [None, "", "   ", "\n\t\u00a0", 5, ["Hello"], {"a": 1}, True])
    def test_is_required_as_text_that_is_not_blank(self, text):
        assert refusal({"text": text}) == "Text is required"

    def test_may_have_4000_characters(self):
        assert len(parse({"text": "é" * 4000}, frozenset()).text) == 4000

    def test_may_not_have_one_more(self):
        assert refusal({"text": "é" * 4001}) == "Text is too long (max 4000 characters)"

    def test_is_kept_as_sent(self):
        assert parse({"text": "  Grüße 🙂\n"}, frozenset()).text == "  Grüße 🙂\n"


class TestAudio:
    class Speaker:
        def stream(self, *asked):
            return iter([asked])

    def test_is_of_the_words(self):
        request = parse({"text": "*sighs* **No**. 🙂", "voice": "echo", "speed": 2}, frozenset())
        assert list(request.audio_of(self.Speaker())) == [("No.", "echo", 2.0)]

    def test_is_none_where_no_words_are(self):
        assert list(parse({"text": "🙂 *nods*"}, frozenset()).audio_of(self.Speaker())) == []


class TestVoice:
    @pytest.mark.parametrize("voice", sorted(VOICES | {"heart"}))
    def test_is_one_of_the_six_or_one_that_the_provider_knows(self, voice):
        assert parse({"text": "Hi", "voice": voice}, frozenset({"heart"})).voice == voice

    @pytest.mark.parametrize("voice", [None, "", " ", 0, False])
    def test_is_alloy_when_empty(self, voice):
        assert parse({"text": "Hi", "voice": voice}, frozenset()).voice == "alloy"

    @pytest.mark.parametrize("voice", ["robot", "Alloy", "alloy ", 5, ["alloy"], {"id": "alloy"}])
    def test_is_refused_by_name_when_unknown(self, voice):
        assert refusal({"text": "Hi", "voice": voice}) == f"Unknown voice: {voice}"

    def test_is_not_repeated_at_any_length(self):
        assert len(refusal({"text": "Hi", "voice": "x" * 50_000})) < 200


class TestSpeed:
    @pytest.mark.parametrize("speed", [0.25, 1, 1.5, 4.0])
    def test_is_a_number_from_a_quarter_to_four(self, speed):
        assert parse({"text": "Hi", "speed": speed}, frozenset()).speed == speed

    @pytest.mark.parametrize("speed", [None, 0, 0.0, ""])
    def test_is_one_when_missing_or_zero(self, speed):
        assert parse({"text": "Hi", "speed": speed}, frozenset()).speed == 1.0

    @pytest.mark.parametrize("speed", [0.24, 4.01, -1, math.nan, math.inf, 10**400, "1", "fast", True, [1]])
    def test_is_refused_otherwise(self, speed):
        assert refusal({"text": "Hi", "speed": speed}) == "Speed must be between 0.25 and 4.0"


def test_gives_base64_unless_binary_is_asked_for():
    assert parse({"text": "Hi"}, frozenset()) == SpeechRequest("Hi", "alloy", 1.0, False)
    assert parse({"text": "Hi", "binary": True}, frozenset()).binary
