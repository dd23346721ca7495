"""Sentences as directions of meaning."""

from importlib.util import find_spec

import pytest

from rplay.agents import meaning
from rplay.agents.meaning.wordpiece import pieces
from rplay.agents.rehearsal.reading import make_vectors
from rplay.agents.rehearsal.reading.make_vectors import made
from rplay.agents.rehearsal.reading.similarity import BOOKS, examples, nearness, shipped

here = pytest.mark.skipif(find_spec("onnxruntime") is None, reason="the extra `local` is not installed")


class TestPieces:
    def test_are_those_of_bert(self):
        assert pieces("Unaffordable café, 401(k)!") == [
            101, 14477, 4246, 8551, 3085, 7668, 1010, 22649, 1006, 1047, 1007, 999, 102,
        ]  # fmt: skip

    def test_a_long_text_is_cut_and_a_strange_sign_is_unknown(self):
        assert len(pieces("word " * 500)) == 128
        assert pieces("\U0001f996") == [101, 100, 102]


@here
class TestVectors:
    def test_the_same_in_other_words_is_nearer_than_something_else(self):
        said = meaning.vector("what worries you the most")
        assert said @ meaning.vector("what are you most afraid of") > said @ meaning.vector("which bank are you with")

    @pytest.mark.parametrize("step", [100, pytest.param(20, marks=pytest.mark.practice)])
    @pytest.mark.parametrize("book", BOOKS)
    def test_those_shipped_are_of_the_examples_as_they_are(self, book, step):
        """All of them take more than half a minute."""
        texts = [text for _, text in examples(book)]
        assert len(shipped()[book]) == len(texts), "run `python -m rplay.agents.rehearsal.reading.make_vectors`"
        near = [float(shipped()[book][row] @ meaning.vector(texts[row])) for row in range(0, len(texts), step)]
        assert min(near) > 0.99, "run `python -m rplay.agents.rehearsal.reading.make_vectors`"

    def test_what_breaks_a_rule_is_told_from_what_warns_of_it(self):
        asked = meaning.broken("make the check out to me and i'll pass it on")
        warned = meaning.broken("never make a check out to an advisor not even to me")
        assert asked["money-to-advisor"] > 0.9 > 0.5 > 1 - warned["none"]

    def test_what_is_asked_for_alone_is_what_comes_of_all_together(self):
        apart, together = "how long have you been there", "how long have you been there now"
        meaning.read(together, "entries", "rules", "vector")
        one = [meaning.vector(text) for text in (together, apart)]
        meaning.read.__globals__["_kept"].cache_clear()
        assert (meaning.vector(together) == one[0]).all()
        assert meaning.read(apart, "vector").keys() == {"vector"}

    def test_are_a_byte_a_number(self, monkeypatch):
        few = examples("acts")[:3]
        monkeypatch.setattr(make_vectors, "examples", lambda book: few)
        assert made("acts").dtype == "int8"


class TestWithout:
    def test_letters_and_words_alone_still_tell_the_label(self, monkeypatch):
        monkeypatch.setattr(meaning, "on", lambda: False)
        near = nearness("targets", "how old are you")
        assert max(near, key=lambda label: near[label]) == ("self", "age")
