"""Every seed is refused or read: those written by hand, and what fuzzing has found."""

from pathlib import Path

import pytest

from tests.fuzz.readers import READERS, refused_or_read

SEEDS = sorted((Path(__file__).parent / "seeds").glob("*/*"))


def test_every_reader_has_seeds():
    assert {seed.parent.name for seed in SEEDS} == set(READERS)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.parent.name}/{seed.name}")
def test_is_refused_or_read(seed):
    refused_or_read(seed.parent.name, seed.read_bytes())
