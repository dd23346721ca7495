"""Words and fillers."""

import pytest

from rplay.stt.counting import fillers, words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("I'd like to know.", 0),
        ("Um, I, uh, would say so.", 2),
        ("Well, you know, it is, like, a lot.", 2),
        ("You know what I mean.", 0),
        ("I like that, and you know it.", 0),
        ("Hmm. Mmm, erm.", 3),
        ("An umbrella for the hummingbird.", 0),
    ],
)
def test_fillers(text, count):
    assert fillers(text) == count


def test_words():
    assert words("I'd like 5 of them - please.") == 6
