"""Parses a clause into subject, verb and rest, from a question or from a statement inside a question."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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

Fits = Callable[[str], bool]  # returns whether a word is a form of a verb that is possible here

NEGATED = re.compile(r"^(\w+)n't$")
PRONOUNS = frozenset({"you", "he", "she", "it", "they", "we", "i", "there"})
_POINTING = frozenset({"that", "this", "these", "those"})
_ANYBODY = frozenset({
    "anyone", "anybody", "anything", "somebody", "someone", "something", "everybody", "everyone", "everything",
    "nobody", "either", "any", "all", "some",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A parsed question.

    `form` is `yes_no`, `or`, `if`, or what is asked for: `how long`, `how many`, `how much`, `how often`, `how old`,
    `how far`, `how very`, `how`, `when`, `where`, `who`, `whose`, `which`, `why`, `what`, `what kind`. `subject` is as
    the client says it (empty if the question asks for it), `verb` is the base form, and `rest` follows the verb, in the
    client's person. `of` is the noun or degree after the asking word. `guess` means that it asks for the client's
    opinion.
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


def is_subject_start(word: str) -> bool:
    return word in PRONOUNS or word in _POINTING or word in words_of("determiners") or word in _ANYBODY


def inverted(question: Asked, words: Sequence[str]) -> Asked | None:
    """Parse a clause in the order of a question, such as `did your brother call`, after any asking word."""
    auxiliary, negative = auxiliary_of(words[0])
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


def auxiliary_of(word: str) -> tuple[str, bool]:
    if word in AUXILIARIES:
        return word, False
    base = {"won't": "will", "can't": "can", "shan't": "shall"}.get(word) or (
        hit[1] if (hit := NEGATED.match(word)) else ""
    )
    return (base, True) if base in AUXILIARIES else ("", False)


def _subject(words: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return a subject recognised by its first words (a pronoun, `anyone else`, `you and Keisha`), and the remaining
    words."""
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
    if first in PRONOUNS:
        return {"you": "I", "i": "you"}.get(first, first), list(words[1:])
    if first in _ANYBODY:
        size = 2 if words[1:2] == ["else"] or words[1:3] == ["of", "them"] else 1
        size = 3 if words[1:3] == ["of", "them"] else 4 if words[1:3] in (["in", "your"], ["of", "your"]) else size
        return " ".join(turned(words[:size])), list(words[size:])
    return None


def _verb(start: Asked, words: Sequence[str], fits: Fits) -> Asked | None:
    """Parse subject, adverbs, verb and rest; None if they cannot be found."""
    known = _subject(words)
    if known is None and words[0] in _POINTING and len(words) > 1 and _follows_that(words, fits):
        known = words[0], list(words[1:])
    if known and known[1] and known[1][0] in ("from", "at", "in"):
        known = None  # the subject has more words, as in `anybody from the bank`
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
    """Return whether `that` alone is the subject before its verb, unlike in `that repair take`."""
    if words[1] in words_of("adverbs"):
        return True
    return fits(words[1]) and not (len(words) > 2 and fits(words[2]) and words[1] not in _LETS and words[2] != "like")


_LETS = frozenset({"help", "let", "make", "go", "come", "have", "get", "want", "been"})


def _verb_at(words: Sequence[str], fits: Fits) -> int:
    """Return the index of the verb after a noun that may be a verb too (`the plan cover`); 0 if there is none."""
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
    """Return whether `last`, `first` or `rather` belongs to the verb, as in `did you last look`."""
    return (
        words[0] in ("last", "first", "rather")
        and len(words) > 1
        and (is_base(words[1]) or bool(base_of_past(words[1])))
    )


def _whole(start: Asked, subject: str, words: Sequence[str], still: str) -> Asked | None:
    verb = words[0]
    if start.auxiliary in MODALS and verb == "have" and len(words) > 1 and is_participle(words[1]):
        words, verb = words[1:], words[1]  # `have` is an auxiliary here, as in `would your dad have said`
    if start.auxiliary in HAVE or verb != words[0] or not is_base(verb):
        verb = "be" if verb == "been" else base_of_past(verb)
    rest = _of(subject, turned(words)[1:])
    return replace(start, subject=subject, verb=verb, rest=rest, still=still)


_OURS = {"my": "our", "mine": "ours", "I": "we", "me": "us", "myself": "ourselves", "I'm": "we're", "I'd": "we'd"}


def _of(subject: str, words: Sequence[str]) -> str:
    """Return the words with `our` in place of `my` if the subject is `we`: `do you and Gwen keep your money
    separate`."""
    return " ".join(_OURS.get(word, word) if subject == "we" else word for word in words)


# after `how's` these verbs mean `how does`, as in `how's your wife feel`
_FEELS = frozenset({"feel", "look", "work", "go", "sound", "handle", "think", "say", "want"})


def _be(start: Asked, words: Sequence[str]) -> Asked | None:
    """Parse a clause with a form of `be`: `is the roof still leaking`, `was that your decision`, `what was the hardest
    part`."""
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
        start, rest = replace(start, auxiliary="has"), rest[1:]  # `'s` means `has` here, as in `how's your week been`
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


def subject_asked(question: Asked, words: Sequence[str]) -> Asked | None:
    """Parse a question for the subject itself, such as `told you that` after `who` or `what`."""
    rest = list(words)
    first = rest[0]
    if first in words_of("adverbs") and len(rest) > 1:
        rest = rest[1:]
        first = rest[0]
    auxiliary, negative = auxiliary_of(first)
    if auxiliary in DO and rest[1:2] and rest[1] in words_of("determiners"):
        # the auxiliary is the verb itself, as in `who did the books`
        return replace(question, auxiliary=auxiliary, verb="do", rest=" ".join(turned(rest[1:])))
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


def stated(question: Asked, words: Sequence[str]) -> Asked | None:
    """Parse a clause in the order of a statement: `you ended up with that account`, `that was`."""
    words = " ".join(_LONG_FORMS.sub(lambda hit: f"{hit[1]} {_LONG[hit[2]]}", " ".join(words)).split()).split()
    for at in range(1, min(len(words), 8)):
        word = words[at]
        if word in AUXILIARIES or NEGATED.match(word):
            return inverted(question, [word, *words[:at], *words[at + 1 :]])
        before = words[:at]
        if _can_be_subject(before) and (
            word not in words_of("prepositions") or (word == "like" and before[0] in PRONOUNS)
        ):
            if words[0] in ("you", "i", "we", "they") and is_base(word):
                return inverted(question, ["do", *before, word, *words[at + 1 :]])
            if base := base_of_past(word):
                return inverted(question, ["did", *before, base, *words[at + 1 :]])
            if base := base_of_third(word):
                return inverted(question, ["does", *before, base, *words[at + 1 :]])
    return None


def _can_be_subject(words: Sequence[str]) -> bool:
    return bool(words) and (
        words[0] in PRONOUNS
        or words[0] in _POINTING
        or words[0] in _ANYBODY
        or len(words) > 1
        or words[0] not in words_of("determiners")
    )
