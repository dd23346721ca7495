"""The profile's own texts as short statements in the client's words. They are the truth, and come before anything made
up."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import orjson

from rplay.agents.persona import given, phrasing
from rplay.agents.persona.clauses import clauses
from rplay.agents.persona.first_person import first_person, fragment, story
from rplay.agents.persona.given import Given, Holding
from rplay.agents.persona.grammar import article, lower_first, sentence
from rplay.agents.persona.make import canonical

Source = Literal["background", "family", "work", "holding", "worry", "goal"]
_MOST = 40
SMALL = (
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|(?:twenty|thirty|forty|fifty)(?:-\w+)?|\d{1,2})"
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|spring|summer|fall|winter)"
)
TIME = re.compile(
    rf"\b(?:{SMALL} (?:days?|weeks?|months?|years?) (?:ago|later|earlier than planned|after the \w+)"
    rf"|(?:in|since|until|by|around|on|for) (?:the )?(?:early |late |last |this )?(?:{_MONTH}|(?:19|20)\d\d"
    rf"|end of (?:next|this|the) \w+)(?: \d{{4}})?|(?:last|this|next) (?:{_MONTH}|week|month|year|night)|at \d\d\b"
    rf"|when (?:(?!because)[^,.;])+|since (?:(?!because)[^,.;])+|in {SMALL} (?:weeks?|months?|years?)\b(?! ago)"
    r"|at the last \w+)",
    re.IGNORECASE,
)
SPAN = re.compile(
    rf"\b(?:for |after )?(?:about |almost |nearly |the last )?{SMALL} (?:days|weeks|months|years|nights|hours)\b"
    r"(?! (?:ago|later))|\bsince [^,.;]+|\ball my life\b",
    re.IGNORECASE,
)
SUM = re.compile(
    r"\$[\d,.]*\d(?: ?(?:a|per) (?:month|year))?|\b\d+(?:\.\d+)?(?:%| percent)|\bby a (?:third|half|quarter)\b"
)
REASON = re.compile(
    r"\b(because (?:of )?|over (?=undisclosed|fees|money)|so that |to (?=save|meet|stay|cover|pay|help|keep)"
    r"|(?<!days )(?<!weeks )(?<!months )(?<!years )after (?=an? |the ))([^,;.]+)",
    re.IGNORECASE,
)
OFTEN = re.compile(
    rf"\b(?:once|twice|{SMALL} (?:times|days|evenings|nights|hours)) (?:a|this|each|every|last) \w+\b|\beach week\w*",
    re.I,
)


@dataclass(frozen=True)
class Statement:
    """One sentence that the client can say, with its clauses."""

    text: str
    source: Source
    event: int  # sentences about the same event have the same number
    guarded: bool = False  # whether the client would rather not tell it

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """Parts of the sentence that can stand alone, each with a subject."""
        told = self.source in ("background", "family")
        return (clauses(self.text) if told else ()) or (self.text,)


@lru_cache(maxsize=128)
def _statements(canonical: bytes) -> tuple[Statement, ...]:
    return tuple(_told(_given(canonical)))[:_MOST]


@lru_cache(maxsize=128)
def _given(canonical: bytes) -> Given:
    return given.read(orjson.loads(canonical))


def given_of(profile: Mapping[str, Any]) -> Given:
    return _given(canonical(profile))


def statements_of(profile: Mapping[str, Any]) -> tuple[Statement, ...]:
    """Return what the profile's texts tell openly, without what the profile hides."""
    return _statements(canonical(profile))


def _told(read: Given) -> Iterator[Statement]:
    shy = [_telling(text) for text in read.objections if _SHY.search(text)]
    for event, text in enumerate(_background(read)):
        hidden = "told nobody" in text or any(len(_telling(text) & one) > 1 for one in shy)
        yield Statement(text, "background", event, guarded=hidden)
    for source, texts in (("family", _family(read)), ("work", _work(read)), ("holding", _holdings(read)),
                          ("worry", _worries(read)), ("goal", _goals(read))):  # fmt: skip
        for number, text in enumerate(texts):
            yield Statement(text, source, 100 + 20 * len(source) + number)  # type: ignore[arg-type]


_SHY = re.compile(
    r"(?i)\b(?:has told \w+ (?:he|she) (?:has|had)|asham|embarrass|guilt|hasn't told|has not told|doesn't want"
    r"|never told|secret|afraid)"
)


