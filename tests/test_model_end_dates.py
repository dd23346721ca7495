"""The announced ends of models."""

from datetime import date

import pytest

from rplay.config import Settings
from rplay.model_end_dates import NOTICE, azure_ending, end_of, over, talk_ending, voice_ending

OPENAI = "https://api.openai.com/v1"
AZURE = "https://x.services.ai.azure.com/api/projects/practice"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 10, 7), None),
        (date(2026, 10, 8), "OpenAI's model tts-1 ends on 2027-01-06: set OPENAI_TTS_MODEL, "),
        (date(2027, 1, 5), "ends on 2027-01-06"),
        (date(2027, 1, 6), "ended on 2027-01-06"),
    ],
)
def test_an_end_is_said_from_90_days_before(today, said):
    sentence = voice_ending("tts-1", None, today)
    assert said in sentence if said else sentence is None


def test_the_model_of_the_talks_has_one_too():
    sentence = talk_ending("gpt-4o", OPENAI, date(2026, 12, 1))
    assert sentence == "OpenAI's model gpt-4o ends on 2027-01-14: set OPENAI_MODEL to another."


def test_a_deployment_in_azure_has_one_too():
    assert azure_ending("gpt-4o", AZURE, date(2026, 11, 27)) == (
        "Azure's model gpt-4o ended on 2026-10-01: deploy another and name it in AZURE_AI_MODEL_DEPLOYMENT_NAME."
    )
    assert azure_ending("gpt-4o", None) is None


@pytest.mark.parametrize(
    ("model", "base_url", "end"),
    [
        ("gpt-5", OPENAI, date(2026, 12, 11)),
        ("gpt-5-mini-2025-08-07", OPENAI, date(2026, 12, 11)),
        ("gpt-5.1", OPENAI, date(2027, 4, 1)),
        ("gpt-5.1-2025-11-13", OPENAI, date(2027, 4, 1)),
        ("gpt-4o", OPENAI, date(2027, 1, 14)),
        ("gpt-4o-mini-tts", OPENAI, date(2027, 1, 6)),
        ("gpt-4o-mini-tts-2025-12-15", OPENAI, date(2027, 1, 6)),
        ("gpt-4o-transcribe", OPENAI, date(2027, 2, 26)),
        ("gpt-6-luna", OPENAI, None),
        ("my-gpt-5", OPENAI, None),
        ("gpt-5", "https://eu.api.openai.com/v1", date(2026, 12, 11)),
        ("gpt-5", AZURE, date(2027, 2, 6)),
        ("gpt-5.1", AZURE, None),
        ("tts-hd", "https://x.openai.azure.com/openai/v1", date(2026, 12, 15)),
    ],
)
def test_the_longest_pattern_wins_at_each_vendor(model, base_url, end):
    assert end_of(model, base_url) == end


@pytest.mark.parametrize(
    "base_url", ["https://voices.example.com/v1", "http://gpu:8000/v1", "https://api.openai.com.example.com/v1"]
)
def test_dates_are_the_vendors_alone(base_url):
    assert end_of("gpt-4o", base_url) is None
    assert voice_ending("tts-1", base_url, date(2028, 1, 1)) is None


def test_a_day_is_over_from_its_beginning():
    end = date(2027, 1, 6)
    assert (over(end, date(2027, 1, 5)), over(end, end), over(None)) == (False, True, False)


def test_no_model_that_is_the_default_for_talks_is_about_to_end():
    default = Settings()
    for model, server in ((default.openai_model, OPENAI), (default.azure_ai_model_deployment_name, AZURE)):
        end = end_of(model, server)
        assert end is None or end - NOTICE > date(2026, 11, 27)
