"""The last line that ends a talk: read, and never shown."""

import pytest

from rplay.agents.ending import FAREWELL, Ended, Unmarked, with_mark, without_mark

BYE = "Goodbye, then."


class TestWithoutMark:
    @pytest.mark.parametrize(
        "mark", ["[[END: had enough]]", "[[end: client: had enough]]", " [[ END : had  enough ]] "]
    )
    def test_is_taken_off_and_read(self, mark):
        assert without_mark(f"{BYE}\n{mark}") == (BYE, Ended("client", "had enough"))

    def test_tells_who_ended_it(self):
        assert without_mark(with_mark(BYE, Ended("advisor", "said goodbye"))) == (BYE, Ended("advisor", "said goodbye"))

    @pytest.mark.parametrize(
        "text", ["That's it.", "A list [1] and [[two]] and [[ending]].", "I said end: no.", "[[END"]
    )
    def test_leaves_other_words_alone(self, text):
        assert without_mark(text) == (text, None)

    def test_puts_a_farewell_where_nothing_was_said(self):
        assert without_mark("[[END: left]]") == (FAREWELL, Ended("client", "left"))

    def test_a_talk_that_goes_on_has_no_mark(self):
        assert with_mark(BYE, None) == BYE


class TestUnmarked:
    @pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 100])
    def test_shows_the_same_however_it_is_cut(self, size):
        assert passed(f"{BYE}\n[[END: had enough]]", size) == (BYE, Ended("client", "had enough"))

    @pytest.mark.parametrize("size", [1, 3, 100])
    @pytest.mark.parametrize("text", ["Well, [[not]] this one. ", "One [ two\n\nthree", "It ends with [["])
    def test_passes_everything_else_on(self, text, size):
        assert passed(text, size) == (text, None)

    def test_puts_a_farewell_where_nothing_was_said(self):
        assert passed("[[END: left]]", 4) == (FAREWELL, Ended("client", "left"))


def passed(text: str, size: int) -> tuple[str, Ended | None]:
    unmarked = Unmarked()
    shown = [unmarked.shown(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join([*shown, unmarked.rest()]), unmarked.ended
