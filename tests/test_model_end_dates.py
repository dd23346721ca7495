"""The announced ends of models."""

from datetime import date

import pytest

from rplay.model_end_dates import last_day, talk_ending, voice_ending


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 10, 1), None),
        (date(2026, 10, 7), None),
        (date(2026, 10, 8), "OpenAI's model tts-1 ends on 2027-01-06: set OPENAI_TTS_MODEL, "),
        (date(2027, 1, 6), "ends on 2027-01-06"),
        (date(2027, 1, 7), "ended on 2027-01-06"),
    ],
)
def test_an_end_is_said_from_90_days_before(today, said):
    sentence = voice_ending("tts-1", None, today)
    assert said in sentence if said else sentence is None


def test_the_model_of_the_talks_has_one_too():
    sentence = talk_ending("gpt-4o", "https://api.openai.com/v1", date(2026, 12, 1))
    assert sentence == "OpenAI's model gpt-4o ends on 2027-01-14: set OPENAI_MODEL to another."


def test_dates_are_openais_alone():
    assert voice_ending("tts-1", "https://voices.example.com/v1", date(2028, 1, 1)) is None
    assert last_day("gpt-4o", "http://gpu:8000/v1") is None


def test_of_others_none_is_known():
    assert voice_ending("tts-9", None, date(2028, 1, 1)) is None
