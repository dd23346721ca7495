"""From what was shown to the numbers."""

import pytest

from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.scoring import overall, score

EVERYTHING = ("opening", "agenda", "paces", "summary", "next_step", "dated", "closing", "balance", "order")


def timed(*without: str, quality: float = 0.95) -> float:
    record = Record(turns=14, quality=quality)
    for kind in EVERYTHING:
        record.counts[kind] = 0 if kind in without else 2
    return score("time-management", record, "intermediate").level


def test_what_nothing_shows_costs_a_good_talk_half_its_weight_and_another_all_of_it():
    good, fair = (timed(quality=quality) - timed("agenda", quality=quality) for quality in (0.95, 0.7))
    assert 0 < good == pytest.approx(fair / 2)


def test_of_two_good_talks_the_one_with_a_date_and_an_agenda_is_better():
    assert timed() > timed("dated") > timed("dated", "agenda")


def test_the_whole_tells_talks_apart_whose_competencies_are_rounded_alike():
    record = Record(turns=14, quality=0.95)
    assert overall([9.4, 9.4], record, 10) > overall([8.6, 8.6], record, 10)
    assert overall([9.4, 9.4], record, 4) == 4


def test_of_two_poor_talks_the_one_that_breaks_more_rules_or_presses_more_is_worse():
    def poor(seems: float, pressed: float) -> float:
        record = Record(turns=10, quality=0.1, said=10, seems_broken=seems)
        record.counts["pressure"] = pressed
        return overall([2.5, 2.5], record, 10)

    assert poor(0, 0) > poor(3, 0) > poor(6, 0)
    assert poor(3, 0) > poor(3, 3)


def test_a_rule_that_seems_broken_moves_no_good_talk_before_it_is_proved():
    records = (Record(turns=10, quality=0.95, said=10, seems_broken=many) for many in (0, 5))
    assert len({overall([8.2, 8.4], record, 10) for record in records}) == 1


def test_a_weak_talk_that_harms_nobody_is_not_as_bad_as_one_that_does():
    def weak(seems: float) -> float:
        return overall([3.8, 3.8], Record(turns=10, quality=0.1, said=10, seems_broken=seems), 10)

    assert weak(0) >= 3.5 > weak(5) + 1
