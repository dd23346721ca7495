"""Questions taken apart by their grammar."""

import pytest

from rplay.agents.rehearsal.client.asked import asked


class TestTakesApart:
    @pytest.mark.parametrize(
        ("question", "form", "subject", "verb", "rest"),
        [
            ("How long was the store closed?", "how long", "the store", "be", "closed"),
            ("how long would that repair take do you think", "how long", "that repair", "take", ""),
            ("ok so tell me how you ended up with that account", "how", "I", "end", "up with that account"),
            ("What makes you think it won't work?", "what", "", "make", "me think it won't work"),
            ("Did your old agent ever go over that with you?", "yes_no", "my old agent", "go", "over that with me"),
            ("I was wondering if you ever thought about moving", "yes_no", "I", "think", "about moving"),
            ("Is there anyone you trust with this?", "yes_no", "there", "be", "anyone I trust with this"),
            ("If the rent went up how would you handle it?", "how", "I", "handle", "it"),
            ("Why do you think they denied it?", "why", "they", "deny", "it"),
            ("how's it feel", "how", "it", "feel", ""),
        ],
    )
    def test_into_what_is_asked_of_whom(self, question: str, form: str, subject: str, verb: str, rest: str) -> None:
        found = asked(question)
        assert found is not None
        assert (found.form, found.subject, found.verb, found.rest) == (form, subject, verb, rest)

    @pytest.mark.parametrize(
        "line",
        [
            "I see what you mean.",
            "My dad had a Krause kitchen, no kidding, the drawers still close.",
            "where is the money now is it the savings no wait the forty where is the forty",
            "Term is like renting.",
            "",
            "?",
        ],
    )
    def test_not_what_is_no_question_or_more_than_one(self, line: str) -> None:
        assert asked(line) is None
