"""Rules of the trade that a talk breaks: the line, its words, and how high the review may score."""

from typing import Any

import pytest
from fakes.openai_server import FakeOpenAI

from rplay.agents.broken_rules import broken_in, cap_of, proves
from rplay.agents.chain import Chain
from rplay.agents.evaluation import review
from rplay.agents.rehearsal.reading.meant import Meant
from rplay.agents.rehearsal.reading.types import Breach
from rplay.agents.types import Message, Transcript

GUARANTEE = "I guarantee you nine percent every single year."


def talk(*lines: str, rules: Any = ()) -> Transcript:
    """Lines of the advisor and the client in turn."""
    roles = ("user", "assistant")
    said: list[Message] = [
        {"role": roles[at % 2], "content": line}  # type: ignore[typeddict-item]
        for at, line in enumerate(lines)
    ]
    return Transcript(said, [{"name": "Listening"}], "beginner", rules=rules)


class TestBroken:
    def test_names_line_words_and_cap(self) -> None:
        (found,) = broken_in(talk("Hello Ann, how are you?", "Fine.", f"Well. {GUARANTEE}", "Really?"))
        assert (found.id, found.line, found.sure, found.cap) == ("guaranteed-returns", 3, True, 3)
        assert found.quote in f"Well. {GUARANTEE}"

    @pytest.mark.parametrize(
        ("before", "line", "reply"),
        [
            (
                "Tuesday after seven, yes.",
                "go get her if anything in the comparison isn't plain english circle it and we'll start there",
                "",
            ),
            (
                "New roof in '22. Pete did the receipt.",
                "we don't have that here i've got the roof down as 2004 that's good news an updated roof makes a"
                " difference i'd need the receipt",
                "Seriously? So I've been paying for an old roof for years?",
            ),
            (
                "The renewal's on the first. Do I pay it or not?",
                "pay the first installment if you don't hear from me by the twenty-eighth so you're not without if we"
                " change it you'll get it back send me the roof receipt a photo is fine",
                "Okay. I'll get Pete to dig it out tonight.",
            ),
        ],
    )
    def test_honest_speech_without_marks_is_not_accused(self, before: str, line: str, reply: str) -> None:
        assert not any(one.sure for one in broken_in(talk("Hello.", before, line, reply)))

    @pytest.mark.parametrize(
        "line",
        [
            "No investment is guaranteed, and this one isn't either.",
            "You don't have to sign anything today.",
            "The state guarantees up to 250,000 of it if the insurer fails.",
            "Please never give me or anybody else a signed blank form.",
            "Sixty percent off for a limited time is what they promised you? I'd be careful.",
        ],
    )
    def test_innocent_words_break_nothing(self, line: str) -> None:
        assert not [one for one in broken_in(talk(line, "All right.")) if one.sure or one.caps]

    @pytest.mark.parametrize(
        ("strength", "fits", "reply", "proved"),
        [
            (3.0, 0.1, "The 14th? That isn't today.", False),
            (3.6, 0.4, "The 14th? That isn't today.", True),
            (3.6, 0.4, "Okay, that makes sense.", False),
            (3.6, 0.9, "The 14th? That isn't today.", False),
            (5.7, 0.9, "Okay, that makes sense.", True),
        ],
    )
    def test_meaning_alone_proves_less_where_the_line_fits_and_nobody_asks_back(
        self, monkeypatch: pytest.MonkeyPatch, strength: float, fits: float, reply: str, proved: bool
    ) -> None:
        monkeypatch.setattr("rplay.agents.broken_rules.fitting", lambda *said: fits)
        monkeypatch.setattr("rplay.agents.broken_rules.meant", lambda line: Meant("backdating", strength, line))
        found = Breach("backdating", "You put the 14th next to your name.", 0.85)
        assert proves(found, "What do the two of us do?", found.quote, reply) is proved

    def test_goes_by_the_rules_as_admins_left_them(self) -> None:
        rules = [{"id": "guaranteed-returns", "name": "No promises", "cap": 2, "severity": "low"}]
        (found,) = broken_in(talk(GUARANTEE, rules=rules))
        assert (found.name, found.cap, found.severity) == ("No promises", 2, "low")
        assert not broken_in(talk(GUARANTEE, rules=[{"id": "another", "name": "Another", "cap": 1}]))

    def test_the_lowest_cap_counts(self) -> None:
        broken = broken_in(talk(GUARANTEE, "No.", "Venmo me the 250 a month and I'll keep it on my own account."))
        assert cap_of(broken) == 1
        assert cap_of(()) == 10

    def test_what_the_client_or_the_coach_says_is_none(self) -> None:
        assert not broken_in(talk("Hello.", GUARANTEE))


class TestReviewsOfModels:
    REPLY = {"overallScore": 9, "competencyScores": [{"name": "Listening", "score": 9}], "summary": "fine"}

    def test_a_broken_rule_keeps_the_overall_score_down(self, chain: Chain, fake: FakeOpenAI) -> None:
        fake.reply = self.REPLY
        found = review(chain, talk("Hello Ann.", "Hi.", GUARANTEE, "Really?")).as_array()
        assert found["overallScore"] == 3
        assert found["competencyScores"][0]["score"] == 9
        assert [(one["id"], one["line"]) for one in found["breaches"]] == [("guaranteed-returns", 3)]
        assert found["generalImprovements"] == []

    def test_without_one_nothing_is_added(self, chain: Chain, fake: FakeOpenAI) -> None:
        fake.reply = self.REPLY
        found = review(chain, talk("Hello Ann, what brings you here?", "My pension.")).as_object()
        assert found["overallScore"] == 9
        assert {"breaches", "flags", "moments", "nextStep"}.isdisjoint(found)
