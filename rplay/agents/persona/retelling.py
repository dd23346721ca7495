"""Rewrites a text about the client word by word into the first person.

The hard part is to know whom a pronoun means. A pronoun of the other sex means somebody else. One of the client's sex
means the client, unless the clause rules that out: in `Harriet was her caregiver` and `I help her` it means the person
named before.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rplay.agents.persona.grammar import is_of
from rplay.agents.persona.names import sex_of
from rplay.agents.persona.speaker import PRONOUNS, Speaker
from rplay.agents.persona.verbs import class_of, finite, for_me, stem_of

ME, MY = "\u2063i", "\u2063my"  # placeholders for the client in a text that leaves them out
_TOKEN = re.compile(r"\u2063\w+|\s+|[^\W\d_][\w’'-]*|\d+\([a-z]\)|\$?\d[\d,.]*\d|\w+|\W")
# After these words a verb form is no verb: `his paid work`, `a named broker`.
_NO_SUBJECTS = frozenset(
    ["a", "an", "the", "my", "his", "her", "their", "i", "i'm", "i've", "i'd", "we", "of", "in", "with"]
)
_ASKING = frozenset({"who", "what", "where", "how"})
# verbs that can take a person and `back`, as in `pays her back`
_GIVES = frozenset({"pays", "paid", "pay", "calls", "called", "gave", "gives", "wrote", "brought"})
_TO_PEOPLE = frozenset({"told", "asked", "warned", "called", "sold", "paid", "showed"})
_ENTRUSTED = frozenset({"money", "savings", "investments", "portfolio", "policy", "retirement"})
_SAYS = frozenset({"says", "said", "claims", "claimed", "promises", "promised", "swears", "swore"})
_TAKEN_ALONG = frozenset({"takes", "took", "drives", "drove", "brings", "brought"})
_PARENTS = frozenset({"mother", "mom", "father", "dad"})
_OF_TIME = frozenset({"in", "since", "until", "by", "last", "this", "next", "late", "early", "mid"})
_PLACES = frozenset({"into", "with", "from", "to", "in", "at"})
_SHORT = re.compile(r"^(he|she|they)['’](s|d|ll|ve|re)$", re.IGNORECASE)
_NEGATED = {"is": "isn't", "has": "haven't", "does": "don't", "was": "wasn't", "will": "won't", "would": "wouldn't",
            "did": "didn't", "could": "couldn't", "had": "hadn't"}  # fmt: skip


@lru_cache(maxsize=4096)
def first_person(text: str, speaker: Speaker) -> str:
    """Return the text in the first person. Parts that are in the first person already stay unchanged."""
    text = _ABOUT.sub(r"\1, who's \2,", text)
    text = re.sub(r", who's \d+,(?=[.;,]|$)", lambda hit: hit[0][:-1], text)
    text = _together(text, speaker)
    return _smoothed("".join(_Telling(_TOKEN.findall(text), speaker).told()))


_ABOUT = re.compile(r"\b([A-Z][\w'’-]+) \((\d{1,2})\)(?! and)")


@dataclass
class _Telling:
    """One text, read word by word from left to right while keeping track of the subject of the clause."""

    tokens: list[str]
    speaker: Speaker
    subject: str = "me"  # "me", or somebody else: "rival" has the client's sex, "other" has not
    rival: bool = False  # whether a person of the client's sex has been named in the text
    here: bool = False  # whether a person of the client's sex has been named in this sentence
    person: str = ""  # who was named last: "rival" or "other"
    many: bool = False  # whether several people have been named
    perfect: bool = False  # whether the client's verb is in the perfect, as in `I have …`
    joined: bool = False  # whether `and` joins the clause to the one before
    seen: bool = False  # whether somebody else has done something in this sentence
    mine: bool = False  # whether the client was the subject at the beginning of the sentence
    # whether the client is the subject of an inner clause only, as in `Linda thinks he works too much`
    outer: bool = False
    back: bool = False  # whether the client was named again after a person of the same sex, in one sentence
    said: list[str] = field(default_factory=list)
    at: int = 0

    def told(self) -> list[str]:
        self.subject = "me" if self.tokens and _starts_with_a_verb(self.tokens) else "other"
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.said.append(self._word(token) if token[:1].isalpha() else self._mark(token))
            self.at += 1
        return self.said

    # the words around the current one

    def _next(self, steps: int = 1) -> str:
        words = [one for one in self.tokens[self.at + 1 :] if not one.isspace()]
        return words[steps - 1].lower() if len(words) >= steps else ""

    def _before(self) -> str:
        return next((one.lower() for one in reversed(self.tokens[: self.at]) if not one.isspace()), "")

    def _behind(self, steps: int) -> str:
        words = [one.lower() for one in self.tokens[: self.at] if not one.isspace()]
        return words[-steps] if len(words) >= steps else ""

    def _mark(self, mark: str) -> str:
        if mark == ME:
            return self._as_subject("I")
        if mark == MY:
            return "my"
        if mark in ".!?;":
            self.subject, self.joined, self.perfect = "other", False, False
        if mark in ".!?":
            self.many = self.back = self.here = self.outer = self.seen = self.mine = False
        return mark

    # single words

    def _word(self, token: str) -> str:
        low = token.lower().replace("’", "'")
        if hit := _SHORT.match(low):
            return self._short(token, hit[1], hit[2])
        if low == "i":
            return self._as_subject("I")
        if low in PRONOUNS:
            return self._pronoun(token, low)
        if low in ("they", "them", "their", "theirs", "themselves"):
            return self._plural(token, low)
        if self._is_client(low):
            return self._named(token, low)
        if low in class_of("joins"):
            self.joined = True
            if low == "and" and self.mine and self._before() in ("died", "passed"):
                self.subject = "me"  # the dead do nothing more
        self._note_person(token, low)
        return self._verb(token, low)

    def _is_client(self, low: str) -> bool:
        bare = low.removesuffix("'s").removesuffix("'")
        if self._next() in ("jr", "sr"):
            return False
        if bare == "client" and self._before() == "the":
            return True
        names = self.speaker.names
        if bare not in names:
            return False
        return bare == self.speaker.first or self._before() == self.speaker.first

    def _named(self, token: str, low: str) -> str:
        """Return `I`, `me` or `my` in place of the client's name, as the sentence requires."""
        if low.endswith(("'s", "'")):
            after = self._next()
            if after in ("been", "a", "an", "not", "done", "going") or after.endswith("ing"):
                return self._as_subject("I've" if after in ("been", "done") else "I'm")
            return "my"
        if self._next() in self.speaker.names and self._next() != low:
            self._skip()
            return self._named(token, self.tokens[self.at].lower())
        self.back = self.here
        after = self._next(2) if self._next() in class_of("adverbs") else self._next()
        if finite(after) or after in class_of("auxiliaries") or not self._before():
            return self._as_subject("I")
        return "me"

    def _skip(self) -> None:
        self.at += 1
        while self.tokens[self.at].isspace():
            self.at += 1

    def _as_subject(self, word: str) -> str:
        """Return `I`, and the verb after it in the right form."""
        self.mine = self.mine or not self.seen
        self.outer = self.outer or (self.seen and self.subject != "me")
        self.subject, self.joined, self.perfect = "me", False, word == "I've"
        if word != "I":
            return word
        return "I" + self._verb_ahead()

    def _verb_ahead(self) -> str:
        """Consume the verb that follows and the adverbs before it, and return them in the form after `I`."""
        before = ""
        while self._next() in class_of("adverbs") or (self._next().endswith("ly") and self._next(2)):
            self._skip()
            before += f" {self.tokens[self.at]}"
        verb = self._next()
        if not verb[:1].isalpha():
            return before
        after = self._next(2)
        if verb in _NEGATED and after == "not":
            self._skip()
            self._skip()
            return f"{'’m not'.replace('’', chr(39)) if verb == 'is' else f' {_NEGATED[verb]}'}{before}"
        if verb == "is" and self._before() in _ASKING:
            self._skip()
            return f"{before} am"
        if verb == "is" or verb == "isn't":
            self._skip()
            return f"{chr(39)}m{before}{' not' if verb != 'is' else ''}"
        if verb == "has" and self._has_participle(2):
            self._skip()
            self.perfect = True
            return f"{chr(39)}ve{before}"
        if not (verb in class_of("auxiliaries") or finite(verb) or verb.endswith("s")):
            return before
        self._skip()
        if verb == "has":
            self.perfect = False
        return f"{before} {for_me(verb)}"

    def _has_participle(self, steps: int) -> bool:
        """Return whether the word that many steps ahead, not counting adverbs, is a participle."""
        while self._next(steps) in class_of("adverbs"):
            steps += 1
        word = self._next(steps)
        return word in class_of("participles") or (word.endswith("ed") and len(word) > 3)

    def _short(self, token: str, who: str, ending: str) -> str:
        if who == "they":
            plain = self._plural(token.replace("’", "'").partition("'")[0], who)
            return f"{plain}'{ending}"
        mine = self._is_me_as_subject("m" if who == "he" else "f")
        if self.subject == "rival" and self._before() in _SAYS:
            return token
        if not mine:
            self.subject = "other"
            return token
        if ending == "s":
            after = self._next()
            has = after in class_of("participles") or (after in class_of("adverbs") and self._has_participle(1))
            return self._as_subject("I've" if has else "I'm")
        return self._as_subject(f"I'{ending}")

    def _is_me_as_subject(self, sex: str) -> bool:
        if self.speaker.sex and sex != self.speaker.sex:
            return False
        rests = [one.lower() for one in self.tokens[self.at : self.at + 9] if one.isalpha()]
        return not (self.rival and self.joined and self.subject == "rival" and "too" not in rests)

    def _pronoun(self, token: str, low: str) -> str:
        sex, role = PRONOUNS[low]
        if role == "subject":
            if self.rival and self._next() in ("died", "passed"):
                return token
            if self.subject == "rival" and self._before() in _SAYS:
                return token
            if self._of_the_others_thing():
                return token
            if not self._is_me_as_subject(sex):
                self.subject = "other" if self.speaker.sex and sex != self.speaker.sex else "rival"
                return token
            return self._as_subject("I")
        if self.speaker.sex and sex != self.speaker.sex:
            return token
        if role == "her" or low == "his":
            role = self._role(low)
        if role == "self":
            return "myself" if self.subject == "me" or not self.rival else token
        if role == "object":
            known = self.rival or bool(self.person) or low == "him" or bool(finite(self._before()))
            return token if self.subject == "me" and known else "me"
        mine = self._is_mine()
        if role == "own":
            return "mine" if mine else token
        return _cased("my", token) if mine else token

    def _of_the_others_thing(self) -> bool:
        """Return whether the pronoun begins a clause about what somebody of the client's sex has: `a plan he could not
        cancel` in `His brother was sold a plan he could not cancel`."""
        before = self._before()
        led = before in class_of("joins") | class_of("prepositions") | {
            "that",
            "because",
            "when",
            "if",
            "what",
            "how",
            ",",
        }
        helped = self._next() in class_of("auxiliaries")
        return self.subject == "rival" and not self.mine and helped and not led and not finite(before)

    def _role(self, low: str) -> str:
        """Return the role of `her` or `his`: "whose" for `my`, "object" for `me`, "own" for `mine`."""
        after, before = self._next(), self._before()
        ends = not after[:1].isalnum() and after[:1] not in ("$", "'", '"')
        if after == "back" and before in _GIVES:
            return "object"
        if low == "his":
            is_own = ends or (before == "of" and (finite(after) or after in class_of("prepositions")))
            return "own" if is_own else "whose"
        if ends or after in class_of("determiners") or after.startswith("$") or after in ("his", "their", "my", "our"):
            return "object"
        if after in class_of("prepositions") or (after in ("last", "next", "this") and self._is_time(self._next(2))):
            return "object"
        if self._counts(after) and self._next(2) in class_of("time_units"):
            return "object"
        if before in _TAKEN_ALONG and after.endswith("ing"):
            return "object"  # `takes her shopping`
        if before in class_of("ditransitive") and self.subject != "me" and after in class_of("given_things"):
            return "object"
        return "whose"

    @staticmethod
    def _is_time(word: str) -> bool:
        return word in class_of("time_units") or word in ("spring", "summer", "fall", "winter")

    @staticmethod
    def _counts(word: str) -> bool:
        return word.isdigit() or is_of("determiners", word) or word in ("eleven", "twelve", "every")

    def _is_mine(self) -> bool:
        """Return whether a possessive such as `her` means the client, in a text with another person of the same sex."""
        before = self._before()
        if self._next() in _PARENTS and _PARENTS & {*self._sentence_so_far()}:
            return True  # after one parent the other one is the client's, too
        if self.subject == "me":
            return not (self.back or (self.rival and before in ("was", "is", "became")))
        return not (self.subject in ("rival", "peer") and before not in _PLACES)

    def _is_verb_of_a_person(self, low: str) -> bool:
        """Return whether this is the verb of a person named directly before it, as in `Carla swears`."""
        before = next((one for one in reversed(self.tokens[: self.at]) if not one.isspace()), "")
        if not low.endswith("s") or len(low) < 4 or is_of("determiners", before) or low in class_of("people_plural"):
            return False
        return (before[:1].isupper() and bool(sex_of(before))) or self._next() in ("him", "it", "them", "himself")

    def _plural(self, token: str, low: str) -> str:
        """Return `they` and its forms as `we`, `us` or `our`, unless other people have been named."""
        if (low == "them" and self._before() in _TO_PEOPLE) or (low == "their" and self._next() in _ENTRUSTED):
            return _cased("us" if low == "them" else "our", token)
        if self.many or (low == "they" and self._next() in class_of("theirs")) or self._next(2) in class_of("theirs"):
            self.subject = "other"
            return token
        if low == "they" and self._before() == "what" and any(map(self._is_plural, self._sentence_so_far())):
            return token  # `they` means the things before it, as in `insure the barns for what they would cost`
        if low == "them" and self._before() == "of" and self._behind(2) in ("one", "both", "either", "neither"):
            acts = self._next() == "die" or finite(self._next()) or self._next() in class_of("auxiliaries")
            both = self._behind(2) == "both" and not any(map(self._is_plural, self._sentence_so_far()))
            return "us" if self._next() == "die" or (not self.many and (both or acts)) else token
        if low == "their" and self._before() == "of" and self._next() == "own":
            return token if self.many else "our"
        if low == "them":
            things = any(self._is_plural(one) for one in self._sentence_so_far())
            return token if self.subject == "me" or things else "us"
        self.subject = "other" if low == "they" else self.subject
        to = {"they": "we", "their": "our", "theirs": "ours", "themselves": "ourselves"}[low]
        alone = token.istitle() and not self.many  # at the start of a sentence nobody else is meant
        return _cased(to, token) if low != "their" or self.person or alone else token

    def _sentence_so_far(self) -> list[str]:
        said = [one.lower() for one in self.tokens[: self.at]]
        starts = [at for at, one in enumerate(said) if one in ".!?"]
        return said[starts[-1] :] if starts else said

    @staticmethod
    def _is_plural(low: str) -> bool:
        names = re.fullmatch(r"[a-z]{3,}[^su']s", low)
        return bool(names) and not finite(low) and low not in class_of("time_units")

    # people and things that the text names

    def _note_person(self, token: str, low: str) -> None:
        bare = low.removesuffix("'s").removesuffix("'")
        if bare in class_of("people_plural"):
            self.many = True
        sex = "f" if bare in class_of("people_f") else "m" if bare in class_of("people_m") else ""
        if bare in class_of("people_any"):
            self.person = "peer"
            return
        month = is_of("proper", bare) and self._before() in _OF_TIME
        if not sex and token[0].isupper() and not month and bare not in self.speaker.names:
            sex = sex_of(token.removesuffix("'s").removesuffix("’s")) or ""
        if not sex:
            return
        self.person = "rival" if self.speaker.sex in ("", sex) and self.speaker.sex else "other"
        self.rival = self.rival or self.person == "rival"
        self.here = self.here or self.person == "rival"

    def _verb(self, token: str, low: str) -> str:
        """Return the verb in the right form. A verb joined to the client's is changed too; any other changes the
        subject."""
        if low in ("it's", "that's", "there's", "who's", "what's", "it'll", "it'd"):
            self.subject = "other"
            return token
        led = low.endswith("ed") and self._before() in ("who", "which", "that")
        if token[0].isupper() and self._before() not in (*".;!?", ""):
            return token
        verb = finite(low) or (low if low in class_of("auxiliaries") or led or self._is_verb_of_a_person(low) else "")
        if not verb:
            if low in ("who", "which") and self.subject == "me":
                self.subject, self.joined = "relative", False
            return token
        before = self._before()
        joins = self._before_adverbs() in class_of("joins") or (before == "," and self.subject == "me")
        if joins and self.mine and self._comma_before_join():
            self.subject = "me"
        if joins and self.subject in ("me", "rival", "other"):
            return self._joined_verb(token, low) if self.subject == "me" else token
        leads = self._before_adverbs()
        helped = (
            leads in ("to", "not", "been", "being") or leads in class_of("auxiliaries") or bool(_SHORT.match(leads))
        )
        if helped or (self.subject == "relative" and before in ("who", "which")):
            if self.subject == "relative":
                self.subject = self.person or "other"
            return token
        if not before or before in _NO_SUBJECTS:
            return token
        self.subject = self.person if self.person in ("rival", "peer") and self._subject_is_person() else "other"
        self.joined, self.seen = False, True
        return token

    def _before_adverbs(self) -> str:
        words = (one.lower() for one in reversed(self.tokens[: self.at]) if not one.isspace())
        return next((word for word in words if word not in class_of("adverbs") or word == "not"), "")

    def _comma_before_join(self) -> bool:
        """Return whether a comma stands before the `and`: `…, and has never gone back` continues with the sentence's
        first subject."""
        marks = [one for one in self.tokens[: self.at] if not one.isspace() and one.lower() not in class_of("adverbs")]
        return len(marks) > 1 and marks[-1].lower() in class_of("joins") and marks[-2] == ","

    def _subject_is_person(self) -> bool:
        """Return whether the last person named before the verb, back to a punctuation mark, is of the client's sex."""
        for one in reversed(self.tokens[: self.at]):
            low = one.lower().removesuffix("'s")
            if one in ".;,":
                return False
            if low in class_of("people_f") | class_of("people_m") | class_of("people_any"):
                return not one.lower().endswith("'s")
            if one[:1].isupper() and sex_of(one):
                return True
            if low in class_of("prepositions") and low not in ("in", "of"):
                return False
        return False

    def _joined_verb(self, token: str, low: str) -> str:
        after = self._next()
        stem = stem_of(low)
        if (self.outer and after == "him") or (after == "her" and self._next(2) in ("to", "")):
            self.subject = "other"
            return token
        if stem in class_of("nouns_too") and not self._takes(after) and (self._before() != "," or not after.isalpha()):
            return token
        if low == "is" or low == "isn't":
            return "I'm" if low == "is" else "I'm not"
        if low == "has" and self._has_participle(1):
            if after == "not":
                self._skip()
                return "haven't"
            self.perfect = True
            return "I've"
        form = for_me(low)
        return f"I {form}" if self.perfect and form != low and self._before() in class_of("joins") else form

    @staticmethod
    def _takes(word: str) -> bool:
        return word in class_of("determiners") or word in _TAKEN


