"""Answers common questions that no profile answers directly: what speaks against it, what would have to be right, what
the first thought was, where the client sees the future.

The answers have the form of the question, and use this client's worries, wishes and people.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rplay.agents.rehearsal.client.household import meant
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.types import Sentence


def opened(moment: Moment, sentence: Sentence) -> list[str]:
    """Return the answer if the sentence asks one of the common questions in `texts/open.toml`; an empty list if not, or
    if every answer was said already."""
    text, line = bare(sentence.text), bare(moment.reading.text)
    heard = bare(" ".join(moment.turns[-2].answer)) if moment.number else ""
    fit = (
        entry
        for entry in table("open")["open"]
        if _fits(entry, text, line, heard) and _of_somebody(moment, entry, text)
    )
    return next(filter(None, (_said(moment, entry, text) for entry in fit)), [])


def _fits(entry: Mapping[str, Any], text: str, line: str, heard: str) -> bool:
    asks = pattern(entry["match"]).search(text) and not ("unless" in entry and pattern(entry["unless"]).search(text))
    led = "line" not in entry or pattern(entry["line"]).search(line)
    return bool(asks and led and ("heard" not in entry or pattern(entry["heard"]).search(heard)))


_TELLING = ("background", "family")
_KIN = re.compile(
    r"\b(?:mother|father|parents?|mom|dad|brother|sister|family|ex|friend|boss|girl|guy|foreman|aunt|uncle|grandson"
    r"|granddaughter|accountant|lawyer|people|others?|sons?|daughters?|kids|children|twins)\b"
)


def _of_somebody(moment: Moment, entry: Mapping[str, Any], text: str) -> bool:
    return not entry.get("person") or bool(_KIN.search(text) or meant(moment, text))


def _said(moment: Moment, entry: Mapping[str, Any], text: str) -> list[str]:
    if "told" in entry and (told := _told(moment, re.compile(entry["told"], re.IGNORECASE), text)):
        return [told]
    facts = [tuple(one.split(".")) for one in entry.get("facts", ())]
    first = moment.more(*((kind, aspect) for kind, aspect in facts)) or _way(moment, entry, text)
    then = [tuple(one.split(".")) for one in entry.get("then", ())]
    more = moment.more(*((kind, aspect) for kind, aspect in then)) if first and moment.life.style.terse < _TERSE else ""
    return [one for one in (first, more) if one]


_TERSE = 70


def _way(moment: Moment, entry: Mapping[str, Any], text: str) -> str:
    whom = meant(moment, text)[:1]
    names = {"they": whom[0].name.split()[-1]} if whom else {"they": ""}
    return moment.voice.one(entry.get("says", ()), entry["match"], **names)


def _told(moment: Moment, tells: re.Pattern[str], text: str) -> str:
    """Return a sentence of the profile that tells this and was not told yet. If the question names a person, the
    sentence does too."""
    kin = _KIN.search(text)
    whom = [one.name.split()[-1] for one in meant(moment, text)] or ([kin[0]] if kin else [])
    found = list(_statements(moment, tells))
    of_them = [one for one in found if any(name in one for name in whom)]
    return moment.new_of(of_them if whom else found)


def _statements(moment: Moment, tells: re.Pattern[str]) -> Iterator[str]:
    return (
        one.text
        for one in moment.statements
        if one.source in _TELLING and tells.search(one.text) and not (one.guarded and not moment.trusts)
    )
