"""Held against figures worked out in another way."""

import random
from itertools import product

import pytest

from rplay.db.review_marks import Pair
from rplay.reviews import agreement as module
from rplay.reviews.agreement import agreement, half_up, measured


def pairs(scores, number="overall"):
    return [Pair(number, human, machine) for human, machine in scores]


def weighted_kappa(scores):
    """The textbook's: observed and expected in a matrix of 10 by 10 with quadratic weights."""
    levels = range(1, 11)
    n = len(scores)
    observed = {cell: sum((half_up(h), half_up(m)) == cell for h, m in scores) / n for cell in product(levels, levels)}
    human = {i: sum(observed[i, j] for j in levels) for i in levels}
    machine = {j: sum(observed[i, j] for i in levels) for j in levels}
    weight = {(i, j): (i - j) ** 2 / 81 for i, j in observed}
    apart = sum(weight[cell] * observed[cell] for cell in observed)
    by_chance = sum(weight[i, j] * human[i] * machine[j] for i, j in observed)
    return 1 - apart / by_chance


def marks(n, seed, spread=2.0):
    chance = random.Random(seed)
    truth = [chance.uniform(1, 10) for _ in range(n)]
    near = [min(10, max(1, round(one + chance.gauss(0.4, spread), 1))) for one in truth]
    return list(zip((round(one * 2) / 2 for one in truth), near, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_the_textbooks(seed):
    scores = marks(60, seed)
    found = agreement("overall", pairs(scores))
    assert found.kappa == pytest.approx(weighted_kappa(scores), abs=0.001)
    assert found.difference == pytest.approx(sum(m - h for h, m in scores) / 60, abs=0.001)
    for value, (low, high) in ((found.kappa, found.kappa_interval), (found.difference, found.difference_interval)):
        assert low < value < high


@pytest.mark.parametrize(("score", "whole"), [(6.5, 7), (7.5, 8), (6.49, 6), (1, 1), (10, 10), (9.5, 10)])
def test_scores_are_rounded_half_up(score, whole):
    assert half_up(score) == whole


def test_perfect_and_contrary_marks_are_at_the_ends():
    scores = [(one, one) for one in range(1, 11)] * 3
    assert agreement("overall", pairs(scores)).kappa == 1
    assert agreement("overall", pairs([(h, 11 - m) for h, m in scores])).kappa == -1


def test_one_score_for_all_says_nothing_but_the_difference():
    found = agreement("overall", pairs([(7, 7)] * 30))
    assert (found.n, found.kappa, found.kappa_interval, found.difference) == (30, None, None, 0)


def test_under_twenty_nothing_is_said():
    found = agreement("overall", pairs(marks(19, 1)))
    assert (found.n, found.note, found.kappa, found.difference) == (19, "too few", None, None)
    assert agreement("overall", pairs(marks(20, 1))).note is None
    assert agreement("overall", []).note == "too few"


def test_the_same_marks_give_the_same_figures():
    given = pairs(marks(50, 3))
    assert agreement("overall", given) == agreement("overall", given)


@pytest.mark.practice
def test_intervals_cover_the_truth_about_as_often_as_they_say(monkeypatch):
    """Of 200 samples with a known mean difference, about 95 % have it in their interval."""
    monkeypatch.setattr(module, "RESAMPLES", (200, 200))
    covered = 0
    for seed in range(200):
        chance = random.Random(seed)
        drawn = [Pair("overall", 5, 5 + chance.choice((-1, 0, 1, 2))) for _ in range(60)]
        low, high = agreement("overall", drawn).difference_interval
        covered += low <= 0.5 <= high
    assert 180 <= covered <= 199


def test_intervals_narrow_with_more_marks():
    def width(n):
        low, high = agreement("overall", pairs(marks(n, 7))).kappa_interval
        return high - low

    assert width(400) < width(40) / 2


def test_each_number_stands_by_itself():
    found = measured(pairs(marks(25, 1)) + pairs(marks(30, 2), "Trust") + pairs(marks(3, 3), "Advice"))
    assert (found.overall.number, found.overall.n) == ("overall", 25)
    assert [(one.number, one.n, one.note) for one in found.competencies] == [
        ("Advice", 3, "too few"),
        ("Trust", 30, None),
    ]
