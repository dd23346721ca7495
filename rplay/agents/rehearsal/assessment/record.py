"""What the advisor's lines have shown so far."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Moment:
    """Something that one line of the advisor shows. `at` is the index of its turn."""

    kind: str
    at: int
    quote: str | None


@dataclass
class Record:
    """Counts each kind of behaviour, with the sentences that show it. `turns` is the number of lines that count."""

    turns: int = 0
    counts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    quotes: dict[str, list[str]] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    objections: int = 0
    advisor_words: int = 0
    client_words: int = 0
    said: int = 0  # lines of the advisor, also those that break a rule
    seems_broken: float = 0.0  # how many of them seem to break a rule, each from 0 to 1
    quality: float | None = None  # quality of the exchanges from 0 to 1; None if it cannot be judged

    def add(self, kind: str, quote: str | None, worth: float = 1.0, *, at: int | None = None) -> None:
        self.counts[kind] += worth
        if quote and quote not in self.quotes.setdefault(kind, []):
            self.quotes[kind].append(quote)
        if at is not None:
            self.moments.append(Moment(kind, at, quote))

    def total(self, kinds: Sequence[str]) -> float:
        return sum(self.counts.get(kind, 0.0) for kind in kinds)
