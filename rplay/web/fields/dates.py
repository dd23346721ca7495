"""Timestamps from clients: ISO 8601, in UTC unless they name another zone."""

from datetime import UTC, date, datetime, time


def moment_of(text: str) -> datetime:
    """Return the timestamp in UTC. Raise ValueError if the text is not a date."""
    return _utc(datetime.fromisoformat(text.strip()))


def end_of(text: str) -> datetime:
    """Return the end of a time span in UTC: a date without a time means the end of that day."""
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
