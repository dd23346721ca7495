"""Announced end dates of models that can be configured here. All such dates are in this file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"
NOTICE = timedelta(days=90)


@dataclass(frozen=True)
class Vendor:
    """A vendor. `ends` maps model patterns to the day, in UTC, from which the models are unavailable; the longest
    matching pattern wins.

    The dates apply only to the vendor's own servers, as others may offer a model of that name for longer.
    """

    name: str
    hosts: tuple[str, ...]
    ends: dict[str, date]


VENDORS = (
    Vendor(
        "OpenAI",
        ("api.openai.com",),
        {
            "gpt-5*": date(2026, 12, 11),
            "o3*": date(2026, 12, 11),
            "tts-1": date(2027, 1, 6),
            "tts-1-hd": date(2027, 1, 6),
            "gpt-4o-mini-tts": date(2027, 1, 6),
            "gpt-4o*": date(2027, 1, 14),
            "gpt-4.1*": date(2027, 1, 14),
            "gpt-realtime": date(2027, 1, 20),
            "gpt-audio": date(2027, 1, 20),
            "whisper-1": date(2027, 2, 26),
            "gpt-4o-transcribe": date(2027, 2, 26),
            "gpt-4o-mini-transcribe": date(2027, 2, 26),
            "gpt-5.1": date(2027, 4, 1),
            "gpt-5.4-nano": date(2027, 4, 1),
        },
    ),
    Vendor(
        "Azure",
        ("services.ai.azure.com", "openai.azure.com", "cognitiveservices.azure.com"),
        {
            "gpt-4o": date(2026, 10, 1),
            "gpt-4.1*": date(2026, 10, 14),
            "gpt-5.2": date(2026, 12, 12),
            "tts*": date(2026, 12, 15),
            "whisper*": date(2026, 12, 15),
            "gpt-4o-mini-tts": date(2026, 12, 15),
            "gpt-5": date(2027, 2, 6),
            "gpt-5-mini": date(2027, 2, 6),
            "gpt-5-nano": date(2027, 2, 6),
            "gpt-5.4": date(2027, 3, 5),
        },
    ),
)


def end_of(model: str, base_url: str | None) -> date | None:
    """Return the day from which this model is unavailable there; None if none was announced."""
    vendor = _vendor(base_url)
    found = [pattern for pattern in (vendor.ends if vendor else ()) if _fits(model, pattern)]
    return vendor.ends[max(found, key=len)] if vendor and found else None


def over(end: date | None, today: date | None = None) -> bool:
    return end is not None and (today or datetime.now(UTC).date()) >= end


def ending(model: str, base_url: str | None, remedy: str, today: date | None = None) -> str | None:
    """Return a sentence if this model ends within 90 days or has ended, else None. `remedy` says what to set
    instead.
    """
    today, end, vendor = today or datetime.now(UTC).date(), end_of(model, base_url), _vendor(base_url)
    if end is None or vendor is None or today < end - NOTICE:
        return None
    return f"{vendor.name}'s model {model} {'ended' if over(end, today) else 'ends'} on {end}: {remedy}."


def voice_ending(model: str, base_url: str | None, today: date | None = None) -> str | None:
    return ending(model, base_url, "set OPENAI_TTS_MODEL, TTS_BASE_URL or TTS_PROVIDER=local", today)


def talk_ending(model: str, base_url: str | None, today: date | None = None) -> str | None:
    return ending(model, base_url, "set OPENAI_MODEL to another", today)


def azure_ending(deployment: str, endpoint: str | None, today: date | None = None) -> str | None:
    """Return a warning about a deployment in Azure, which usually has the name of its model."""
    remedy = "deploy another and name it in AZURE_AI_MODEL_DEPLOYMENT_NAME"
    return ending(deployment, endpoint, remedy, today) if endpoint else None


def _vendor(base_url: str | None) -> Vendor | None:
    host = urlsplit(base_url or OPENAI).hostname or ""
    return next((one for one in VENDORS if any(f".{host}".endswith(f".{own}") for own in one.hosts)), None)


def _fits(model: str, pattern: str) -> bool:
    """Return True if the model matches the pattern, with or without a date at its end."""
    return any(fnmatchcase(model, one) for one in (pattern, f"{pattern}-20??-??-??"))