_TAKEN = frozenset(
    ["it", "him", "her", "his", "my", "their", "them", "out", "up", "to", "for", "about", "on", "in", "at", "with"]
)


def _starts_with_a_verb(tokens: list[str]) -> bool:
    """Return whether the text is a fragment such as `Leave the cabin to her children`, whose subject is the client."""
    first = tokens[0].lower()
    return first in class_of("verbs") or first in ("not", "to") or first.endswith("ing")


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word


def _together(text: str, speaker: Speaker) -> str:
    """Return the text with couples and families in the first person: `Helen and her husband own` as `My husband and
    Helen own`."""
    name = speaker.first
    if name:
        text = _WITH_TITLE.sub(lambda hit: name if hit[1].lower() in speaker.names else hit[0], text)
        text = re.sub(
            rf"\b(?i:{re.escape(name)}|he|she) and ((?:his|her) [\w-]+(?: [A-Z]\w+)?|[A-Z]\w+) (?=\w)",
            lambda hit: f"{hit[1]} and I ",
            text,
        )
    text = _ALL_OF_US.sub(lambda hit: f"We {_FOR_US.get(hit[1], hit[1])}", text)
    pieces = re.split(r"(?<=[.!?] )", text)
    return "".join(one if _OTHERS_FIRST.match(one) else _MY_PEOPLE.sub(r"\1 my ", one) for one in pieces)


