"""Forms of English words: verbs by tense and person, pronouns, and text in the other person."""

import re
from collections.abc import Sequence
from functools import cache

from rplay.agents.rehearsal.client.tables import table

MODALS = frozenset({"would", "will", "can", "could", "should", "might", "may", "must"})
DO = frozenset({"do", "does", "did"})
BE = frozenset({"is", "are", "was", "were", "am"})
HAVE = frozenset({"have", "has", "had"})
AUXILIARIES = MODALS | DO | BE | HAVE

_TURNED = {
    "your": "my", "yours": "mine", "yourself": "myself", "yourselves": "ourselves", "i": "you", "me": "you",
    "my": "your", "mine": "yours", "myself": "yourself", "you're": "I'm", "you've": "I've", "you'd": "I'd",
    "you'll": "I'll", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "us": "you",
}  # fmt: skip
# Words before which `you` is a subject. After all others it is an object.
JOINS = frozenset({
    "if", "that", "when", "what", "how", "why", "where", "who", "which", "because", "since", "after", "before",
    "until", "while", "whether", "than", "as", "like", "and", "but", "think", "know", "once", "unless", "though", "so",
    "say", "says", "said", "feel", "hope", "wish", "believe", "guess", "sure",
})  # fmt: skip
_GROUPS = re.compile(r"\b(?:you two|you both|both of you|the two of you|you guys|you all)\b")


@cache
def words_of(kind: str) -> frozenset[str]:
    return frozenset(str(table("verbs")[kind]).split())


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    rows = (row.split() for row in str(table("verbs")["irregular"]).strip().splitlines())
    return {base: (past, participle) for base, past, participle in rows}


@cache
def _bases() -> dict[str, str]:
    """Return the base form of every past form and participle."""
    found = {form: base for base, forms in _irregular().items() for form in forms}
    return found | {past(base): base for base in words_of("regular")} | {"got": "get", "were": "be", "slept": "sleep"}


def is_base(word: str) -> bool:
    return word in _irregular() or word in words_of("regular")


def past(base: str) -> str:
    if base in _irregular():
        return _irregular()[base][0]
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    doubles = re.fullmatch(r"(?:[^aeiou]*[aeiou][bdgmnprt]|.*(?:fer|gret|mit)|program)", base)
    return f"{base}{base[-1]}ed" if doubles else f"{base}ed"


def participle(base: str) -> str:
    return _irregular()[base][1] if base in _irregular() else past(base)


def third(base: str) -> str:
    """Return the form of a verb after he, she or it."""
    if base in ("have", "be"):
        return {"have": "has", "be": "is"}[base]
    if re.search(r"(?:s|sh|ch|x|z|o)$", base):
        return f"{base}es"
    return f"{base[:-1]}ies" if re.search(r"[^aeiou]y$", base) else f"{base}s"


def base_of_past(word: str) -> str:
    """Return the base form of a past form or participle; empty if the word is none."""
    return _bases().get(word, "")


def base_of_third(word: str) -> str:
    """Return the base form of a verb such as `pays` or `carries`; empty if the word is no such form."""
    tries = (word[:-1], word[:-2], f"{word[:-3]}y" if word.endswith("ies") else "")
    return next((one for one in tries if is_base(one) and third(one) == word), "") if word.endswith("s") else ""


def is_participle(word: str) -> bool:
    base = base_of_past(word)
    return (bool(base) and participle(base) == word) or word in ("been", "got", "gotten")


def is_ing(word: str) -> bool:
    return len(word) > 4 and word.endswith("ing") and word not in words_of("nouns_in_ing")


# Text in the other person


def turned(words: Sequence[str]) -> list[str]:
    """Return the advisor's words as the client says them: `your wife told you` becomes `my wife told me`."""
    grouped = _GROUPS.sub("yall", " ".join(words)).split()
    found: list[str] = []
    for at, word in enumerate(grouped):
        found.append(_turned(word, grouped[at - 1] if at else "", grouped[at + 1] if at + 1 < len(grouped) else ""))
    return _agreeing(found)


def _turned(word: str, before: str, after: str) -> str:
    if word in ("you", "yall"):
        does = (before in JOINS or not _takes_object(before)) and _may_do(after)
        return {"you": ("me", "I"), "yall": ("us", "we")}[word][does]
    return _TURNED.get(word, word)


def _takes_object(word: str) -> bool:
    return (
        word in words_of("prepositions")
        or is_base(word)
        or bool(base_of_past(word) or base_of_third(word))
        or word == "x"
    )


def _may_do(word: str) -> bool:
    """Return whether a word can follow `I`."""
    return (
        word in AUXILIARIES or word in words_of("adverbs") or is_base(word) or bool(base_of_past(word))
        or word.endswith("n't") or is_ing(word) or word in ("not", "ever")
    )  # fmt: skip


_AGREES = {
    ("I", "are"): "am", ("I", "were"): "was", ("I", "aren't"): "am not", ("I", "weren't"): "wasn't",
    ("you", "am"): "are", ("you", "was"): "were",
}  # fmt: skip


def _agreeing(words: Sequence[str]) -> list[str]:
    return [_AGREES.get((words[at - 1] if at else "", word), word) for at, word in enumerate(words)]
