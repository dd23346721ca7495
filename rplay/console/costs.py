"""Usage and cost of AI calls, summed by day, provider, model or agent."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rplay.data import Price
from rplay.db.insight import AiUse

_DAY = re.compile(r"-20\d\d-\d\d-\d\d$")


@dataclass(frozen=True, slots=True)
class Sum:
    """Summed usage. `cost` is in US dollars; `unpriced` counts calls of models whose price is unknown."""

    name: str
    calls: int
    failed: int
    tokens_in: int
    tokens_out: int
    cost: float
    unpriced: int


def by(key: Callable[[AiUse], str | date], uses: Sequence[AiUse], prices: Mapping[str, Price]) -> list[Sum]:
    """Return one sum per key, sorted by name."""
    found: dict[str, list[AiUse]] = defaultdict(list)
    for use in uses:
        found[str(key(use))].append(use)
    return [total(name, found[name], prices) for name in sorted(found)]


def total(name: str, uses: Sequence[AiUse], prices: Mapping[str, Price]) -> Sum:
    costs = [cost_of(use, prices) for use in uses]
    return Sum(
        name,
        sum(use.calls for use in uses),
        sum(use.failed for use in uses),
        sum(use.tokens_in for use in uses),
        sum(use.tokens_out for use in uses),
        sum(cost or 0 for cost in costs),
        sum(use.calls for use, cost in zip(uses, costs, strict=True) if cost is None),
    )


def cost_of(use: AiUse, prices: Mapping[str, Price]) -> float | None:
    """Return the cost in US dollars; None if the price is unknown.

    The rehearsal costs nothing. A dated version of a model (name with a date at the end) costs as much as the model.
    """
    if use.provider == "local":
        return 0.0
    price = prices.get(use.model) or prices.get(_DAY.sub("", use.model))
    return (use.tokens_in * price.input + use.tokens_out * price.output) / 1_000_000 if price else None
