"""The form of a clause: whether it is a question, an open question, or wants a yes or no."""

import re
from functools import lru_cache

from rplay.agents.rehearsal.reading.tables import patterns
from rplay.agents.rehearsal.reading.text import bare, inverted

_FILLER = re.compile(
    r"^(?:(?:and|but|so|or|then|also|plus|okay|all right|right|um|uh|like|well|now|yeah|wait|oh|ah|great|good|perfect|"
    r"cool|awesome|nice|sure|fine|thanks|thank you|no worries|anyway|listen|look|hey|hi|hello|see|wow|sorry|again|"
    r"fair enough|makes sense|interesting|got it|i see|actually|just|first|one more thing|quick question|just out of "
    r"curiosity|may i ask|if you don't mind me asking|can i ask(?: you)?|do you know|tell me|to start|on the debt side|"
    r"for real now|ha|haha|let me see|honestly|by the way|before that|after that|yes|no|mr|mrs|ms) )+"
)


@lru_cache(maxsize=8192)
def body(clause: str) -> str:
    """Return the plain words without the words before the actual question, as in `ok great so um what …`."""
    text = bare(clause)
    found = _FILLER.match(text)
    return text[found.end() :] if found and found.end() < len(text) else text


def form(kind: str, text: str) -> bool:
    return bool(patterns("rules", "questions")[kind].search(text))


@lru_cache(maxsize=8192)
def asks(clause: str) -> bool:
    """Return whether the clause is a question, with or without a question mark."""
    text, full = body(clause), bare(clause)
    return (
        clause.rstrip("\"')* ").endswith("?")
        or (form("opens", f"{text} ") and not _subordinate(text))
        or form("asks_by_telling", text)
        or form("asks_late", full)
        or form("asks_by_telling", full)
    )


def _subordinate(text: str) -> bool:
    """Return whether it is a subordinate clause: `when somebody has asthma` and `which means` are, `when did you` is
    not."""
    opens = text.startswith(("when ", "where ", "which ")) and not text.startswith("which one")
    return opens and not inverted(text)


def tagged(clause: str) -> bool:
    """Return whether it is a statement with only a question mark, or with words such as `right?` at the end."""
    text = bare(clause)
    return text.count(" ") > 1 and form("tag", text) and not _TRUE.search(text)


# `I'd like to get this right` and `quite right, quite right` are no questions.
_TRUE = re.compile(r"\b(?:get|do|make|set|put|treat) (?:\w+ )?right$|\b(?:quite|all|that's|you're|you are) right$")


def is_open(clause: str) -> bool:
    text = body(clause)
    return (form("open", text) or form("asks_by_telling", bare(clause))) and not form("narrow", text)


def wants_yes_or_no(clause: str) -> bool:
    text = body(clause)
    return form("yes_no", f"{text} ") or not (form("opens", f"{text} ") or form("asks_by_telling", text))
