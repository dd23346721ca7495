"""Answers plain questions that are recognised by their words: how old, how many, what rate, how much, when it is due.

These are the most frequent questions and have one right answer each, so neither similarity nor chance may decide them.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rplay.agents.rehearsal.client import by_texts, owned
from rplay.agents.rehearsal.client.evidence import told_of
from rplay.agents.rehearsal.client.household import of_household
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import any_of
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.types import Sentence

Said = Sequence[str]


def plain(moment: Moment, sentence: Sentence) -> list[str]:
    """Return the answer to a plain question; an empty list if it is none or the answer is unknown."""
    text = _POLITE.sub("", bare(sentence.text))
    if _SCALE.search(bare(moment.reading.text)) and "risk" in text:
        return [moment.voice.one(_NUMBERS, "scale"), moment.more(("risk", "loss"), ("risk", "sleep"), ("risk", "past"))]
    if said := of_household(moment, text):
        return _told(moment, said)
    for answer in _ANSWERS:
        asks = any_of("plain", "plain", answer.__name__)
        if asks.search(text) and (found := [one for one in answer(moment, text) if one]):
            return _told(moment, found)
    return []


_POLITE = re.compile(
    r" (?:if (?:i may ask|you don't mind(?: me asking| my asking)?|that's (?:ok|okay|all right)|that isn't too personal"
    r"|it's not too personal)|by the way|exactly|please|again|then|though)$"
)
_SCALE = re.compile(r"\b(?:scale (?:of|from)|(?:one|1) (?:to|through) (?:ten|10))\b")
_NUMBERS = (
    "A four, maybe",
    "Somewhere around a three. I'd like to say five, but I know myself",
    "Four on a good day, two when I read the news",
)


def _told(moment: Moment, said: Iterable[str]) -> list[str]:
    return [told for one in said if (told := _first_or_again(moment, one))]


def _first_or_again(moment: Moment, text: str) -> str:
    """Return the text, with a lead-in if it was told in an earlier line; empty if this line has told it already."""
    if moment.voice.is_new(text):
        moment.voice.note(text)
        return text
    return moment.led(moment.say("again.lead"), text) if bare(text) in moment.memory.said else ""


_ANSWERS: Sequence[Callable[[Moment, str], Said]] = (
    owned.invested,
    owned.lasts,
    owned.paid_off,
    by_texts.before_that,
    by_texts.still_works,
    owned.apart_from,
    owned.put_by_for,
    owned.puts_in,
    owned.dearest,
    owned.other_debts,
    owned.rates,
    owned.owed,
    owned.held,
    owned.rent,
    by_texts.gone_up,
    by_texts.works,
    by_texts.insurer,
    by_texts.heritage,
    owned.monthly,
    by_texts.smoker,
    by_texts.staff,
    by_texts.counted,
    by_texts.died,
    by_texts.ahead,
    by_texts.origin,
    by_texts.handled,
    by_texts.title,
    by_texts.happened,
    by_texts.retired,
    by_texts.married,
    owned.spends,
    owned.decides,
    owned.owes,
    owned.life_cover,
    owned.health_cover,
    owned.has_account,
    owned.income,
    owned.renting,
    by_texts.acres,
    by_texts.opened,
    by_texts.sums,
    told_of,
)
