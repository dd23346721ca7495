"""Finds terms of the trade that the advisor used without explaining them."""

import re
from functools import cache

from rplay.agents.rehearsal.client.concepts import unexplained_in
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.words import bare

# Clients with such an occupation know the terms.
_OF_THE_TRADE = re.compile(
    r"\b(?:account(?:ant|ing)|bank\w*|actuar\w*|insur\w*|broker|financ\w*|underwrit\w*|econom\w*|tax|invest\w*"
    r"|audit\w*)\b"
)
_EXPLAINED = (
    r"(?:[\s,:(]+(?:that |which |just |basically |really |it |so )*(?:is|are|means?|meaning|that's|it's|"
    r"stands for|pays?|"
    r"covers?|(?:i|we|they) mean|in plain|"
    r"or in other words|like a|i\.e\.?)\b|['’\"]+ (?:is|means?|we mean|i mean)\b|\s*\(| or | \w+ means )"
)
_ASKS = re.compile(r"\?$|\b(?:explain|words I don't know|lost at|went past|I heard)\b")
_SHORT = re.compile(r"\b[A-Z]{2,5}s?\b")
_KNOWN = frozenset({
    "IRA", "IRAS", "HSA", "CD", "US", "USA", "IRS", "SEP", "ID", "OK", "TV", "PM", "AM", "ER", "FAQ", "PDF", "ATM",
    "DMV", "FAFSA", "PLUS", "EMT", "ICU", "RN", "PE", "IT", "CEO", "CPA", "LLC", "PTA", "TSP", "GI", "VA", "UPS", "FBI",
    "HR", "PIN", "SUV", "RV", "ESL", "GED", "DIY", "AC", "AND", "THE", "NOT", "YOU",
})  # fmt: skip


def terms(moment: Moment, text: str, *, concepts: bool = True, new: bool = True) -> tuple[str, ...]:
    """Return the terms in a text that the client cannot know, because neither the profile nor the client has used them.

    With `new`, terms that the client has asked about already are left out.
    """
    if _OF_THE_TRADE.search(bare(moment.given.occupation if moment.given else "")):
        return ()
    said = (one for turn in moment.turns for one in turn.answer if not _ASKS.search(one))
    own = " ".join((*moment.own_texts, *said))
    low, mine = f" {bare(text)} ", f" {bare(own)} "
    words = [one for one in _words() if f" {one} " in low and f" {one} " not in mine]
    short = [one for one in _SHORT.findall(text) if one.rstrip("s") not in _KNOWN and one not in own and _mixed(text)]
    known = [one.spoken for one in unexplained_in(text)] if concepts else []
    found = sorted(
        {*words, *short, *(one for one in known if f" {bare(one)} " not in mine)}, key=lambda one: low.find(bare(one))
    )
    kept = [one for one in found if not any(one != other and one in other for other in found)]
    open_ = tuple(one for one in kept if not _explained(text, one) and not (new and _asked(moment, one)))
    return open_ if len(open_) == len(kept) or len(open_) > 1 else ()


def _mixed(text: str) -> bool:
    """Return whether capitals have a meaning in this text: it is not written in capitals only."""
    return text.upper() != text


def _explained(text: str, term: str) -> bool:
    return bool(re.search(re.escape(term) + _EXPLAINED, text, re.IGNORECASE))


def _asked(moment: Moment, term: str) -> bool:
    """Return whether the client has asked about this term before; nobody asks twice."""
    return any(term.lower() in one.lower() and _ASKS.search(one) for turn in moment.turns for one in turn.answer)


@cache
def _words() -> tuple[str, ...]:
    return tuple(bare(one) for one in table("jargon")["words"])


def to_jargon(moment: Moment, *, concepts: bool = False) -> list[str]:
    """Return a question about terms that nobody explained; an empty list if the line is plain enough.

    With `concepts` it also asks about well-known terms, which matters only when something is explained with them.
    """
    found = terms(moment, moment.reading.text, concepts=concepts)
    if not found:
        return []
    many = moment.say("jargon.many", one=found[0], other=found[1]) if len(found) > 1 else ""
    return [said] if (said := many or moment.say("jargon.what", concept=found[0])) else []
