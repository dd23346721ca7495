"""Small grammar: articles, lists, numbers, and the first person in place of the third."""

import re
from collections.abc import Iterable
from functools import cache

from rplay.agents.persona.tables import table

_TITLE = re.compile(r"^[A-Z][a-z'’]*(?:-[a-z]+)?$")
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(str(table("grammar")[kind]).split())


def is_of(kind: str, word: str) -> bool:
    """Whether the word is one of this class of words."""
    return word.lower() in _words(kind)


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


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


def sentence(text: str) -> str:
    """With a capital and an end."""
    text = upper_first(text.strip())
    return text if not text or text[-1] in ".!?…" else f"{text}."


def listed(items: Iterable[str]) -> str:
    """`a, b and c`."""
    parts = list(items)
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def count(number: int) -> str:
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else str(number)


def years(number: int) -> str:
    """`one year`, `11 years`."""
    return "one year" if number == 1 else f"{count(number)} years"


def dollars(amount: float) -> str:
    return f"${amount:,.0f}"


def rounded(amount: float) -> int:
    """As people say a sum: two figures, or three from a thousand on, the rest noughts."""
    size = max(0, len(str(int(abs(amount)))) - (2 if amount < 10_000 else 3))
    return int(round(amount / 10**size) * 10**size)


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
    if re.match(r"[A-Z]{2,}\b", word) and word not in ("SEP", "SIMPLE", "ROTH", "NASDAQ", "LLC"):
        return word[0] in "AEFHILMNORSX"
    low = word.lower()
    return bool(re.match(r"[aeio]|u(?!ni|s[aeiu]|ti|k)|hono|hour|heir", low)) and not re.match(r"one|once|eu", low)


def base(verb: str) -> str:
    """`worries` as `worry`: the form that stands behind I."""
    low = verb.lower()
    irregular: dict[str, str] = table("grammar")["irregular"]
    if low in irregular:
        return irregular[low]
    if low.endswith("ies"):
        return low[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|z)es$", low):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low


def first_person(text: str, name: str = "", sex: str = "") -> str:
    """`She wants to retire, but her savings …` as `I want to retire, but my savings …`."""
    text = _of_others(text, name, sex)
    if name:
        text = re.sub(rf"\b{re.escape(name)}'s (?!been\b|got\b|an?\b|the\b|not\b|\w+ing\b)", "my ", text)
    subject = r"(?:he|she" + (rf"|{re.escape(name)}" if name else "") + r"|the client|client)"
    text = re.sub(rf"\b{subject}(?: has|'s) (?=\w+(?:ed|en|ne|nt|lt|ad)\b)", "I've ", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b{subject}(?: is|'s)\b", "I'm", text, flags=re.IGNORECASE)
    text = re.sub(
        rf"\b{subject} ((?:\w+ly )?)(\w+)", lambda hit: f"I {hit[1]}{base(hit[2])}", text, flags=re.IGNORECASE
    )
    text = re.sub(
        r"(?<=\bI\b)(.{0,80}?)\b(and|but|or) "
        r"(is|has|wants|needs|works|worries|feels|thinks|owns|hopes|plans|lives|does)\b",
        lambda hit: f"{hit[1]}{hit[2]} {base(hit[3])}",
        text,
    )
    text = (
        text
        if re.match(r"(?:An?|The) ", text)
        else re.sub(
            r"\b(with|to|ask|tell|by|for) (?:the )?(?=(?:husband|wife|spouse|partner|family|kids|children)\b)",
            r"\1 my ",
            text,
        )
    )
    text = re.sub(r"\bof (?:his|hers)\b(?= (?:died|was|had|got|told|who|lost|left)\b|[,.]|$)", "of mine", text)
    text = re.sub(r"\bher(?= (?:the|an?|because|when|since|and|to|for|in|on|with)\b)", "me", text)
    text = re.sub(r"\b(?:his|her|their|your)\b(?= \w)", "my", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:himself|herself|themselves|themself)\b", "myself", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:him|her)\b", "me", text)
    return text.replace(_KEPT, "")


_KEPT = "\u2060"  # stands in a word that is another person's
_OTHERS_OWN = re.compile(r"^(?P<who>[A-Z][a-z]+) (?P<does>\w+(?:ed|t|s)|is|was|has|had) (?P<whose>his|her)\b(?= \w)")


_NOT_MINE = {
    "f": re.compile(r"\b(h)(e|is|im|imself)\b", re.IGNORECASE),
    "m": re.compile(r"\b(s|h)(he|er|ers|erself)\b", re.IGNORECASE),
}


def _of_others(text: str, name: str, sex: str) -> str:
    """`Doug skipped his taxes`: the taxes are Doug's; what is his is no woman's own."""
    if sex:
        text = _NOT_MINE[sex].sub(rf"\1{_KEPT}\2", text)
    hit = _OTHERS_OWN.match(text)
    if not hit or hit["who"].lower() in {name.lower(), "he", "she", "client", "they", "his", "her"} or not name:
        return text
    start = hit.start("whose")
    return f"{text[: start + 1]}{_KEPT}{text[start + 1 :]}"
