"""When vendors end models that can be set here, as they have announced it: all such dates stand in this file."""

from datetime import UTC, date, datetime, timedelta

OPENAI = "https://api.openai.com/v1"

# The last day of models of OpenAI's own server.
LAST_DAYS = {
    "tts-1": date(2027, 1, 6),
    "tts-1-hd": date(2027, 1, 6),
    "gpt-4o-mini-tts": date(2027, 1, 6),
    "gpt-4o": date(2027, 1, 14),
}
NOTICE = timedelta(days=90)


def last_day(model: str, base_url: str | None) -> date | None:
    """None where none was announced, and on every server but OpenAI's."""
    return LAST_DAYS.get(model) if (base_url or OPENAI) == OPENAI else None


def ending(model: str, base_url: str | None, remedy: str, today: date | None = None) -> str | None:
    """One sentence when OpenAI ends this model within 90 days or has ended it; `remedy` says what to set."""
    today, last = today or datetime.now(UTC).date(), last_day(model, base_url)
    if last is None or today < last - NOTICE:
        return None
    return f"OpenAI's model {model} {'ends' if today <= last else 'ended'} on {last}: {remedy}."


def voice_ending(model: str, base_url: str | None, today: date | None = None) -> str | None:
    return ending(model, base_url, "set OPENAI_TTS_MODEL, TTS_BASE_URL or TTS_PROVIDER=local", today)


def talk_ending(model: str, base_url: str | None, today: date | None = None) -> str | None:
    return ending(model, base_url, "set OPENAI_MODEL to another", today)
