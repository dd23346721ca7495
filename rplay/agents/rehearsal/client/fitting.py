"""Checks whether an answer has the form that its question requires: an age for `how old`, a span for `how long`."""

import re
from collections.abc import Sequence

from rplay.agents.rehearsal.client.statements import SMALL
from rplay.agents.rehearsal.client.telling import content as telling
from rplay.agents.rehearsal.client.words import bare

_LEAD = r"^(?:\w+ ){0,5}"
_NUMBER = rf"\d|\b{SMALL}\b|\b(?:none|nothing|nobody|half|most|once|twice|hardly|zero|dozen)\b"
_DATE = (
    r"\d|\b(?:ago|last|next|this|years?|months?|weeks?|days?|spring|summer|fall|autumn|winter|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|morning|evening|noon|never|yet|soon|before|until|since|yesterday|tomorrow|all my life|ever since)\b"
)
_SOMEBODY = (
    r"(?<=[a-z,] )[A-Z][a-z]|\b(?:I|me|myself|we|us|our|nobody|everybody|somebody|my (?:\w+ )?(?:wife|husband|partner"
    r"|son|daughter|mother|father|brother|sister|cousin|aunt|uncle|friend|boss|foreman|broker|advisor|agent|kids"
    r"|children)"
    r"|people|crew|family|agent|advisor|broker|lawyer|accountant)\b"
)
_OFTEN = (
    r"\b(?:once|twice|times|every|each|daily|often|never|always|rarely|hardly|sometimes|most (?:days|evenings|nights)"
    r"|an? (?:day|week|month|year))\b"
)
_REASON = (
    r"\b(?:because|since|so|after|when|over|want\w*|need\w*|couldn't|didn't|hard|afraid|asked|too|never|seemed"
    r"|thought|felt"
    r"|worr\w+|come[s]? back|to [a-z]+|for [a-z]+|habit|reason|last|ago|died|lost)\b"
)
_FORMS: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = (
    (re.compile(rf"{_LEAD}how (?:old|many|much)\b(?! (?:of a|does|do you (?:like|know|worry)|would you like))"),
     re.compile(_NUMBER, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}how often\b"), re.compile(_OFTEN, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}(?:how long|how soon|since when)\b"), re.compile(_DATE, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}(?:when|what (?:year|time|month|day))\b(?! (?:you|it|they|he|she|we|i|that|the)\b)"),
     re.compile(_DATE, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}(?:why|how come|what made|what makes)\b"), re.compile(_REASON, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}who(?:'s|m)?\b(?! (?:is|was) (?:that|it) (?:with|from))"), re.compile(_SOMEBODY)),
)  # fmt: skip


def fits(question: str, said: Sequence[str]) -> bool:
    """Return whether the sentences can answer the question, by their form and, for a yes-or-no question, by their
    words."""
    return has_form(question, said) and _takes_up(bare(question), " ".join(said))


def has_form(question: str, said: Sequence[str]) -> bool:
    """Return whether the answer contains the date, number, person or reason that the question asks for."""
    asked, text = bare(question), " ".join(said)
    return all(holds.search(text) for asks, holds in _FORMS if asks.search(asked))


_CLOSED = re.compile(
    r"^(?:(?:so|and|but|or|well|okay|um|uh|now) )*(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will)\b"
)
_SAYS_SO = re.compile(
    r"^(?:yes|no|yeah|not|never|nobody|nothing|none|i(?:'ve| have)? never|it is|it isn't|partly|mostly)\b",
    re.IGNORECASE,
)


def is_closed(asked: str) -> bool:
    """Return whether the question wants a yes or no: it begins with its verb."""
    return bool(_CLOSED.match(asked))


def _takes_up(asked: str, text: str) -> bool:
    """Return whether an answer to a yes-or-no question says yes or no, or takes up more than one of the question's
    words."""
    if not _CLOSED.match(asked) or _SAYS_SO.match(text):
        return True
    shared = telling(asked) & telling(text)
    return len(shared) > 1 or len(telling(asked)) < _FEW or shared == telling(asked)


_FEW = 2  # a question with fewer specific words refers to what was said before
