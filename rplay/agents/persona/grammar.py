"""Small helpers for English grammar: articles, lists, numbers and verbs."""

import re
from collections.abc import Iterable
from functools import cache

from rplay.agents.persona.names import sex_of
from rplay.agents.persona.tables import table

_TITLE = re.compile(r"^[A-Z][a-z'’]*(?:-[a-z]+)?$")
_WORDS_TOO = frozenset({
    "Will", "Bill", "Rich", "Mark", "Grant", "Rose", "Hope", "Faith", "Frank", "Dean", "Guy", "Rob", "Penny", "Summer",
    "Dawn", "Joy", "Ray",
})  # fmt: skip
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(str(table("grammar")[kind]).split())


def is_of(kind: str, word: str) -> bool:
    return word.lower() in _words(kind)


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text with its first letter in lower case, unless it begins with a name or an abbreviation."""
    first, _, rest = text.partition(" ")
    bare = first.rstrip(",:;")
    if (
        (sex_of(bare.removesuffix("'s")) and bare not in _WORDS_TOO)
        or not _TITLE.match(bare)
        or is_of("proper", bare)
        or (rest and rest.split()[0] in {"Security", "IRA", "York"})
    ):
        return text
    return text[:1].lower() + text[1:]


def lower_title(text: str) -> str:
    """Return a job title in lower case, without changing the employer: `registered nurse at Mercy Hospital`."""
    place = re.search(r" (?:at|for|with|in|on|near|outside|from|by) |,| \(", text)
    cut = place.start() if place else len(text)
    head = _NAMES.sub(lambda hit: hit[0].replace(" ", _JOINED), text[:cut])
    words = (word if _JOINED in word or _is_owner(word) else lower_first(word) for word in head.split(" "))
    return " ".join(words).replace(_JOINED, " ") + text[cut:]


_JOINED = "\u2060"
# Names of several words, which keep their capitals inside a sentence.
_NAMES = re.compile(
    r"\b(?:Thrift Savings Plan|Farm Credit|Coast Guard|Air Force|National Guard|Social Security|Marine Corps"
    r"|[A-Z]\w+ (?:River|Lake|Bay|Springs|County))\b"
)


def _is_owner(word: str) -> bool:
    """Return whether the word is a name that owns something: `Bastien's` is, `Lawyer's` is not."""
    return bool(re.fullmatch(r"[A-Z][\w-]+['’]s", word)) and not is_of("owners", word[:-2])


def sentence(text: str) -> str:
    """Return the text with a capital at the start and a punctuation mark at the end."""
    text = upper_first(text.strip())
    return text if not text or text[-1] in ".!?…" else f"{text}."


def listed(items: Iterable[str]) -> str:
    """Return the items as `a, b and c`."""
    parts = list(items)
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def count(number: int) -> str:
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else str(number)


def years(number: int) -> str:
    """Return a number of years in words, such as `one year` or `11 years`."""
    return "one year" if number == 1 else f"{count(number)} years"


def dollars(amount: float) -> str:
    return f"${amount:,.0f}"


def rounded(amount: float) -> int:
    """Return a sum rounded as people say it: to two digits, or to three from 10,000 on."""
    size = max(0, len(str(int(abs(amount)))) - (2 if amount < 10_000 else 3))
    return int(round(amount / 10**size) * 10**size)


def article(noun: str) -> str:
    """Return the noun with `a` or `an`, unless it has a determiner already."""
    first = noun.split(" ", 1)[0]
    if re.match(r"\d{3}\(", first):
        return f"a {noun}"
    if is_of("determiners", first) or (first[:1].isdigit() and first != "911"):
        return noun
    return f"{'an' if _sounds_like_vowel(first) else 'a'} {noun}"


def _sounds_like_vowel(word: str) -> bool:
    """Return whether the word takes `an`: `hour` does, `university` does not, and `HR` does because it is
    spelled out."""
    if re.match(r"[A-Z]{2,}\b", word) and word not in ("SEP", "SIMPLE", "ROTH", "NASDAQ", "LLC"):
        return word[0] in "AEFHILMNORSX"
    low = word.lower()
    return bool(re.match(r"[aeio]|u(?!ni|s[aeiu]|ti|k)|hono|hour|heir", low)) and not re.match(r"one|once|eu", low)


def base(verb: str) -> str:
    """Return the form of a verb after `I`: `worries` becomes `worry`."""
    low = verb.lower()
    irregular: dict[str, str] = table("grammar")["irregular"]
    if low in irregular:
        return irregular[low]
    if low.endswith("ies"):
        return low[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|z)es$", low):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low