def _telling(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{4,}|\d{4}", text.lower())) - {"about", "told", "that", "with", "from", "have"}


def _background(read: Given) -> Iterator[str]:
    for whole in story(read.background, read.speaker):
        for piece in whole.split("; "):
            if len(piece.split()) > 1:
                yield sentence(piece.strip(" ."))


_KIN = (
    r"(?:(?:younger|older|elderly|late|aging) )?(?:mother|father|parents|brother|sister|roommate|grandson"
    r"|granddaughter|mother-in-law|father-in-law|aunt|uncle|niece|nephew|dogs?|cats?)"
)
_LIVES = re.compile(rf"(?:\b(?P<whose>his|her|their) )?\b(?P<kin>{_KIN})\b(?P<rest>[^;.]*)", re.IGNORECASE)
_PETS = re.compile(r"\b(?:one|a|an|two|her|his|their)? ?(dog|cat|pet|horse)s? \(([^)]{2,60})\)", re.IGNORECASE)


_SOME_PETS = re.compile(
    r"(?:and )?((?:(?:an?|one|two|three|four|five) )?(?:(?:old|young|big|small|rescue) )?(?:dogs?|cats?|horses?))",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"(?i)\bmarried|\b(?:wife|husband|partner|boyfriend|girlfriend|fianc)")


_SHARES = re.compile(
    r"(?:shares|rents with|lives alone|lives with (?!(?:his|her|their) (?:partner|wife|husband)|partner))",
    re.IGNORECASE,
)
_RAISES = re.compile(r"raises? (?:his |her |their )?(grand\w+ .+)", re.IGNORECASE)
_AHEAD = re.compile(
    r"(?:and |the )?(wedding|baby|(?:first|second|third) child) (?:is )?((?:due )?in (?:the )?\w+(?: \w+)?)$",
    re.IGNORECASE,
)


_MARRIAGE = re.compile(
    r"(?:divorced|separated|widowed|married) (?:\w+ )?(?:from \w+ )?(?:\(\d+\) )?(?:since|in|\w+ months|\w+ years)",
    re.IGNORECASE,
)


def _family(read: Given) -> Iterator[str]:
    """Yield sentences about people of the household other than partner and children, and about the end of a
    marriage."""
    for piece in re.split(r"[;,] (?![^()]*\))", read.family):
        if ahead := _AHEAD.match(piece):
            yield f"The {ahead[1].lower()} is {ahead[2]}."
        elif pets := _SOME_PETS.fullmatch(piece.strip(" .")):
            yield sentence(f"{'We' if _PAIRED.search(read.family) else 'I'}'ve got {article(pets[1].lower())}")
        elif pet := _PETS.search(piece):
            yield sentence(f"There's my {pet[1]}, {pet[2]}")
        elif raised := _RAISES.match(piece):
            ours = "We raise our" if re.search(r"(?i)\bmarried|\bpartner", read.family) else "I raise my"
            yield sentence(first_person(f"{ours} {raised[1]}", read.speaker))
        elif _SHARES.match(piece):
            shares = piece.replace("rents with", "shares a rental with")
            yield sentence(fragment(shares[0].upper() + shares[1:], read.speaker))
        elif hit := _LIVES.search(piece):
            lead = piece[: hit.start()].strip().lower()
            does = re.search(r"\b(?:lives?|shares?)\b", piece)
            rest = re.sub(r"\bwith them\b", "with us", hit["rest"])
            own = first_person(f"my {hit['kin'].lower()}{rest}", read.speaker)
            if lead.startswith(("lives with", "shares")):
                yield sentence(fragment(piece[0].upper() + piece[1:], read.speaker))
            elif does:
                yield sentence(re.sub(r"\blives (.*)\bsince\b", r"has lived \1since", own))
        elif _MARRIAGE.match(piece):
            plain = re.sub(r" \([^)]*\)", "", piece)
            yield sentence(fragment(plain[0].upper() + plain[1:], read.speaker))


def _work(read: Given) -> Iterator[str]:
    """Yield a sentence about a duration or year in the occupation, as in `(4 years)` or `(since 1994)`."""
    hit = re.search(r"\(([^)]*(?:\d+ years?|since \d{4}|opened \d{4})[^)]*)\)", read.occupation)
    if not hit:
        return
    over = read.occupation.lower().startswith("retired")
    if years := re.search(r"(\d+) years", hit[1]):
        yield f"I {'was' if over else chr(39) + 've been'} there for {years[1]} years.".replace("I '", "I'")
    elif since := re.search(r"(?:since|opened) (\d{4})", hit[1]):
        yield f"I've done that since {since[1]}."


def _holdings(read: Given) -> Iterator[str]:
    """Yield remarks on assets: from whom they came, whether they are tied up."""
    for one in read.assets or ():
        if note := _note(one):
            yield first_person(note, read.speaker)


_TIED = r"(?:still|half|not|paid|ends|due|in|let|vested)\b"


def _note(one: Holding) -> str:
    thing = lower_first(re.split(r" \(|:|, ", one.name)[0])
    if origin := re.search(r"\((from [^)]+)\)", one.text):
        return f"The {thing} came {origin[1]}."
    if share := re.search(r"\((about |around )?(\$[\d,]+) (in [^)]+)\)", one.text):
        return f"{sentence((share[1] or '') + share[2])[:-1]} of the {thing} is {share[3]}."
    if tail := re.search(rf"\$[\d,.]+,? ({_TIED}[^$]*)$", one.text):
        return f"The {thing} is {tail[1]}.".replace(" is ends ", " ends ")
    return ""


def _worries(read: Given) -> Iterator[str]:
    for number, text in enumerate(read.concerns):
        yield phrasing.worry(text, read.speaker, number)


def _goals(read: Given) -> Iterator[str]:
    for text in read.goals:
        deed, noun = phrasing.goal(text, read.speaker)
        yield sentence(
            f"I want to {deed}" if deed else f"I'd like {noun}" if noun[:1].islower() else f"It's about {noun}"
        )


# -- parts of a sentence -----------------------------------------------------------------------------------------------


_WHEN_IT = re.compile(
    r"\bwhen ((?:they|it|freight|work|orders|money|business|the \w+|my \w+) (?:was|were|fell|dropped|got|went"
    r"|ran|came|failed|stopped)[^,;.]*)"
)
_AN_AIM = 3  # a reason with no more words, such as `to meet it`, says nothing alone


def part(text: str, wanted: str) -> str:
    """Return the time, span, sum, frequency or reason in a sentence; empty if it has none."""
    if wanted == "why":
        hit = REASON.search(text)
        reason = f"{hit[1]}{hit[2]}".strip() if hit else ""
        if not hit and (when := _WHEN_IT.search(text)):
            return f"because {when[1]}"
        return reason if not reason.startswith("to ") or len(reason.split()) > _AN_AIM else ""
    pattern = {"when": TIME, "long": SPAN, "much": SUM, "often": OFTEN}.get(wanted)
    found = pattern.search(text) if pattern else None
    return found[0].strip() if found else ""
