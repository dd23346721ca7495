"""Forms of words, and the other person's words turned round."""

import pytest

from rplay.agents.rehearsal.client.inflection import past, third, turned


class TestTurnsRound:
    @pytest.mark.parametrize(
        ("said", "back"),
        [
            ("your wife told you about it", "my wife told me about it"),
            ("when you bought it", "when I bought it"),
            ("anyone you trust with your money", "anyone I trust with my money"),
            ("help me with my form", "help you with your form"),
        ],
    )
    def test_the_words_of_the_other(self, said: str, back: str) -> None:
        assert " ".join(turned(said.split())) == back

    def test_verbs(self) -> None:
        assert [past(one) for one in ("carry", "stop", "happen", "use", "buy")] == [
            "carried", "stopped", "happened", "used", "bought",
        ]  # fmt: skip
        assert [third(one) for one in ("carry", "watch", "pay", "have")] == ["carries", "watches", "pays", "has"]
