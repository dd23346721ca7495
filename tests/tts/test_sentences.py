"""Where the sentences of a text end that is still being written."""

import pytest

from rplay.tts.sentences import LONGEST, Sentences


def cut(text, step=1):
    sentences = Sentences()
    pieces = [part for at in range(0, len(text), step) for part in sentences.write(text[at : at + step])]
    return [*pieces, sentences.rest()]


def said(text, step=1):
    return [part.strip() for part in cut(text, step) if part.strip()]


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
class TestEnds:
    @pytest.mark.parametrize(
        "sentences",
        [
            ["I see.", "What would it cost?", "Fine!"],
            ["It was 2008.", "We lost a lot."],
            ["Was it I.", "Yes."],
            ["“I see.”", "Then she left."],
            ['She said "no way." and left.', "So did he."],
            ["I left at 5 p.m.", "Then I slept."],
            ["No.", "I would not."],
            ["One line\n", "another line"],
            ["你好。", "再见！"],
        ],
    )
    def test_are_found(self, sentences, step):
        assert said(" ".join(sentences).replace("\n ", "\n"), step) == [one.strip() for one in sentences]

    @pytest.mark.parametrize(
        "sentence",
        [
            "Mr. Smith and Dr. Jones, e.g. those two, came.",
            "It costs $1.5 million, or 3.25% of it.",
            "Well... I don't know.",
            "Hm… maybe I do.",
            "J. Smith said so.",
            "It is No. 5 on the list.",
            "I left at 5 p.m. on Monday.",
            '"Really?" she asked.',
            "*sighs. looks away* Well.",
            "1. First of all.",
            "Look at example.com for it.",
            "The U.S. market fell.",
        ],
    )
    def test_are_not_seen_where_there_is_none(self, sentence, step):
        if len(sentence) < 40:
            assert said(sentence, step) == [sentence]
        assert said("So. " + sentence, step) == ["So.", sentence]

    def test_nothing_is_lost(self, step):
        text = "  Hm. *nods*  Yes, e.g. this\n\n- one\n- two … “Quite.” And so on, and so on"
        assert "".join(cut(text, step)) == text


def test_the_first_piece_may_end_at_a_clause():
    text = (
        "When my husband lost his work two years ago, we had to live on what I earn, and on what was left. Then, more."
    )
    first, *_ = said(text)
    assert first == "When my husband lost his work two years ago,"
    assert said("So. " + text)[1] == text.removesuffix(" Then, more.")


def test_a_sentence_is_whole_with_the_blank_behind_it():
    sentences = Sentences()
    assert sentences.write("I see.") == []
    assert sentences.write(" And") == ["I see."]


def test_what_never_ends_is_cut():
    for text in ("word " * 1000, "x" * 5000, "yes, " * 1000):
        parts = cut(text, 50)
        assert "".join(parts) == text
        assert max(map(len, parts)) <= LONGEST
