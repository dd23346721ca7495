"""Translations of the console, and dates and numbers in the reader's format.

The code and templates are in English; `words/LANGUAGE.po` holds the translations (`make words` updates them).
"""

from datetime import UTC, datetime
from datetime import date as Day
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import dates, numbers, support
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g, request

FOLDER = Path(__file__).with_name("words")
LANGUAGES = {"en": "English", "de": "Deutsch"}
LOCALES = {"en": "en_US", "de": "de_DE"}
COOKIE = "rplay_language"


def N_(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


def language() -> str:
    """Return the chosen language, or else the browser's, or else English."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE)
        g.language = chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "en")
    return str(g.language)


def gettext(text: str, **values: Any) -> str:
    return translated(language(), text, **values)


def ngettext(singular: str, plural: str, number: int, **values: Any) -> str:
    found: str = catalogue(language()).ungettext(singular, plural, number)
    return found % {"num": number, **values}


def translated(language: str, text: str, **values: Any) -> str:
    found: str = catalogue(language).ugettext(text) if text else ""
    return found % values if values else found


_ = gettext


@cache
def catalogue(language: str) -> support.NullTranslations:
    """Load the translations from the .po file once per process. This takes 10 ms, and there is no compiled file
    that could be out of date.
    """
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return support.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return support.Translations(compiled)


def date(moment: Day | None, shape: str = "medium") -> str:
    return dates.format_date(moment, shape, locale=LOCALES[language()]) if moment else ""


def date_time(moment: datetime | None) -> str:
    """Format a time in UTC, as the server does not know the reader's time zone; the page's script replaces it by
    local time.
    """
    return dates.format_datetime(moment, "medium", locale=LOCALES[language()]) if moment else ""


def iso(moment: datetime) -> str:
    """Return the timestamp in ISO 8601. Columns without a time zone hold UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def number(value: float | None, digits: int = 1) -> str:
    """Format a number with at most `digits` decimal places."""
    if value is None:
        return "–"
    return numbers.format_decimal(round(value, digits), locale=LOCALES[language()])


def minutes(seconds: int | None) -> str:
    return ngettext("%(num)d minute", "%(num)d minutes", max(1, round(seconds / 60))) if seconds else ""
