"""What the reading has learned, and that it was learned from what is there."""

import numpy
import pytest

from bench.practice.learn import digest
from rplay.agents.persona.life import ASPECTS
from rplay.agents.rehearsal.reading import learned, read
from rplay.agents.rehearsal.reading.targets import OTHERS
from tests.agents.rehearsal.reading.life import DARNELL
from tests.agents.rehearsal.reading.test_read import after


def test_is_learned_from_the_examples_and_talks_as_they_are() -> None:
    """Else: `python -m bench.practice.learn`."""
    with numpy.load(learned.WEIGHTS) as file:
        assert file["digest"] == digest()


def test_knows_every_aspect_and_whatever_else_is_asked() -> None:
    labels, weights = learned.model("questions")
    assert set(labels) == {f"{kind}.{one}" for kind, aspects in ASPECTS.items() for one in aspects} | set(OTHERS)
    assert numpy.isfinite(weights).all()


@pytest.mark.parametrize(
    "line",
    [
        "How long was the store closed?", "who put those numbers down in the first place", "What did the adjuster say?",
        "is there a hydrant near the house", "how did they find out about the leak", "what year is the forklift",
    ],
)  # fmt: skip
def test_a_detail_nobody_wrote_is_no_fact_of_the_life(line: str) -> None:
    said = read(line, [], DARNELL).sentences[0]
    assert said.asks in ("detail", "story")


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Would you rather have the thousand or the five hundred?", "opinion"),
        ("would that be too much for you", "opinion"),
        ("mind if I take a few notes", "permission"),
        ("Are we on the same page so far?", "check"),
    ],
)
def test_what_asks_for_no_fact_has_no_target(line: str, asks: str) -> None:
    said = read(line, after("How's work?", "They sold the garage."), DARNELL).sentences[0]
    assert (said.asks, said.target) == (asks, None)


def test_the_score_is_the_share_of_the_target_among_all_that_may_be_meant() -> None:
    sure, unsure = (read(line, [], DARNELL).sentences[0] for line in ("How old are you?", "and the old one"))
    assert sure.score > 0.8 > unsure.score >= 0.0