_OTHERS_FIRST = re.compile(r"(?:An?|The) ")


_WITH_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr)\. (\w+)")
_ALL_OF_US = re.compile(r"\bThe (?:family|couple) (\w+ed|has|had|is|was|lost|left|bought|lives|owns)\b")
_FOR_US = {"has": "have", "is": "are", "was": "were", "lives": "live", "owns": "own"}
_MY_PEOPLE = re.compile(
    r"\b(with|to|ask|tell|by|for|want) (?:the )?"
    r"(?=(?:husband|wife|spouse|partner|family|kids|children|grandchildren|daughters|sons|twins|ex)\b)"
)


def _smoothed(text: str) -> str:
    text = re.sub(r"\bI (do|have|did|would|could|will|had) not\b", lambda hit: f"I {_SHORTER[hit[1]]}", text)
    text = re.sub(r"\b(when|while|because) me (?=[a-z]+)", r"\1 I ", text)
    text = re.sub(r"\bI would rather\b", "I'd rather", text)
    text = re.sub(r"\bI will\b", "I'll", text)
    text = _MIND.sub(lambda hit: f"{hit[1]}{for_me(hit[2])}", text)
    return re.sub(r"\bdiscuss with\b", "discuss it with", text)


# After `it had fallen and` a verb of thinking belongs to the client, because things do not think.
_MIND = re.compile(
    r"(\bI\b[^.;]*\b(?:it|that) (?:had |has )?[^.;,]* and (?:still |never |often |now )?)"
    r"(thinks|regrets|worries|wonders|remembers|hopes|wishes|feels|believes)\b"
)


_SHORTER = {"do": "don't", "have": "haven't", "did": "didn't", "would": "wouldn't", "could": "couldn't",
            "will": "won't", "had": "hadn't"}  # fmt: skip
