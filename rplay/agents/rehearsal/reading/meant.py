"""Which rule of the trade a line breaks, by what the whole line means.

What breaks a rule is often said in two sentences, each of them harmless, among others that are, so that the line is
read as a whole, as the model was taught it: without marks, so that speech is heard like text. A longer line is read
in stretches of whole sentences. That is one run of the model a line; sentence by sentence, each with the next and
as a whole, it was four, and no better.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.cuts import spoken_pieces
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
MOST_WORDS, FEWEST_WORDS = 60, 9
_MOST = 20  # stretches of a line
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Meant:
    """`strength` is how much likelier the line breaks some rule than none, as a logarithm."""

    rule: str
    strength: float
    stretch: str

    @property
    def quote(self) -> str:
        """The sentence that proves most of it."""
        pieces = [piece for one in sentences(self.stretch) for piece in spoken_pieces(one)]
        return max(pieces, key=lambda piece: meaning.broken(bare(piece))[self.rule]) if pieces[1:] else self.stretch


@lru_cache(maxsize=4096)
def meant(line: str) -> Meant | None:
    """None where meaning is off or there is too little to go by."""
    found = [_meant(one) for one in _stretches(line)] if meaning.on() else []
    return max(found, key=lambda one: one.strength, default=None)


def _meant(stretch: str) -> Meant:
    shares = meaning.broken(bare(stretch))
    family = max(FAMILIES, key=lambda those: sum(shares[rule] for rule in those))
    rule = max(family, key=lambda one: shares[one])
    return Meant(rule, log(max(1 - shares["none"], _LEAST) / max(shares["none"], _LEAST)), stretch)


def _stretches(line: str) -> Iterator[str]:
    """Yield the line in stretches of sentences that are not too long for the model, without those that are too short
    to break a rule."""
    said: list[str] = []
    for one in (*_pieces(line), None):
        if said and (one is None or _length(" ".join([*said, one])) > MOST_WORDS):
            if _length(stretch := " ".join(said)) >= FEWEST_WORDS:
                yield stretch
            said = []
        said += [one] if one else []


def _pieces(line: str) -> Sequence[str]:
    """Return the sentences, cut further where they are too long to be read at once; the line as it is if it is not."""
    if _length(line) <= MOST_WORDS:
        return [line]
    cut = (spoken_pieces(one) if _length(one) > MOST_WORDS else [one] for one in sentences(line))
    return [piece for pieces in cut for piece in pieces][:_MOST]


def _length(text: str) -> int:
    return len(bare(text).split())
