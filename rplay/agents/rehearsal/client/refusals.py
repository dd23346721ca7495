"""What the client refused in this talk, and whether a line argues for it again.

After a refusal a line takes it back, changes the subject, or argues. In these few lines the similarity to examples
recognises a push (20 of 24 lines written for it). Anywhere else in a talk it could not.
"""

import re
from collections.abc import Iterable
from functools import cache

from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.turns import Turn
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading import stances
from rplay.agents.rehearsal.reading.types import Act

_REMEMBERED = 4  # lines after a refusal in which the advisor may argue again
# By how much nearer to a push than to anything else a line must be: right after a refusal, and in the lines after that.
_AT_ONCE, _LATER = 0.02, 0.12
BROKEN = 0.6  # confidence from which a breach in a line is one that the client would refuse
_REFUSALS = ("breach.wont", "press.back_off")
_ARGUES = re.compile(
    r"\b(?:nobody|no one|noone|anyone|anybody|everybody|everyone)\b"
    r"|\b(?:not|isn't|hardly|nothing) (?:\w+ )?(?:illegal|wrong|a (?:crime|big deal|problem)|forbidden|against|as if)\b"
    r"|\b(?:just|only) (?:this once|between us|happened to)\b"
    r"|\b(?:trust me|come on|no harm|happens all|we can forget|put it another way|just sign|the only one|a formality"
    r"|what's the harm|free hand|it's (?:fine|common|normal|routine))\b"
)
_LETS_GO = re.compile(
    r"\b(?:you're right|forget i|forget that i|i take (?:it|that) back|shouldn't have|won't do (?:it|that)|sorry|"
    r"by the book|do it (?:properly|right|honestly)|the honest way|exactly as it is|what's true|truthful\w*|"
    r"nothing blank|no blanks|(?:put|write) down everything|(?:we'll|we will|i'll) state (?:it|that)\b|"
    r"(?:bad|poor|wrong|stupid|dumb) idea|point taken|rather lose|we(?:'ll)? (?:disclose|list|report|declare|"
    r"answer) )\b"
)


def argues_again(moment: Moment) -> bool:
    """Return whether the line argues for what the client refused in one of the last lines."""
    since = _since_refusal(moment)
    if since is None or moment.does(*_NO_PUSH) or takes_back(moment.turn):
        return False
    text = bare(moment.reading.text)
    if since == 1 and _ARGUES.search(text):
        return True
    if moment.reading.breaches and since == 1:
        return True
    told = [one.text for one in moment.reading.sentences if one.asks not in _ASKS]
    return bool(told) and _push(told) >= (_AT_ONCE if since == 1 else _LATER)


_NO_PUSH: tuple[Act, ...] = ("goodbye", "apologise", "empathise", "summarise", "reflect", "agenda")
_ASKS = frozenset({"life", "story", "detail", "advisor", "opinion", "permission"})


def _push(told: Iterable[str]) -> float:
    return max((stances.pushes(text) for text in told if len(text.split()) > 2), default=-1.0)


def takes_back(turn: Turn) -> bool:
    text = bare(turn.reading.text)
    return bool(_LETS_GO.search(text)) or any(stances.takes_back(one.text) for one in turn.reading.sentences)


def _since_refusal(moment: Moment) -> int | None:
    """Return how many lines ago the client last refused something that was not taken back since; None if there is
    nothing."""
    for back in range(1, min(_REMEMBERED, moment.number) + 1):
        turn = moment.turns[-1 - back]
        if refused(turn):
            return back
        if takes_back(turn):
            return None
    return None


def refused(turn: Turn) -> bool:
    """Return whether the client refused this line."""
    broken = any(one.confidence >= BROKEN for one in turn.reading.breaches)
    return bool(turn.answer) and (broken or any(bare(one) in _said_in_refusal() for one in turn.answer))


@cache
def _said_in_refusal() -> frozenset[str]:
    said = [way for key in _REFUSALS for way in table("wording")[key.split(".")[0]][key.split(".")[1]]]
    said += [way for one in table("wary").values() for way in one["says"]]
    return _said_to_pushes() | frozenset(bare(one) for way in said for one in sentences(way))


def argued(turn: Turn) -> bool:
    """Return whether the client took this line for a push."""
    return any(bare(one) in _said_to_pushes() for one in turn.answer)


@cache
def _said_to_pushes() -> frozenset[str]:
    breach = table("wording")["breach"]
    led = (
        f"{lead}{act}{rest}"
        for lead, _, rest in (way.partition("{act}") for way in breach["still_no_to"])
        for acts in table("wording")["act"].values()
        for act in acts
    )
    whole = (*breach["still_no"], *breach["firm"], *led)
    return frozenset(bare(sentences(one)[-1]) for one in whole)


def refusals(moment: Moment) -> int:
    """Return how often the client has refused in this talk."""
    return sum(map(refused, moment.turns[:-1]))
