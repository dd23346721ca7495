"""Finds the ends of sentences in speech: a machine writes down `so that runs on your paycheck how does that feel`.

The words on both sides of a place tell how likely a sentence ends there. This is learned from talks with punctuation
(`python -m bench.practice.cutting`). On talks that were not used for training, rules alone found 49 % of the questions
that begin within unpunctuated speech, and this finds 72 %.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import orjson

from rplay.agents.rehearsal.reading.tables import FOLDER

WEIGHTS = FOLDER / "examples" / "cuts.json"
_SHORTEST = 7  # unpunctuated speech with fewer words is one sentence
_MARKED = re.compile(r"[,;:.?!…](?!\d)|\s[-–—]\s")
_END = re.compile(r"[.?!;:]+[\"')]*$")
_WORDS_AN_END = 16  # a line with fewer than one end mark in this many words was written without punctuation
_CLASSES = {
    "W": "what whats when where who whos why how hows which",
    "A": "do does did are is was were have has had can could would will should am dont arent isnt havent didnt wont",
    "S": "i im ive id ill you youre youve youd we were weve well he hes she shes they theyre it its that thats this "
    "there theres heres lets",
    "O": "okay ok alright right so and but now great good thanks thank yeah yes no um uh hi hey sorry got fair sure or "
    "tell walk",
}  # fmt: skip
_CLASS = {word: name for name, listed in _CLASSES.items() for word in listed.split()}
_NAMING = 4
_FAR = 12  # from this many words since the last end on, the distance makes no difference


def marked(line: str) -> bool:
    """Return whether a line was written with punctuation between its sentences."""
    said = line.split()
    return sum(bool(_END.search(one)) for one in said) * _WORDS_AN_END >= len(said)


def spoken_pieces(sentence: str) -> list[str]:
    """Return the sentences of unpunctuated speech, word for word. A sentence that is punctuated or short is not
    split."""
    spoken = sentence.rstrip(" .?!").split()
    if len(spoken) < _SHORTEST or _MARKED.search(sentence.rstrip(" .?!")):
        return [sentence]
    starts = [0, *ends([word_of(one) for one in spoken]), len(spoken)]
    pieces = [" ".join(spoken[start:end]) for start, end in pairwise(starts)]
    return [*pieces[:-1], pieces[-1] + sentence[len(sentence.rstrip(" .?!")) :]]


def word_of(token: str) -> str:
    """Return the word in the form used for learning, in which all figures are the same."""
    plain = token.lower().replace("'", "").replace("’", "")
    return "#" if re.match(r"\$?\d", plain) else plain


def ends(words: Sequence[str]) -> Iterator[int]:
    """Yield the number of words before each end of a sentence, except the last end."""
    weights, since = _weights(), 0
    for at in range(len(words) - 1):
        since += 1
        if sum(weights.get(sign, 0) for sign in signs(words, at, since)) > 0 and not _names(
            words[at - since + 1 :], since
        ):
            since = 0
            yield at + 1


def _names(words: Sequence[str], count: int) -> bool:
    """Return whether the first words only name what is asked about, as in `how many head are you milking`."""
    return count < _NAMING and _CLASS.get(words[0]) == "W" and _CLASS.get(words[count]) == "A"


def signs(words: Sequence[str], at: int, since: int) -> list[str]:
    """Return the features that speak for or against a sentence end after the word at this index."""
    around = ["<", *words, ">", ">"]
    before, last, first, second, third = around[at : at + 5]
    classes = [_CLASS.get(word, "#" if word == "#" else "o") for word in (before, last, first, second, third)]
    since = min(since, _FAR)
    return [
        "", f"l {last}", f"f {first}", f"lf {last} {first}", f"fs {first} {second}", f"bl {before} {last}",
        f"c {''.join(classes[1:4])}", f"d {''.join(classes[:3])}", f"g {first} {classes[3]}", f"s {second}",
        f"h {first} {classes[3]}{classes[4]}", f"n {since // 2}", f"m {since // 3}{classes[2]}",
        f"k {last} {classes[2]}",
    ]  # fmt: skip


@cache
def _weights() -> dict[str, int]:
    found: dict[str, int] = orjson.loads(WEIGHTS.read_bytes())
    return found
