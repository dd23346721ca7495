"""The client as the speaker of the profile's texts, and the sex that these texts assume."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rplay.agents.persona.names import sex_of

Sex = Literal["f", "m", ""]
PRONOUNS: dict[str, tuple[Sex, str]] = {
    "he": ("m", "subject"), "him": ("m", "object"), "his": ("m", "whose"), "himself": ("m", "self"),
    "she": ("f", "subject"), "her": ("f", "her"), "hers": ("f", "own"), "herself": ("f", "self"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speaker:
    """The client's name and sex, as far as rewriting a text needs them."""

    name: str = ""
    sex: Sex = ""

    @property
    def names(self) -> frozenset[str]:
        """The words of the client's name that texts may use, in lower case."""
        parts = [part for part in re.split(r"[ ,]+", self.name) if len(part) > 2 and not part.endswith(".")]
        return frozenset(part.lower() for part in parts)

    @property
    def first(self) -> str:
        return next((part for part in self.name.split() if not part.endswith(".")), "").lower()


def sex_told(name: str, family: str, background: str, *fragments: str) -> Sex:
    """Return the client's sex as the texts and the name tell it; empty if they do not."""
    low = family.lower()
    if hit := re.search(r"\bsingle (?:(mother|mom)|father|dad)\b|\b(widow)\b|\bwidower\b", low):
        return "f" if hit[1] or hit[2] else "m"
    votes = list(_votes(name, background, fragments))
    by_name = sex_of(next((part for part in name.split() if not part.endswith(".")), ""))
    female = votes.count("f") + _BY_NAME * (by_name == "f")
    male = votes.count("m") + _BY_NAME * (by_name == "m")
    if female != male:
        return "f" if female > male else "m"
    return by_name or ""


# the first name counts as this many pronouns, because texts about a mother of sons often contain `his`
_BY_NAME = 3
_OTHER = re.compile(r"\b(?:broker|advisor|adviser|agent|boss|owner|landlord|doctor|partner|son|brother|father|husband"
                    r"|daughter|sister|mother|wife)\b")  # fmt: skip


def _votes(name: str, background: str, fragments: tuple[str, ...]) -> Iterator[str]:
    """Yield the sex of each pronoun that means the client. One that can mean nobody else is yielded twice."""
    for text in fragments:
        others = {sex_of(word.removesuffix("'s")) for word in re.findall(r"\b[A-Z][a-z]+(?:'s)?", text[1:])}
        for word in re.findall(r"(?i)\b(?:he|she|his|him|her|hers|himself|herself)\b", text):
            sex = PRONOUNS[word.lower()][0]
            if sex not in others:
                yield from (sex, sex)
    for whole in re.split(r"(?<=[.;!?])\s+", background):
        if hit := re.match(r"(?:In \w+,? |Since then |Last \w+ )?(He|She|His|Her)\b", whole, re.IGNORECASE):
            yield from (PRONOUNS[hit[1].lower()][0],) * 2
        first = re.search(r"(?i)\b(?:he|she|his|him|her)\b", whole)
        earlier = re.findall(r"\b[A-Z]\w+", whole[: first.start()]) if first else []
        named = any(sex_of(word) for word in earlier if word not in name)
        if first and not named and not _OTHER.search(whole[: first.start()]):
            yield PRONOUNS[first[0].lower()][0]
