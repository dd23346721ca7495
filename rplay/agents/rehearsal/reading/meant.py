"""Which rule of the trade a whole line breaks, by what its sentences mean.

What breaks a rule is often said in two sentences, each of them harmless, and sounds like several related rules at once.
So each sentence, each with the one after it, and the line as a whole are asked, and the likelihood of related rules is
added up. Of lines nobody taught, where two honest ones of 820 are above the threshold, 64 of 72 breaches are heard; by
the likeliest sentence alone 34.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from math import log
from statistics import fmean

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.cuts import marked, spoken_pieces
from rplay.agents.rehearsal.reading.text import bare, sentences

# Rules that one line easily sounds like at once.
FAMILIES = (
    ("guaranteed-returns", "no-risk", "misrepresentation", "loss-sharing"),
    ("pressure",),
    ("false-application", "false-claim", "backdating", "blank-forms", "unauthorized"),
    ("money-to-advisor", "client-loan", "selling-away"),
    ("rebating", "conflict", "hidden-fees"),
    ("confidentiality", "inside-information", "secrecy"),
    ("unsuitable", "borrow-to-invest", "churning", "replacement"),
    ("false-title", "unlicensed-advice", "tax-evasion"),
    ("disparagement", "discrimination"),
)
MOST_WORDS, FEWEST_WORDS = 60, 6
_MOST = 60  # parts of a line
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Meant:
    """`strength` is how much likelier the rules of one family are than none, as a logarithm."""

    rule: str
    strength: float
    quote: str


@lru_cache(maxsize=4096)
def meant(line: str) -> Meant | None:
    """None where meaning is off or there is too little to go by."""
    single = _sentences(line)
    texts = list(islice(_parts(line, single), _MOST)) if meaning.on() else []
    if not texts:
        return None
    found = [meaning.broken(text) for text in texts]
    weights = [len(text.split()) for text in texts]
    none = fmean((one["none"] for one in found), weights)
    most, family = max((_likely(found, weights, those), those) for those in FAMILIES)
    rule = max(family, key=lambda one: fmean((shares[one] for shares in found), weights))
    return Meant(rule, log(max(most, _LEAST) / max(none, _LEAST)), _quote(single, rule))


def _sentences(line: str) -> list[str]:
    """Return the sentences of the line. Speech without marks is cut first: the model was taught single sentences, and
    accused 7 of 40 good talks of what it heard in several at once."""
    whole = sentences(line)
    return list(whole) if marked(line) else [piece for one in whole for piece in spoken_pieces(one)]


def _likely(found: Sequence[Mapping[str, float]], weights: Sequence[int], family: Sequence[str]) -> float:
    """How likely a family is on the whole, and where it is likeliest."""
    shares = [sum(one[rule] for rule in family) for one in found]
    return (fmean(shares, weights) + max(shares)) / 2


def _parts(line: str, single: Sequence[str]) -> Iterator[str]:
    both = (f"{one} {other}" for one, other in pairwise(single))
    for part in (*single, *both, *([line] if len(single) > 2 and marked(line) else [])):
        if FEWEST_WORDS <= len((text := bare(part)).split()) <= MOST_WORDS:
            yield text


def _quote(single: Sequence[str], rule: str) -> str:
    """The sentence that proves most of it."""

    return max(single, key=lambda piece: meaning.broken(bare(piece))[rule])
