"""Moments that clients name: ISO 8601, UTC where nothing else is said."""

from datetime import UTC, date, datetime, time


def moment_of(text: str) -> datetime:
    """In UTC; ValueError when it is not a date."""
    return _utc(datetime.fromisoformat(text.strip()))


def end_of(text: str) -> datetime:
    """The same for the end of a span: a day without a time lasts until midnight."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return moment_of(text)
    return datetime.combine(day, time.max, UTC)


def _utc(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of the calendar") from None
