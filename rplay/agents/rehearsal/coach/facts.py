"""What the profile says about each topic, in the client's words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rplay.agents.persona.grammar import lower_first
from rplay.agents.rehearsal import fragments
from rplay.agents.rehearsal.profile import Lookup, number
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import listed, plain, upper_first
from rplay.agents.rehearsal.values import is_nothing, money, pieces, spoken
from rplay.agents.types import Scene

# Kinds whose value is a whole sentence.
_SENTENCES = frozenset({"family", "occupation", "goals", "concerns", "retirement"})
_SUM = re.compile(r"\$ ?[\d,.]+\d ?(?:k\b|m\b|million|thousand)?|\b\d{1,3}(?:,\d{3})+\b", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """What the profile says about one topic. `value` is the text for the templates; empty if the profile does
    not say."""

    topic: str
    value: str
    raw: tuple[str, ...] = ()
    none: bool = False

    @cached_property
    def trace(self) -> re.Pattern[str] | None:
        """A pattern that finds this fact in a text, in any wording; None if there is no fact."""
        texts = {plain(text) for text in (*self.raw, self.value)}
        sums = {form for text in texts for found in _SUM.findall(text) for form in _spellings(found)}
        known = sorted(text for text in texts | sums if len(text) > (1 if self.topic == "age" else 2))
        if not known:
            return None
        return re.compile(r"(?<![\w$,.])(?:" + "|".join(map(re.escape, known)) + r")(?![\w%]|[,.]\d)")


def _spellings(amount: str) -> set[str]:
    digits = re.sub(r"[^\d]", "", amount.split(".")[0])
    forms = {amount.strip(), amount.strip().lstrip("$ "), digits} if digits else set()
    if digits.endswith("000"):
        forms |= {f"{digits[:-3]}k", f"${digits[:-3]}k", f"{int(digits):,}", f"${int(digits):,}"}
    return {form for form in forms if len(form) > 2}


class Facts:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[str, Fact] = {}
        self.profile = Lookup(scene.profile)

    def of(self, topic: str) -> Fact:
        if topic not in self._known:
            self._known[topic] = self._made(topic)
        return self._known[topic]

    def ways(self, topic: str) -> list[str]:
        """Return the ways to say it. `{v}` stands for the value, `{V}` for the value with a capital."""
        entry, known = table("facts")[topic], self.of(topic)
        if known.value:
            bare = topic != "income" or re.fullmatch(r"\$[\d,.]+", known.value)
            return list(entry["say"] if bare else entry["raw"])
        if known.none:
            return list(entry.get("none", entry.get("missing", [])))
        return list(entry.get("missing") or entry[self._shade(topic)])

    def _made(self, topic: str) -> Fact:
        entry = table("facts")[topic]
        given = self._family() if topic == "family" else self.profile.get(*entry["keys"])
        if topic == "name":
            return Fact(topic, self.profile.name)
        if given is None or (not spoken(given) and not isinstance(given, (list, tuple))):
            return Fact(topic, "")
        if is_nothing(given) and topic in ("assets", "debts", "insurance"):
            return Fact(topic, "", none=True)
        return _Maker(self.profile.first_name).make(topic, entry["kind"], given)

    def _family(self) -> Any:
        """Return the longer one of `family` and `familyStatus`."""
        known = [self.profile.get(key) for key in ("family", "familyStatus", "maritalStatus")]
        texts = [text for text in known if isinstance(text, str)]
        return max(texts, key=len) if texts else self.profile.get(*table("facts")["family"]["keys"])

    def _shade(self, topic: str) -> str:
        """Return the key of the answer that fits this client's difficulty or character."""
        if topic == "experience":
            return "missing_hard" if self._scene.difficulty == "advanced" else "missing_easy"
        given = self._scene.personality.get("traits") or self.profile.get("traits", "fusionModelTraits")
        traits = given if isinstance(given, Mapping) else {}
        boldness = number(traits.get("openness"), 50) - number(traits.get("neuroticism"), 50)
        return "missing_high" if boldness > 25 else "missing_low" if boldness < -15 else "missing_mid"


@dataclass(frozen=True)
class _Maker:
    """Makes a fact from a value, by the kind of the topic."""

    name: str

    def make(self, topic: str, kind: str, given: Any) -> Fact:
        if kind in ("goals", "occupation") and isinstance(given, Mapping):
            given = list(given.values())  # such as {"short": "Emergency fund"} or {"title": "Nurse"}
        value = getattr(self, f"_{kind}")(given)
        if kind in _SENTENCES:
            value = lower_first(value)
        return Fact(topic, value, tuple(pieces(given)) or (spoken(given),))

    def _age(self, given: Any) -> str:
        text = spoken(given)
        if years := re.fullmatch(r"(\d{1,3})(?: ?(?:years?(?: old)?|yo|y/o))?", text.lower()):
            return years[1]
        return (
            f"in my {lower_first(text)}" if re.match(r"(?i)(?:early|mid|late|\d0s)", text) else self._with_digits(text)
        )

    @staticmethod
    def _with_digits(text: str) -> str:
        """Return the text if it contains a digit, else nothing: an age without a number says nothing."""
        return text if re.search(r"\d", text) else ""

    def _family(self, given: Any) -> str:
        text = spoken(given) if isinstance(given, str) else ", ".join(pieces(given)).replace(": ", " ")
        return fragments.status(text, self.name)

    def _occupation(self, given: Any) -> str:
        named = [spoken(given)] if isinstance(given, str) else pieces(given)
        return fragments.occupation(named[0]) if named else ""

    def _amount(self, given: Any) -> str:
        text = listed(money(piece).replace(": ", " ") for piece in pieces(given))
        return money(re.sub(r"(?i)\s*(?:/ ?|per |a )(?:year|yr|annum)$|\s+(?:annually|yearly)$", "", text))

    def _holdings(self, given: Any) -> str:
        return fragments.holdings(pieces(given))

    def _debts(self, given: Any) -> str:
        return fragments.debts(pieces(given))

    def _goals(self, given: Any) -> str:
        return _join(fragments.goals(pieces(given)))

    def _concerns(self, given: Any) -> str:
        return fragments.worries(pieces(given)[:2], self.name)

    def _retirement(self, given: Any) -> str:
        text = spoken(given)
        if re.fullmatch(r"\d{2}", text):
            return f"I'd like to stop working around {text}"
        if re.match(r"(?i)to\b", text):
            return f"I want {lower_first(text)}"
        return fragments.worry(text, self.name)

    def _risk(self, given: Any) -> str:
        return lower_first(spoken(given)) if isinstance(given, str) else ""

    def _list(self, given: Any) -> str:
        return fragments.holdings(pieces(given))

    def _place(self, given: Any) -> str:
        return spoken(given) if isinstance(given, str) else listed(pieces(given)[:2])

    def _text(self, given: Any) -> str:
        return fragments.first_person(lower_first(spoken(given)), self.name)


def _join(parts: list[str]) -> str:
    cut = [part.rstrip(".") for part in parts]
    return ". ".join([cut[0], *map(upper_first, cut[1:])]) if cut else ""
