"""The form of an answer held against the form of its question: an age for `how old`, a span for `how long`."""

import re
from collections.abc import Sequence

from rplay.agents.rehearsal.client.statements import SMALL
from rplay.agents.rehearsal.client.words import bare

_LEAD = r"^(?:\w+ ){0,5}"
_NUMBER = (
    rf"\d|\b{SMALL}\b|\b(?:none|nothing|no|nobody|half|most|all|both|once|twice|hardly|little|enough|zero|dozen)\b"
)
_DATE = (
    r"\d|\b(?:ago|last|next|this|years?|months?|weeks?|days?|spring|summer|fall|autumn|winter|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|morning|evening|noon|never|yet|soon|when|after|before|until|since|always|yesterday|tomorrow|long|now)\b"
)
_SOMEBODY = (
    r"(?<=[a-z,] )[A-Z][a-z]|\b(?:I|me|myself|we|us|our|nobody|everybody|somebody|my (?:\w+ )?(?:wife|husband|partner"
    r"|son|daughter|mother|father|brother|sister|cousin|aunt|uncle|friend|boss|foreman|broker|advisor|agent|kids|children)"
    r"|people|crew|family|agent|advisor|broker|lawyer|accountant)\b"
)
_FORMS: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = (
    (re.compile(rf"{_LEAD}how (?:old|many|much)\b(?! (?:of a|does|do you (?:like|know|worry)|would you like))"),
     re.compile(_NUMBER, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}(?:how long|how soon|since when)\b"), re.compile(_DATE, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}(?:when|what (?:year|time|month|day))\b(?! (?:you|it|they|he|she|we|i|that|the)\b)"),
     re.compile(_DATE, re.IGNORECASE)),
    (re.compile(rf"{_LEAD}who(?:'s|m)?\b(?! (?:is|was) (?:that|it) (?:with|from))"), re.compile(_SOMEBODY)),
)  # fmt: skip


def fits(question: str, said: Sequence[str]) -> bool:
    """Whether what is said can be an answer to such a question; other forms of questions take any."""
    asked, text = bare(question), " ".join(said)
    return all(holds.search(text) for asks, holds in _FORMS if asks.search(asked))
