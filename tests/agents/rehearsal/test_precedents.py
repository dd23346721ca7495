"""The precedents: what may stand in them, and that their vectors are those of their wordings."""

import re

import pytest

from rplay.agents import meaning
from rplay.agents.rehearsal.client.by_precedent import NEEDS
from rplay.agents.rehearsal.precedents import Precedent, nearest, precedents, vectors_of, wordings
from rplay.agents.rehearsal.reading.text import bare

needs_the_model = pytest.mark.skipif(not meaning.installed(), reason="needs the model of meaning: the extra `local`")
_SLOTS = {"partner": "partner", "child": "children"}


def test_each_has_a_wording_and_an_answer_and_needs_what_can_be_told() -> None:
    for one in precedents():
        assert one.asks, one
        assert one.says, one
        assert one.needs <= NEEDS, one


def test_no_answer_names_a_figure_and_a_name_is_only_that_of_somebody_whom_it_needs() -> None:
    for one in precedents():
        for said in one.says:
            assert not re.search(r"[\d$]", said), said
            assert {_SLOTS[slot] for slot in re.findall(r"\{(\w+)\}", said)} <= one.needs, one


def test_no_wording_is_that_of_two() -> None:
    plain = [bare(one) for one in wordings()]
    assert len(plain) == len({*plain})


@needs_the_model
@pytest.mark.parametrize("at", range(0, 10_000, 2_500))
def test_the_vectors_are_those_of_the_wordings(at: int) -> None:
    """Else: `python -m bench.practice.precede`."""
    import numpy

    from rplay.agents.rehearsal.precedents import WORDINGS

    kept = numpy.load(WORDINGS, mmap_mode="r")
    assert kept.shape == (2, len(wordings()), meaning.SIZE)
    some = [bare(one) for one in wordings()[at : at + 5]]
    made = vectors_of(some)
    assert numpy.abs(kept[:, at : at + 5].astype(int) - made).max() <= 2


@needs_the_model
def test_the_nearest_asks_the_same() -> None:
    found = next(nearest("did they tell you why"))
    assert isinstance(found.precedent, Precedent)
    assert found.direction > 0.8
    assert "why" in bare(found.wording)
