"""A question taken apart by its grammar: what is asked for, of whom, and what they did.

Plain rules over small lists of words. What does not come apart cleanly is None: better no answer than a broken one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rplay.agents.rehearsal.client.asking import ASKING_WORDS, core, expressions
from rplay.agents.rehearsal.client.inflection import (
    AUXILIARIES,
    BE,
    DO,
    HAVE,
    MODALS,
    base_of_past,
    base_of_third,
    is_base,
    is_ing,
    is_participle,
    turned,
    words_of,
)

Fits = Callable[[str], bool]  # whether a word is a form of a verb that can stand here

_MOST_WORDS = 32
_LONGEST_REST = 13  # words; what is longer holds more than one thing
_TAG = re.compile(rf" (?:{expressions('tags')})$")
_ASKS_ON = re.compile(expressions("asks_on"))
_SCALE = re.compile(r"(?:on a )?scale (?:of|from) \w+ (?:to|through) \w+ (?:where .+? )?(how .+)")
_NOT = re.compile(r"^(\w+)n't$")
_PRONOUNS = frozenset({"you", "he", "she", "it", "they", "we", "i", "there"})
_POINTING = frozenset({"that", "this", "these", "those"})
_ANYBODY = frozenset({
    "anyone", "anybody", "anything", "somebody", "someone", "something", "everybody", "everyone", "everything",
    "nobody", "either", "any", "all", "some",
})  # fmt: skip
_DEGREES = frozenset({
    "sure", "comfortable", "confident", "worried", "important", "likely", "happy", "ready", "serious", "familiar",
    "bad", "big", "hard", "easy", "soon", "close", "flexible", "certain", "concerned", "nervous", "satisfied", "late",
    "open", "involved", "stressful", "tight", "difficult", "good", "well", "quickly", "fast", "willing", "safe",
    "prepared", "secure", "attached", "strongly", "realistic", "risky", "stable", "reliable", "busy", "clear",
    "urgent", "afraid", "scared", "stressed", "healthy", "upset", "angry", "motivated", "committed", "honest",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """`form` is `yes_no`, `or`, `if`, or what is asked for: `how long`, `how many`, `how much`, `how often`, `how old`,
    `how far`, `how very`, `how`, `when`, `where`, `who`, `whose`, `which`, `why`, `what`, `what kind`.

    `subject` is as the client says it (empty where the question asks for it), `verb` the base, `rest` what follows it,
    turned; `of` the noun or the degree that stands beside the asking word. `guess` asks for what the client thinks.
    """

    form: str
    auxiliary: str = ""
    subject: str = ""
    verb: str = ""
    rest: str = ""
    of: str = ""
    negative: bool = False
    guess: bool = False
    condition: str = ""
    still: str = ""

    @property
    def past(self) -> bool:
        return self.auxiliary in ("did", "was", "were", "had")

    @property
    def mine(self) -> bool:
        return self.subject in ("I", "we")


def asked(question: str, first_name: str = "") -> Asked | None:
    """The question, taken apart; None where it does not come apart cleanly."""
    asks = core(question, first_name)
    words = [word for word in asks.words if word != "never"]
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    if scale := _SCALE.match(" ".join(words)):
        return Asked("scale", rest=scale[1])
    marked = question.rstrip("\"')* ").endswith("?")
    found = _wh(words, asks.embedded) if words[0] in ASKING_WORDS else _closed(words, asks.embedded, marked)
    if found is None or not _is_clean(found):
        return None
    auxiliary = "would" if asks.condition and found.auxiliary == "did" else found.auxiliary  # `how'd you feel if`
    return replace(
        found,
        auxiliary=auxiliary,
        guess=asks.guess,
        condition=asks.condition,
        negative=found.negative != ("never" in asks.words),
    )


def _is_clean(found: Asked) -> bool:
    """Whether what follows the verb is one thing, and no second question."""
    return len(found.rest.split()) <= _LONGEST_REST and not _ASKS_ON.search(f"{found.rest} | {found.subject}")


# Asking words


def _wh(words: Sequence[str], embedded: bool) -> Asked | None:
    form, of, rest = _head(words)
    if not form:
        return None
    if not rest:
        return Asked(form, of=of)
    if form in ("how come",):
        return _told(Asked("why"), rest)
    first = rest[0]
    if form == "why" and is_base(first) and first not in AUXILIARIES:
        return _inverted(Asked(form), ["do", "you", *rest])  # `why sell now`
    if first in MODALS and form in ("what", "who") and rest[1:2] and is_base(rest[1]):
        return _of_what_did_it(Asked(form, of=of), rest)
    if first in AUXILIARIES or _NOT.match(first):
        if embedded and first not in DO:
            return _told(Asked(form, of=of), rest)
        return _inverted(Asked(form, of=of), rest) or _of_what_did_it(Asked(form, of=of), rest)
    if of == "else" and rest[0] in words_of("prepositions"):  # `who else in the family helps`
        at = next((at for at, word in enumerate(rest) if at and base_of_third(word)), 0)
        return _of_what_did_it(Asked(form, of=of), rest[at:]) if at else None
    if form in ("what", "who", "which", "how many", "how much", "what kind", "whose") and (
        did := _of_what_did_it(Asked(form, of=of), rest)
    ):
        return did
    if embedded:
        return _told(Asked(form, of=of), rest)
    return None


def _head(words: Sequence[str]) -> tuple[str, str, list[str]]:
    """The form, the noun or degree beside it, and what comes after."""
    word, rest = words[0], list(words[1:])
    following = rest[0] if rest else ""
    if word == "how":
        return _how(following, rest)
    if word == "why" and rest and (len(rest) == 1 or following == "now" or "not" in rest[1:]):
        return "why", following, []
    if word == "whom":
        return "who", "", rest
    if word == "what" and following in ("kind", "sort", "type", "kinds", "sorts", "types") and rest[1:2] == ["of"]:
        noun, after = _noun(rest[2:])
        return "what kind", noun, after
    if word == "what" and rest == ["for"]:
        return "why", "", []
    if (
        word in ("what", "which", "whose")
        and following
        and not _is_clause_start(following)
        and following not in ("if", "about")
    ):
        noun, after = _noun(rest)
        if word == "what" and following in ("time", "year", "month", "day", "point", "age"):
            return "when", noun, after
        return {"what": "which"}.get(word, word), noun, after
    if following in ("else", "all") and word in ("what", "who", "where", "how"):
        return word, "else", rest[1:]
    return word, "", rest


def _how(following: str, rest: list[str]) -> tuple[str, str, list[str]]:
    if following == "come":
        return "how come", "", rest[1:]
    if rest[:2] in (["long", "ago"], ["long", "back"]):
        return "when", "ago", rest[2:]
    if following in ("long", "often", "old", "far"):
        return f"how {following}", "", _skip(rest[1:], ("ago", "back", "along")) if following != "long" else rest[1:]
    if following in ("many", "much"):
        noun, after = _noun(rest[1:])
        return f"how {following}", noun, after
    if following in _DEGREES:
        return "how very", following, rest[1:]
    return ("how", "", rest) if following in AUXILIARIES or _is_subject_start(following) else ("", "", rest)


def _skip(words: list[str], which: Sequence[str]) -> list[str]:
    return words[1:] if words and words[0] in which else words


def _is_subject_start(word: str) -> bool:
    return word in _PRONOUNS or word in _POINTING or word in words_of("determiners") or word in _ANYBODY


def _is_clause_start(word: str) -> bool:
    return (
        word in AUXILIARIES or bool(_NOT.match(word)) or _is_subject_start(word)
        or bool(base_of_third(word)) or bool(base_of_past(word)) or word in ("else", "happens")
    )  # fmt: skip


def _noun(words: Sequence[str]) -> tuple[str, list[str]]:
    """The noun up to the auxiliary or verb behind it."""
    for at, word in enumerate(words):
        if word in AUXILIARIES or _NOT.match(word) or (at and word in _PRONOUNS):
            return " ".join(words[:at]), list(words[at:])
        if at and (base_of_past(word) or base_of_third(word)) and "of" not in words[:at]:
            return " ".join(words[:at]), list(words[at:])
    return " ".join(words), []


# Clauses


def _inverted(question: Asked, words: Sequence[str]) -> Asked | None:
    """`did your brother call` behind whatever asks."""
    auxiliary, negative = _auxiliary(words[0])
    if not auxiliary:
        return None
    after = list(words[1:])
    if after[:1] == ["not"]:
        negative, after = True, after[1:]
    if not after:
        return None
    start = replace(question, auxiliary=auxiliary, negative=negative)
    if auxiliary in BE:
        return _be(start, after)
    if auxiliary in HAVE:
        return _verb(start, after, is_participle) or _verb(
            replace(start, auxiliary="did" if auxiliary == "had" else "do"), after, lambda _: False
        )
    return _verb(start, after, is_base)


def _auxiliary(word: str) -> tuple[str, bool]:
    if word in AUXILIARIES:
        return word, False
    base = {"won't": "will", "can't": "can", "shan't": "shall"}.get(word) or (
        hit[1] if (hit := _NOT.match(word)) else ""
    )
    return (base, True) if base in AUXILIARIES else ("", False)


def _subject(words: Sequence[str]) -> tuple[str, list[str]] | None:
    """A subject that is known by its first words: a pronoun, `anyone else`, `you and Keisha`."""
    first = words[0]
    for group in (
        ("you", "two"),
        ("you", "both"),
        ("both", "of", "you"),
        ("the", "two", "of", "you"),
        ("you", "guys"),
        ("you", "all"),
    ):
        if tuple(words[: len(group)]) == group:
            return "we", list(words[len(group) :])
    if first == "you" and words[1:2] == ["and"] and len(words) > 3:
        size = 2 if words[2] in words_of("determiners") else 1
        return "we", list(words[2 + size :])
    if first in _PRONOUNS:
        return {"you": "I", "i": "you"}.get(first, first), list(words[1:])
    if first in _ANYBODY:
        size = 2 if words[1:2] == ["else"] or words[1:3] == ["of", "them"] else 1
        size = 3 if words[1:3] == ["of", "them"] else 4 if words[1:3] in (["in", "your"], ["of", "your"]) else size
        return " ".join(turned(words[:size])), list(words[size:])
    return None


def _verb(start: Asked, words: Sequence[str], fits: Fits) -> Asked | None:
    """Subject, adverbs, verb and rest."""
    known = _subject(words)
    if known is None and words[0] in _POINTING and len(words) > 1 and _follows_that(words, fits):
        known = words[0], list(words[1:])
    if known and known[1] and known[1][0] in ("from", "at", "in"):
        known = None  # `anybody from the bank`
    if known:
        subject, rest = known
        still, rest = _adverbs(rest)
        if not rest or not fits(rest[0]):
            return None
        return _whole(start, subject, rest, still)
    at = _verb_at(words, fits)
    if not at:
        return None
    end = at
    while end > 1 and words[end - 1] in words_of("adverbs"):
        end -= 1
    still = words[end] if end < at else ""
    return _whole(start, " ".join(turned(words[:end])), list(words[at:]), still)


def _follows_that(words: Sequence[str], fits: Fits) -> bool:
    """Whether `that` stands alone before its verb, as against `that repair take`."""
    if words[1] in words_of("adverbs"):
        return True
    return fits(words[1]) and not (len(words) > 2 and fits(words[2]) and words[1] not in _LETS and words[2] != "like")


_LETS = frozenset({"help", "let", "make", "go", "come", "have", "get", "want", "been"})


def _verb_at(words: Sequence[str], fits: Fits) -> int:
    """Where the verb stands behind a noun that may be a verb too (`the plan cover`); 0 if nowhere."""
    first = 2 if words[0] in words_of("determiners") else 1
    for at in range(first, min(len(words), first + 7)):
        if words[at] in words_of("prepositions") and words[at] not in ("of", "from", "at", "in", "with", "on", "for"):
            return 0
        if fits(words[at]) and not words[at - 1].endswith("'s") and words[at - 1] not in words_of("determiners"):
            later = (
                at + 1 < len(words)
                and fits(words[at + 1])
                and words[at] not in {*_LETS, "be"}
                and words[at + 1] != "like"
            )
            return at + 1 if later else at
    return 0


def _adverbs(words: Sequence[str]) -> tuple[str, list[str]]:
    rest, kept = list(words), ""
    while (
        len(rest) > 1
        and (rest[0] in words_of("adverbs") or rest[:2] == ["kind", "of"] or _is_last(rest))
        and rest[0] != "like"
    ):
        kept = rest[0] if rest[0] in _KEPT else kept
        rest = rest[2:] if rest[0] == "kind" else rest[1:]
    return kept, rest


_KEPT = frozenset({"still", "usually", "normally", "last", "first", "rather", "already", "ever"})


def _is_last(words: Sequence[str]) -> bool:
    """`did you last look`."""
    return (
        words[0] in ("last", "first", "rather")
        and len(words) > 1
        and (is_base(words[1]) or bool(base_of_past(words[1])))
    )


def _whole(start: Asked, subject: str, words: Sequence[str], still: str) -> Asked | None:
    verb = words[0]
    if start.auxiliary in MODALS and verb == "have" and len(words) > 1 and is_participle(words[1]):
        words, verb = words[1:], words[1]  # `would your dad have said`
    if start.auxiliary in HAVE or verb != words[0] or not is_base(verb):
        verb = "be" if verb == "been" else base_of_past(verb)
    rest = _of(subject, turned(words)[1:])
    return replace(start, subject=subject, verb=verb, rest=rest, still=still)


_OURS = {"my": "our", "mine": "ours", "I": "we", "me": "us", "myself": "ourselves", "I'm": "we're", "I'd": "we'd"}


def _of(subject: str, words: Sequence[str]) -> str:
    """What is said of two as of two: `do you and Gwen keep your money separate`."""
    return " ".join(_OURS.get(word, word) if subject == "we" else word for word in words)


_FEELS = frozenset({"feel", "look", "work", "go", "sound", "handle", "think", "say", "want"})  # `how's your wife feel`


def _be(start: Asked, words: Sequence[str]) -> Asked | None:
    """`is the roof still leaking`, `was that your decision`, `what was the hardest part`."""
    if (is_ing(words[0]) or words[0] in words_of("prepositions")) and start.form in ("what", "who", "which", "whose"):
        if words[:2] == ["going", "to"] and len(words) > 2 and is_base(words[2]):
            return replace(start, auxiliary="will", verb=words[2], rest=" ".join(turned(words[2:])[1:]))
        return replace(start, verb="be", rest=" ".join(turned(["-", *words])[1:]))
    if start.form in ("how", "what") and start.auxiliary == "is" and _FEELS & set(words[1:4]):
        return _verb(replace(start, auxiliary="does"), words, is_base)
    known = _subject(words)
    if known is None and words[0] in _POINTING and (len(words) == 1 or _begins_complement(words[1])):
        known = words[0], list(words[1:])
    if known is None:
        at = _complement_at(words)
        known = " ".join(turned(words[:at])), list(words[at:])
    subject, rest = known
    still, rest = _adverbs(rest)
    if subject == "there" and not rest:
        return None
    if start.auxiliary == "is" and rest[:1] == ["been"]:
        start, rest = replace(start, auxiliary="has"), rest[1:]  # `how's your week been`
    if rest[:2] == ["going", "to"] and len(rest) > 2 and is_base(rest[2]):
        return _whole(replace(start, auxiliary="would" if start.past else "will"), subject, rest[2:], still)
    return replace(start, subject=subject, verb="be", rest=_of(subject, turned(["-", *rest])[1:]), still=still)


def _complement_at(words: Sequence[str]) -> int:
    first = 2 if words[0] in words_of("determiners") else 1
    return next((at for at in range(first, len(words)) if _begins_complement(words[at])), len(words))


def _begins_complement(word: str) -> bool:
    return (
        word in words_of("adjectives") or word in words_of("prepositions") or word in words_of("determiners")
        or word in words_of("adverbs") or is_ing(word) or is_participle(word)
        or word in ("not", "too", "so", "more", "you", "who")
    ) and word not in ("of", "cost", "cut", "put", "set", "pay", "work", "let", "read", "run", "hit")  # fmt: skip


def _of_what_did_it(question: Asked, words: Sequence[str]) -> Asked | None:
    """`told you that` behind who or what: the subject is what is asked for."""
    rest = list(words)
    first = rest[0]
    if first in words_of("adverbs") and len(rest) > 1:
        rest = rest[1:]
        first = rest[0]
    auxiliary, negative = _auxiliary(first)
    if auxiliary in DO and rest[1:2] and rest[1] in words_of("determiners"):
        return replace(question, auxiliary=auxiliary, verb="do", rest=" ".join(turned(rest[1:])))  # `who did the books`
    if auxiliary:
        question = replace(question, negative=negative)
        _, rest = _adverbs(rest[1:])
        if auxiliary in BE:
            return (
                replace(question, auxiliary=auxiliary, verb="be", rest=" ".join(turned(["-", *rest])[1:]))
                if rest
                else None
            )
        base = rest[0] if rest and is_base(rest[0]) else base_of_past(rest[0]) if rest else ""
        return replace(question, auxiliary=auxiliary, verb=base, rest=" ".join(turned(rest)[1:])) if base else None
    for auxiliary, base in (("did", base_of_past(first)), ("does", base_of_third(first))):
        if base:
            return replace(question, auxiliary=auxiliary, verb=base, rest=" ".join(turned(rest)[1:]))
    return None


_LONG = {"d": "would", "ll": "will", "ve": "have", "re": "are", "m": "am", "s": "is"}
_LONG_FORMS = re.compile(r"\b(you|i|he|she|it|they|we|that|there)'(d|ll|ve|re|m|s)\b")


def _told(question: Asked, words: Sequence[str]) -> Asked | None:
    """A clause in the order of a statement: `you ended up with that account`, `that was`."""
    words = " ".join(_LONG_FORMS.sub(lambda hit: f"{hit[1]} {_LONG[hit[2]]}", " ".join(words)).split()).split()
    for at in range(1, min(len(words), 8)):
        word = words[at]
        if word in AUXILIARIES or _NOT.match(word):
            return _inverted(question, [word, *words[:at], *words[at + 1 :]])
        before = words[:at]
        if _can_be_subject(before) and (
            word not in words_of("prepositions") or (word == "like" and before[0] in _PRONOUNS)
        ):
            if words[0] in ("you", "i", "we", "they") and is_base(word):
                return _inverted(question, ["do", *before, word, *words[at + 1 :]])
            if base := base_of_past(word):
                return _inverted(question, ["did", *before, base, *words[at + 1 :]])
            if base := base_of_third(word):
                return _inverted(question, ["does", *before, base, *words[at + 1 :]])
    return None


def _can_be_subject(words: Sequence[str]) -> bool:
    return bool(words) and (
        words[0] in _PRONOUNS
        or words[0] in _POINTING
        or words[0] in _ANYBODY
        or len(words) > 1
        or words[0] not in words_of("determiners")
    )


# Yes or no, either or, statements that ask


def _closed(words: Sequence[str], embedded: bool, marked: bool) -> Asked | None:
    if words[0] in ("if", "whether") and embedded:
        return _yes_no_told(words[1:])
    if words[:3] == ["have", "you", "got"]:
        words = ["do", "you", "have", *words[3:]]
    if words[0] in AUXILIARIES or _NOT.match(words[0]):
        return _either_or(words) or _inverted(Asked("yes_no"), words)
    if words[0] == "ever" and len(words) > 1 and is_base(words[1]):
        return _inverted(Asked("yes_no"), ["do", "you", *words[1:]])
    if words[0] == "ever" and len(words) > 1 and is_participle(words[1]):
        return _inverted(Asked("yes_no"), ["have", "you", *words[1:]])
    text = " ".join(words)
    if hit := _TAG.search(text):
        return _yes_no_told(text[: hit.start()].split(), "stated")
    return (
        _yes_no_told(words, "stated")
        if marked and len(words) < 12 and words[0] in ("you", "they", "he", "she")
        else None
    )


def _yes_no_told(words: Sequence[str], form: str = "yes_no") -> Asked | None:
    negative = any(
        word in ("not", "didn't", "don't", "haven't", "wasn't", "isn't", "aren't", "won't", "doesn't") for word in words
    )
    plain = [word for word in words if word != "not"]
    found = _told(Asked(form), plain) if plain else None
    return replace(found, negative=negative) if found else None


def _either_or(words: Sequence[str]) -> Asked | None:
    """`do you pay monthly or once a year`; None where `or` joins what is not two answers."""
    if "or" not in words or words[1] == "there" or {"anything", "something", "any"} & set(words):
        return None
    cut = len(words) - 1 - list(reversed(words)).index("or")
    first, second = list(words[:cut]), list(words[cut + 1 :])
    first = [word for at, word in enumerate(first) if at < 2 or word not in ("more", "mostly", "mainly", "either")]
    asks_on = second and second[0] in AUXILIARIES and "rather" not in first
    if not second or asks_on or "ever" in first or (first[2:3] == ["have"] and first[0] == "do"):
        return None  # a second question, or a list of what one may have
    found = _inverted(Asked("or"), first)
    return replace(found, of=" ".join(turned(["-", *second])[1:])) if found and second else None


__all__ = ["Asked", "asked"]
