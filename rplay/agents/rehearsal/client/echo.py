"""Repeats the advisor's words from the client's side: what the advisor offers, speaks of, or thinks that the client
feels.

A text that cannot be parsed cleanly gives None or an empty text, because no echo is better than a broken one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rplay.agents.rehearsal.client.inflection import JOINS, turned
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.reading.text import plain

Who = Literal["you", "we", "I"]
_LONGEST = 12  # limit in words for an echo
_TOKEN = re.compile(r"[\w'$%.,/-]*[\w'%$]|[^\w\s]")
# `our next meeting` is the client's too, `our growth portfolio` is not.
_OURS = re.compile(r"\bour (?!(?:next |first |last )?(?:meeting|talk|call|appointment|conversation|time|chat)\b)")


def echoed(words: str, names: Iterable[str] = ()) -> str:
    """Return the advisor's plain words as the client says them: `email you about your claim` becomes `email me about my
    claim`."""
    return named(_OURS.sub("your ", " ".join(turned(words.split()))), names)


def named(text: str, names: Iterable[str]) -> str:
    """Return the text with the names in their own spelling."""
    for name in names:
        text = re.sub(rf"\b{re.escape(name)}\b", name, text, flags=re.IGNORECASE)
    return text


_ALWAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Roth", "IRA", "HSA", "CD",
           "LLC", "Medicare", "Social Security", "ETF", "CPA", "SEP")  # fmt: skip


@lru_cache(maxsize=1024)
def names_in(line: str) -> tuple[str, ...]:
    """Return the capitalised words within the line's sentences, and words that always have a capital."""
    inside = re.findall(r"(?<=[a-z,] )[A-Z][\w'’-]*", line)
    return (*dict.fromkeys(one for one in inside if one.split("'")[0] != "I"), *_ALWAYS)


# Offers


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer, as the client says it: `does` is a verb with its complements, or `thing` a noun or a form in -ing."""

    who: Who
    does: str = ""
    thing: str = ""


_I_DO = (
    r"(?:what i(?:'ll| will) do is (?:i'll |i will )?|what i(?:'d| would) (?:like to |want to )?do is |i'll|i will|"
    r"i am going to|i'm going to|i can|i could|i(?:'d| would) (?:be happy|be glad|like|love|want|prefer) to|i want to|"
    r"i plan to|let me|(?:okay|all right|alright|fine) to|(?:okay|all right|alright|fine|mind|cool|good) if i|"
    r"(?:may|can|could|should|shall|might) i|"
    r"(?:do|would) you (?:want|like) me to|i(?:'d| would)(?! (?:look at|go with|start with|consider|recommend|"
    r"suggest|propose|lean|say))|ill|"
    r"(?<=propose: )i|(?<=suggest: )i|(?<=do: )i|(?<=proposing: )i)"
)
_WE_DO = (
    r"(?:let's|we'll|we will|we can|we could|we'd|we would|we should|we might(?: want to)?|we may want to|"
    r"we need to|how about we|why don't we|could we|can we|shall we|should we|i(?:'d| would) (?:suggest|propose) we|"
    r"i(?:'d| would) like us to|suppose we|my (?:recommendation|suggestion|advice|idea) (?:is|would be) to|"
    r"we're going to|if we|what if we)"
)
_YOU_DO = (
    r"(?:(?:maybe |perhaps )?you (?:could|should|might want to|may want to|ought to)|why don't you|could you|"
    r"can you|would you|if you could|please|"
    r"i(?:'d| would) (?:suggest|recommend|advise|like) (?:that )?you(?: to)?|i need you to|you'd)"
)
# Advice starts its clause: in "how fast you can turn it into cash" nothing is advised.
_BEGINS = r"(?:^|[.!?;,:] |\b(?:so|and|maybe|perhaps|think|then|or|now|but|like) )"
_NO_DEED = (
    r"(?!(?:tell|see|imagine|hear|understand|feel) (?:that|this|it|you|how|why|she|he|they|i|i'm|i've|what)\b|"
    r"(?:ask|know|be honest|be sure|say|never|also say|only|get a sense)\b|have (?:a|an|some|"
    r"one) (?:\w+ )?(?:question|thing|idea)\b)"
)
_LEADS: tuple[tuple[Who, re.Pattern[str]], ...] = (
    ("we", re.compile(rf"\b{_WE_DO} ")),
    ("you", re.compile(rf"(?<!what )(?<!how )\b{_I_DO} {_NO_DEED}")),
    ("I", re.compile(rf"{_BEGINS}{_YOU_DO} (?!see yourself)")),
)
_THING = re.compile(
    r"\b(?:how about|what about|how would you feel about|what i have in mind is|i (?:recommend|suggest|propose)|"
    r"i(?:'d| would) (?:recommend|suggest|propose|go with|look at|start with|lean toward|"
    r"consider|quote)|my (?:recommendation|suggestion|proposal|advice|idea) (?:is|would be)|one (?:option|idea|way) "
    r"(?:is|would be)|(?:an|the|my) (?:idea|option) (?:is|would be)|what i(?:'d| would) (?:suggest|propose|recommend|"
    r"like(?: to do)?) is|consider|i'm thinking(?: of| about)?|would you be open to|are you open to) "
)
_ADVERBS = re.compile(r"^(?:just|also|then|maybe|probably|perhaps|definitely|actually|first|really|both|simply|each|"
                      r"either|prob|go ahead and|try to|try and|start to) ")  # fmt: skip
_CUT = re.compile(
    r"\s*[.?!;:]|,? (?:so (?:that|we|you|i|it|then)|because|since|which|but|unless|although|though|if (?:that|it|you)|"
    r"and (?:i|we|you|then|if|he|she|they|that|it|see|take it|go from)|is that|does that|would that|do you|would you|"
    r"will that|how does|how's|that way|okay|right|all right|fair|deal|sound|no\b|or (?:is|do|would|should|i|we|you)|"
    r"it'?s|that'?s|there'?s|what do|send me|tell (?:the|your|me)|bring (?:the|your)|don'?t|you know|at no|"
    r"for free|um|uh)\b|, | - "
)


def offers(line: str, names: Iterable[str] = ()) -> list[Offer]:
    """Return what the advisor says that one of the two could do, in the order of the line."""
    text, known = plain(line), (*names, *names_in(line))
    text = re.sub(r"\b(?:u+h*m+|u+h+)\b,? ?", "", text)
    found = [(hit.start(), Offer(who, does=does)) for who, lead in _LEADS for hit in lead.finditer(text)
             if (does := _does(text[hit.end():], known))]  # fmt: skip
    found += [(hit.start(), Offer("we", thing=thing)) for hit in _THING.finditer(text)
              if (thing := _thing(text[hit.end():], known))]  # fmt: skip
    return [offer for _, offer in sorted(found, key=lambda one: one[0])]


def _does(rest: str, names: Iterable[str]) -> str:
    while shorter := _ADVERBS.sub("", rest):
        if shorter == rest:
            break
        rest = shorter
    verb = rest.split(" ", 1)[0].strip(".,?!")
    loose = rest.startswith(("let me", "know ", "see if", "be ", "make sure")) or _PERFECT.match(rest)
    return _phrase(rest, names) if verb in verbs() and not loose else ""


_PERFECT = re.compile(r"have (?:\w+ed|done|been|gone|made|had|to|you|me)\b")


def _thing(rest: str, names: Iterable[str]) -> str:
    first = rest.split(" ", 1)[0].strip(".,?!")
    if re.match(r"(?:a|an|the|two|three|some|your|both|half|another|one)$", first) or (
        first.endswith("ing") and len(first) > 4 and first not in ("something", "anything", "everything", "nothing")
    ):
        return _phrase(rest, names)
    return ""


def _phrase(rest: str, names: Iterable[str]) -> str:
    """Return the words up to the end of the clause; empty if they are too many or end in the middle of something."""
    cut = _CUT.search(rest)
    words = (rest[: cut.start()] if cut else rest).split()
    if len(words) > _LONGEST and (
        joint := next((at for at in range(3, _LONGEST) if words[at] in ("and", "but", "or")), 0)
    ):
        words = words[:joint]
    while words and _hangs(words):
        words.pop()
    if not 1 < len(words) <= _LONGEST and not (len(words) == 1 and words[0] in ("wait", "meet", "talk")):
        return ""
    return echoed(" ".join(words).strip(" ,-\"'"), names)


def _hangs(words: Sequence[str]) -> bool:
    """Return whether the last word introduces something that is cut off."""
    last = words[-1].strip(",")
    return last in _LOOSE or (last in ("i", "we", "you") and len(words) > 1 and words[-2].strip(",") in JOINS)


_LOOSE = frozenset({
    "and", "or", "the", "a", "an", "to", "of", "with", "for", "maybe", "first", "in", "on", "too", "though", "then",
    "also", "like", "so", "at", "if", "that", "really", "just", "okay", "now", "well", "by", "please", "real",
    "quick", "anyway", "as", "but", "let's", "some", "about", "from", "into", "again", "than",
})  # fmt: skip


@lru_cache(maxsize=1)
def verbs() -> frozenset[str]:
    return frozenset(str(table("echo")["verbs"]).split())


# Explanations

_OPENS = (
    r"(?:(?:so|okay|and|but|now|right|well|basically|look|here's the thing|the thing is|what that means is|"
    r"the way it works is|you see|in short|just so you know|to be clear|honestly|um|uh|alright|all right|yeah|"
    r"for example|for instance|then|also|i mean)[, ]+)*"
)
_IS = re.compile(
    rf"^{_OPENS}((?:an?|the|your|our|this|that|these|those|each|every|most|any|\w+ing)?(?: ?[\w'$%-]+){{1,5}}?) "
    r"((?:is|are|isn't|aren't|means|pays|pay|covers|cover|works|costs|grows|doesn't|don't|can't|has|have|gives|goes|"
    r"comes|protects|replaces|starts|stays|ends|usually|generally|only|would|will|can) .+)$"
)
_THERE = re.compile(rf"^{_OPENS}there(?:'s| is| are) (?:usually |often |normally |also |always |basically )*(.+)$")
_NO_NOUN = re.compile(
    r"^(?:i|you|we|he|she|they|it|that|this|there|what|which|who|if|when|people|most people|somebody|nobody|someone|"
    r"everybody|everyone|the way|how|the thing|the point|the reason|those|these|one|he's|she's|let)\b"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A noun that the advisor explained, and what the advisor said about it, in the client's person."""

    noun: str
    says: str = ""


def spoken_of(sentence: str, names: Iterable[str] = ()) -> Spoken | None:
    text, known = re.sub(r"\b(?:u+h*m+|u+h+)\b,? ?", "", plain(sentence)).strip(), (*names, *names_in(sentence))
    if there := _THERE.match(text):
        return Spoken(noun) if (noun := _phrase(there[1], known)) and len(noun.split()) < 9 else None
    found = _IS.match(text)
    if not found or _NO_NOUN.match(found[1]):
        return None
    said = _phrase(found[2], known)
    return Spoken(echoed(found[1], known), said)


# Feelings that the advisor ascribes to the client

_FEELS = re.compile(
    r"(?:sounds|seems|looks|feels) (?:to me )?(?:like|as if|as though)|i (?:hear|sense|get the sense|get the feeling|"
    r"get the impression|have the sense|gather|take it|can tell|imagine|understand|see)(?: that)?|"
    r"i'm hearing(?: that)?|"
    r"what i(?:'m)? hear(?:ing)?(?: underneath)? is(?: that)?|it's clear(?: that)?"
)
_YOURS = re.compile(rf"(?:^|\b(?:{_FEELS.pattern}) |^(?:so|and|okay so|yeah|right so|then) )"
                    r"((?:you(?:'re|'ve|'d)?|for you|part of you|your \w+|what (?:really |"
                    r"most )?\w+ you(?: most)?) .+)$")  # fmt: skip
_ITS = re.compile(rf"\b(?:{_FEELS.pattern}|^so) ((?:it's|this is|it is|that's|it was|a lot|the \w+) .+)$")
_NOT_SAID_BACK = re.compile(
    r"\b(?:have to|need to|should|could|can|might|must|may|will|know|mentioned|told me|asking|said|wrote|asked|great|"
    r"nice|patient|open|kind|helpful|lovely|very good)\b"
)


def felt(sentence: str, names: Iterable[str] = ()) -> str:
    """Return the feeling or wish that the advisor ascribes to the client, in the first person: `you felt alone with it`
    becomes `I felt alone with it`."""
    text, known = plain(sentence), (*names, *names_in(sentence))
    found = _YOURS.search(text) or _ITS.search(text)
    if not found or _NOT_SAID_BACK.search(found[1]):
        return ""
    said = _phrase(found[1], known)
    if re.match(r"I (?:that|it|this)\b", said):
        return ""
    return said if re.match(r"(?:I|I'm|I've|I'd|for me|part of me|my|what|it's|it was|this is) ", said) else ""
