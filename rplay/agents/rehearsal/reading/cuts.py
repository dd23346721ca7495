"""Where a sentence ends that was spoken: a machine writes down `so that runs on your paycheck how does that feel`.

What words stand on both sides of a place says how likely one ends there; it is learned from talks with marks
(`python -m bench.practice.cutting`). Of the questions that begin within unmarked speech 49 % were found by rules alone
and 72 % with it, on talks kept aside.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import orjson

from rplay.agents.rehearsal.reading.tables import FOLDER

WEIGHTS = FOLDER / "examples" / "cuts.json"
_SHORTEST = 7  # words of unmarked speech that may be more than one sentence
_MARKED = re.compile(r"[,;:.?!…](?!\d)|\s[-–—]\s")
_END = re.compile(r"[.?!;:]+[\"')]*$")
_WORDS_AN_END = 16  # a line with fewer marks was written without them
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
_FAR = 12  # words since the last end, beyond which it makes no difference


def marked(line: str) -> bool:
    """Whether a line was written with marks between its sentences."""
    said = line.split()
    return sum(bool(_END.search(one)) for one in said) * _WORDS_AN_END >= len(said)


def spoken_pieces(sentence: str) -> list[str]:
    """The sentences of unmarked speech, word for word; the sentence itself where it has marks or is short."""
    spoken = sentence.rstrip(" .?!").split()
    if len(spoken) < _SHORTEST or _MARKED.search(sentence.rstrip(" .?!")):
        return [sentence]
    starts = [0, *ends([word_of(one) for one in spoken]), len(spoken)]
    pieces = [" ".join(spoken[start:end]) for start, end in pairwise(starts)]
    return [*pieces[:-1], pieces[-1] + sentence[len(sentence.rstrip(" .?!")) :]]


def word_of(token: str) -> str:
    """A word as it is learned: figures are all the same."""
    plain = token.lower().replace("'", "").replace("’", "")
    return "#" if re.match(r"\$?\d", plain) else plain


def ends(words: Sequence[str]) -> Iterator[int]:
    """How many words stand before each end but the last."""
    weights, since = _weights(), 0
    for at in range(len(words) - 1):
        since += 1
        if sum(weights.get(sign, 0) for sign in signs(words, at, since)) > 0 and not _names(
            words[at - since + 1 :], since
        ):
            since = 0
            yield at + 1


def _names(words: Sequence[str], count: int) -> bool:
    """Whether the first words only name what is asked about: `how many head are you milking`."""
    return count < _NAMING and _CLASS.get(words[0]) == "W" and _CLASS.get(words[count]) == "A"


def signs(words: Sequence[str], at: int, since: int) -> list[str]:
    """What speaks for an end behind the word at this place."""
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
