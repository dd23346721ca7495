"""A judged competency, and its checks with the lines that prove them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rplay.agents.assessment.checks import harms
from rplay.agents.rehearsal.assessment.advice import Text
from rplay.agents.rehearsal.assessment.evidence import Evidence
from rplay.agents.rehearsal.assessment.scoring import Part
from rplay.agents.review import NOT_SEEN, UNDECIDED

_YES, _PARTLY, _LINES = 0.75, 0.25, 3
_COUNTED = frozenset({"balance", "order"})  # kinds of evidence from the whole talk, which no single line shows


@dataclass(frozen=True)
class Judged:
    """One competency after judging, under the name in the request, with the parts and faults that made its score."""

    name: str
    level: float
    parts: tuple[Part, ...]
    faults: tuple[str, ...]
    criteria: str
    keys: tuple[str, ...]  # of the table of checks

    @property
    def value(self) -> int:
        """The score, from 1 to 10."""
        return round(self.level)

    def only(self, keys: frozenset[str]) -> bool:
        """Return whether nothing else was judged than what these keys stand for."""
        return keys.issuperset(self.keys)


def checks_of(judged: Judged, evidence: Evidence, told: Sequence[Text]) -> Iterator[dict[str, Any]]:
    """Yield each check with the lines that prove it, then the harms that the texts report."""
    for part in judged.parts:
        proofs = list(_proofs(part, evidence))
        seen = "yes" if part.shown >= _YES else "partly" if part.shown >= _PARTLY else ""
        proved = proofs or not _COUNTED.isdisjoint(part.check.kinds)
        unproved = UNDECIDED if part.undecided else NOT_SEEN
        yield _answer(judged, part.check.id, part.check.text, seen if seen and proved else unproved, proofs)
    for text in told:
        if text.about:
            proof = {"line": text.line, "quote": text.quote}
            yield {**_answer(judged, text.about, harms()[text.about], "yes", [proof]), "harm": True}


def _answer(judged: Judged, id_: str, text: str, seen: str, proofs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    evidence = list(proofs) if seen in ("yes", "partly") else []
    return {"competency": judged.name, "id": id_, "text": text, "seen": seen, "evidence": evidence}


def _proofs(part: Part, evidence: Evidence) -> Iterator[dict[str, Any]]:
    found = [one for one in evidence.record.moments if one.kind in part.check.kinds and one.quote]
    lines = {(evidence.lines[one.at], one.quote): None for one in found if one.at < len(evidence.lines)}
    return ({"line": line, "quote": quote} for line, quote in list(lines)[:_LINES])
