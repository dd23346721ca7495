"""How a sentence relates to what the client said: it pushes, takes back, moves on, belittles or is harmless."""

import re
from collections.abc import Mapping

from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.rehearsal.reading.types import Sentence

# How near a sentence must come to the belittling examples, and by how much nearer than to harmless ones. Of 1,500
# sentences of known talks 8 reach this, 7 of them rightly.
_BELITTLES, _AHEAD = 0.62, 0.28
_VERY, _AHEAD_THEN = 0.75, 0.2
_TAKEN_BACK = 0.55
_NO_HARM = 0.1
_TALKS_DOWN = re.compile(
    r"\b(?:i )?bet you(?:'ve| have)? (?:don't|never|haven't|didn't|can't)\b|\byou people\b|\bbless your heart\b|"
    r"\bdon't sugarcoat\b|\bspare me\b|^that's (?:cute|adorable)\b"
)


def stances(text: str) -> Mapping[str, float]:
    return {label[0]: score for label, score in nearness("stances", text).items()}


def belittles(sentence: Sentence) -> bool:
    if _TALKS_DOWN.search(bare(sentence.text)):
        return True
    if sentence.question or sentence.act in _CARES:
        return False
    near = stances(sentence.text)
    harmless = max(near[one] for one in ("plain", "moves_on", "lets_go"))
    ahead = _AHEAD if near["belittle"] < _VERY else _AHEAD_THEN
    return near["belittle"] >= _BELITTLES and near["belittle"] - harmless >= ahead


_CARES = frozenset({"empathise", "reflect", "normalise", "apologise", "thank", "goodbye", "summarise"})


def means_no_harm(text: str) -> bool:
    """Return whether the sentence is at most careless, like `And debts or whatever`."""
    near = stances(text)
    return max(near["plain"], near["moves_on"]) - near["belittle"] >= _NO_HARM


def takes_back(text: str) -> bool:
    return stances(text)["lets_go"] >= _TAKEN_BACK


def pushes(text: str) -> float:
    """Return how much nearer a sentence is to a push than to anything else."""
    near = stances(text)
    return near["push"] - max(near[other] for other in ("lets_go", "moves_on", "plain"))
