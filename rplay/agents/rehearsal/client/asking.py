"""Extracts the words of a question: without what people say before and after it, and with its condition separate."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from rplay.agents.rehearsal.client.inflection import AUXILIARIES
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.words import bare

ASKING_WORDS = ("what", "how", "when", "where", "who", "whom", "whose", "which", "why")
_CONTRACTED = {
    "what's": "what is", "who's": "who is", "how's": "how is", "where's": "where is", "when's": "when is",
    "why's": "why is", "which's": "which is", "what're": "what are", "who're": "who are", "where're": "where are",
    "what'd": "what did", "how'd": "how did", "who'd": "who would", "where'd": "where did", "why'd": "why did",
    "what've": "what have", "what'll": "what will", "who'll": "who will", "that's": "that is", "there's": "there is",
    "it's": "it is", "he's": "he is", "she's": "she is", "you've": "you have", "you're": "you are",
    "they've": "they have", "they're": "they are", "we've": "we have",
}  # fmt: skip


@cache
def expressions(kind: str) -> str:
    """Return all expressions of this kind as one pattern."""
    return "|".join(str(table("asking")[kind]).strip().splitlines())


_OPENS = re.compile(rf"(?:(?:{expressions('opens')}) )+")
_TELLS = re.compile(
    rf"(?:{expressions('tells')})(?: (?:{expressions('tells_on')}))* "
    rf"(?=(?:{'|'.join(ASKING_WORDS)}|if|whether)\b)"
)
_ENDS = re.compile(rf" (?:{expressions('ends')})$")
_ASIDE = re.compile(rf"(?<=\w) (?:{expressions('asides')})\b.*$")
# Not a guess, but part of the question, as in `what do you think about it`.
_GUESSES = re.compile(rf"(?<=\w) (?:{expressions('guesses')})\b(?: that\b)?(?! (?:about|of|when|if|like|to)\b)")
_THINKS = re.compile(r"(?:what|how) do you \w+$")
_REWRITTEN: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(
        r"^(?:for )?what(?:'s| is| was)? (?:the )?reasons?(?: for that)?(?: that| why)? "
        r"(?=did|do|does|are|is|was|were|have|has|would)"
    ), "why "),
    (re.compile(r"^then what$"), "what happened then"),
    (re.compile(r"^what(?:'s| is) more important (?:to you |for you )?(?=.+ or )"), "is it "),
    (re.compile(r"^((?:what|how|when|where|who|why) (?:\w+ )?(?:you|he|she|they|we))'d "), r"\1 would "),
    (re.compile(r"^would you say (?:that )?you(?:'re| are) "), "are you "),
    (re.compile(r"^would you say (?:that )?(?=you )"), "do you think "),
    (re.compile(r" or$"), ""),
    # A subject before the question, as in `your brother does he work` and `your agent how long have you been with
    # them`.
    (re.compile(
        r"^((?:your|the|that|those|this) (?:\w+ ){1,3}?)(does|do|is|are|has|have|did|was|were|would|can|will) "
        r"(?:he|she|it|they)\b"
    ), r"\2 \1"),
    (re.compile(
        r"^(?:your|the|that|those|this) (?:\w+ ){1,3}?(?=(?:what|how|when|where|who|why)"
        r"(?: (?:long|much|many|often|old))? (?:does|do|is|are|has|have|did|was|were|would|will)\b)"
    ), ""),
    (re.compile(r" or (?:something|anything|somewhere|someone|somebody|whatever)(?: like that)?\b"), ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Core:
    """The words of a question. `embedded` means the word order of a statement (`tell me how you did it`); `guess` means
    that it asks for an opinion."""

    words: tuple[str, ...]
    embedded: bool = False
    guess: bool = False
    condition: str = ""


def core(question: str, first_name: str) -> Core:
    name = first_name.lower()
    stripped = _stripped(_ASIDE.sub("", bare(question)), name)
    text, condition = _without_condition(stripped.split())
    return replace(_core(text, name), condition=condition)


def _stripped(text: str, name: str) -> str:
    """Return the text without the words before the question, and without the client's name."""
    before, text = "", f"{text} "
    while before != text:
        before = text
        text = text[hit.end() :] if (hit := _OPENS.match(text)) else text
        text = text.removeprefix(f"{name} ") if name else text
    return text.strip()


def _core(text: str, name: str) -> Core:
    embedded = False
    while hit := _TELLS.match(text := _stripped(text, name)):
        text, embedded = text[hit.end() :], True
    for pattern, instead in _REWRITTEN:
        text = " ".join(pattern.sub(instead, text).split())
    while (cut := _ENDS.sub("", text.removesuffix(f" {name}"))) != text:
        text = cut
    guess = _GUESSES.search(text) if text.startswith(ASKING_WORDS) and not _THINKS.fullmatch(text) else None
    if guess is None:
        return Core(_spread(text), embedded)
    before, behind = text[: guess.start()], text[guess.end() :]
    stated = bool(behind) and not any(word in AUXILIARIES for word in _spread(before)[1:])
    return Core(_spread(before + behind), embedded or stated, guess=True)


_HAPPENED = frozenset({"been", "changed", "happened", "gone", "worked", "helped", "kept", "gotten"})


def _spread(text: str) -> tuple[str, ...]:
    """Return the words, with `what's` as two words and without `please`."""
    first, _, rest = text.partition(" ")
    has = first.endswith("'s") and rest.split(" ", 1)[0] in _HAPPENED
    spread = f"{first[:-2]} has {rest}" if has else f"{_CONTRACTED.get(first, first)} {rest}"
    return tuple(word for word in spread.split() if word not in ("exactly", "please", "specifically"))


# Conditions, as in `if the car broke down what would you do`

_SUPPOSES = ("if", "suppose", "supposing", "say", "imagine", "assuming", "when", "once")
_INVERTS = re.compile(expressions("inverts"))
_BEHIND = re.compile(r"(.*\b(?:would|will|do|could|happens|how'd|what'd)\b.*?) if (.+)$")


def _without_condition(words: Sequence[str]) -> tuple[str, str]:
    text = " ".join(words)
    if words and words[0] in _SUPPOSES and not (words[0] == "when" and words[1:2] and words[1] in AUXILIARIES):
        starts = (hit.end() for hit in re.finditer(r" (?=\w)", text))
        if start := next((at for at in starts if _INVERTS.match(text[at:])), 0):
            supposed = "" if words[0] in ("when", "once") else text[:start].partition(" ")[2].strip()
            return text[start:], supposed
    if text.startswith(ASKING_WORDS) and (hit := _BEHIND.match(text)):
        return hit[1], hit[2]
    return text, ""
