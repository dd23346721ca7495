"""Small grammar: articles, capitals, and the first person in place of the third."""

import re
from functools import cache

from rplay.agents.rehearsal.tables import table

_TITLE = re.compile(r"^[A-Z][a-z'’]*(?:-[a-z]+)?$")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(" ".join(table("speech")[kind]).split())


def is_of(kind: str, word: str) -> bool:
    """Whether the word is one of this class of words."""
    return word.lower() in _words(kind)


def lower_first(text: str) -> str:
    """Lower case at the start, unless the word is a name or an abbreviation."""
    first, _, rest = text.partition(" ")
    bare = first.rstrip(",:;")
    if not _TITLE.match(bare) or is_of("proper", bare) or (rest and rest.split()[0] in {"Security", "IRA", "York"}):
        return text
    return text[:1].lower() + text[1:]


def lower_title(text: str) -> str:
    """`Registered Nurse at Mercy Hospital` as `registered nurse at Mercy Hospital`."""
    place = re.search(r" (?:at|for|with) |,| \(", text)
    cut = place.start() if place else len(text)
    return " ".join(lower_first(word) for word in text[:cut].split(" ")) + text[cut:]


def article(noun: str) -> str:
    """With `a` or `an`, unless it has a determiner already."""
    first = noun.split(" ", 1)[0]
    if re.match(r"\d{3}\(", first):
        return f"a {noun}"
    if is_of("determiners", first) or first[:1].isdigit():
        return noun
    return f"{'an' if _sounds_like_vowel(first) else 'a'} {noun}"


def _sounds_like_vowel(word: str) -> bool:
    """`hour` does, `university` does not, and `HR` does as it is spelled out."""
    if re.match(r"[A-Z]{2,}", word):
        return word[0] in "AEFHILMNORSX"
    low = word.lower()
    return bool(re.match(r"[aeio]|u(?!ni|s[aeiu]|ti|k)|hono|hour|heir", low)) and not re.match(r"one|once|eu", low)


def first_person(text: str, name: str = "") -> str:
    """`She wants to retire, but her savings …` as `I want to retire, but my savings …`."""
    subject = r"(?:he|she" + (rf"|{re.escape(name)}" if name else "") + r"|the client|client)"
    text = re.sub(rf"\b{subject}(?: has|'s) (?=\w+(?:ed|en|ne|nt|lt|ad)\b)", "I've ", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b{subject}(?: is|'s)\b", "I'm", text, flags=re.IGNORECASE)
    text = re.sub(
        rf"\b{subject} ((?:\w+ly )?)(\w+)", lambda hit: f"I {hit[1]}{base(hit[2])}", text, flags=re.IGNORECASE
    )
    text = re.sub(
        r"\b(and|but|or) (is|has|wants|needs|works|worries|feels|thinks|owns|hopes|plans|lives)\b",
        lambda hit: f"{hit[1]} {_be(base(hit[2]))}",
        text,
    )
    text = re.sub(r"\bdiscuss with\b", "discuss it with", text)
    text = re.sub(
        r"\b(with|to|ask|tell|by) (?=(?:husband|wife|spouse|partner|family|kids|children)\b)", r"\1 my ", text
    )
    text = re.sub(r"\b(?:his|her|their)\b(?= \w)", "my", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:himself|herself|themselves|themself)\b", "myself", text, flags=re.IGNORECASE)
    return re.sub(r"\b(?:him|her)\b", "me", text)


def _be(verb: str) -> str:
    return "am" if verb == "is" else verb


def base(verb: str) -> str:
    """`worries` as `worry`: the form that stands behind I."""
    irregular = {
        "has": "have",
        "is": "am",
        "does": "do",
        "doesn't": "don't",
        "isn't": "am not",
        "goes": "go",
        "was": "was",
        "hasn't": "haven't",
        "wasn't": "wasn't",
    }
    low = verb.lower()
    if low in irregular:
        return irregular[low]
    if low.endswith("ies"):
        return low[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|z)es$", low):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low
