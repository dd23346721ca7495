"""Measures how far the machine agrees with people who marked the same talks blind.

It computes quadratic weighted kappa on scores rounded half up, and the mean difference, each with a 95 % interval from
a bootstrap over the pairs. The seed is fixed, so the same marks give the same figures.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from rplay.db.review_marks import Pair
from rplay.reviews.numbers import OVERALL

LEAST = 20  # pairs below which nothing is reported
RESAMPLES = (200, 1000)  # minimum and maximum; more pairs need fewer resamples, each of which takes longer
DRAWS = 100_000  # pairs drawn per score, which takes a tenth of a second of CPU
SEED = 20
TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on one score, over `n` pairs.

    `difference` is the machine's score minus people's: above 0 the machine is kinder. `kappa` is None if all scores are
    the same, as they would then agree by chance alone.
    """

    number: str
    n: int
    kappa: float | None = None
    kappa_interval: tuple[float, float] | None = None
    difference: float | None = None
    difference_interval: tuple[float, float] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Agreements:
    overall: Agreement
    competencies: list[Agreement]


def measured(marked: Sequence[Pair]) -> Agreements:
    """Measure the agreement, overall and by competency.

    The last result is cached. New marks take up to a tenth of a second of CPU per score, so call this in a thread.
    """
    return _measured(tuple(marked))


@lru_cache(maxsize=1)
def _measured(marked: tuple[Pair, ...]) -> Agreements:
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for pair in marked:
        pairs[pair.number].append(pair)
    overall = agreement(OVERALL, pairs.pop(OVERALL, []))
    return Agreements(overall, [agreement(name, pairs[name]) for name in sorted(pairs)])


def agreement(number: str, pairs: Sequence[Pair]) -> Agreement:
    n = len(pairs)
    if n < LEAST:
        return Agreement(number, n, note=TOO_FEW)
    kinds = list(dict.fromkeys((pair.human, pair.machine) for pair in pairs))
    place = {kind: number for number, kind in enumerate(kinds)}
    drawn, parts = [place[pair.human, pair.machine] for pair in pairs], [_parts(*kind) for kind in kinds]
    kappa, difference = _figures(Counter(drawn), parts)
    random = Random(SEED)  # noqa: S311 (nothing secret)
    least, most = RESAMPLES
    times = max(least, min(most, DRAWS // n))
    resampled = [_figures(Counter(random.choices(drawn, k=n)), parts) for _ in range(times)]
    return Agreement(
        number,
        n,
        kappa=_rounded(kappa),
        kappa_interval=_interval([one for one, _ in resampled if one is not None]),
        difference=_rounded(difference),
        difference_interval=_interval([one for _, one in resampled]),
    )


def half_up(score: float) -> int:
    return math.floor(score + 0.5)


def _parts(human: float, machine: float) -> tuple[int, int, int, int, float]:
    """Return what one pair contributes to the sums: both scores rounded, the sum of their squares, their squared
    distance, and their difference.
    """
    one, other = half_up(human), half_up(machine)
    return one, other, one * one + other * other, (one - other) ** 2, machine - human


def _figures(drawn: Mapping[int, int], parts: Sequence[tuple[int, int, int, int, float]]) -> tuple[float | None, float]:
    """Return kappa and the mean difference of pairs, given how often each was drawn.

    Kappa is 1 minus the squared distance divided by the one expected by chance; the scale of the weights cancels out.
    """
    n = humans = machines = squares = apart = 0
    difference = 0.0
    for kind, count in drawn.items():
        one, other, squared, away, more = parts[kind]
        n += count
        humans += count * one
        machines += count * other
        squares += count * squared
        apart += count * away
        difference += count * more
    by_chance = squares - 2 * humans * machines / n
    return (1 - apart / by_chance if by_chance > 1e-9 else None), difference / n


def _interval(values: list[float]) -> tuple[float, float] | None:
    """Return the 2.5th and 97.5th percentiles."""
    if not values:
        return None
    ordered = sorted(values)
    low, high = (ordered[round(share * (len(ordered) - 1))] for share in (0.025, 0.975))
    return round(low, 3), round(high, 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
