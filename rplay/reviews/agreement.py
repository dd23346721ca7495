"""How far the machine agrees with people who marked the same talks blind.

Quadratic weighted kappa on scores rounded half up, and the mean difference, each with a 95 % interval of a bootstrap
over the pairs. The seed is fixed: the same marks give the same figures.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from rplay.db.review_marks import Pair
from rplay.reviews.numbers import OVERALL

LEAST = 20  # pairs; under them nothing is said
RESAMPLES = (200, 1000)  # at least and at most: the more pairs, the fewer are needed, and the longer each one takes
DRAWS = 100_000  # pairs drawn for a number: a tenth of a second of processor
SEED = 20
TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one number, over `n` pairs. `difference` is the machine's less people's: above 0 the machine is kinder.
    `kappa` is None where all marks and scores are the same one, as chance alone would agree."""

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
    """Overall and by competency. What was measured last is remembered; new marks take up to a tenth of a second of
    processor a number, so that it belongs in a thread."""
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
    """What one pair adds to the sums: both numbers rounded, their squares, how far they are apart in squares, and the
    difference."""
    one, other = half_up(human), half_up(machine)
    return one, other, one * one + other * other, (one - other) ** 2, machine - human


def _figures(drawn: Mapping[int, int], parts: Sequence[tuple[int, int, int, int, float]]) -> tuple[float | None, float]:
    """Kappa and mean difference of pairs, each as often as it was drawn.

    Kappa is 1 − what they are apart / what they would be by chance, both in squares; the scale of weights drops out.
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
    """Between the 2.5th and the 97.5th of a hundred."""
    if not values:
        return None
    ordered = sorted(values)
    low, high = (ordered[round(share * (len(ordered) - 1))] for share in (0.025, 0.975))
    return round(low, 3), round(high, 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
