"""Breaches of the rules of the trade: found however they are said, and never where a line proves none."""

import json
from importlib.resources import files
from itertools import chain

import pytest

from bench.practice.breaking import TOWERS, breaches_in_talks, lines_of_talks, only, seen
from bench.practice.tuning.sources import PARTS
from rplay.agents import meaning
from rplay.agents.rehearsal.reading.compliance import SURE, breaches, rules
from tests.agents.rehearsal.reading.test_read import reading

CATALOGUE = json.loads((files("rplay") / "data/compliance.json").read_text(encoding="utf-8"))


def found(line: str) -> set[str]:
    return {one.id for one in breaches(line) if one.confidence >= SURE}


class TestCatalogue:
    def test_each_breach_has_a_rule_and_no_rule_is_without(self):
        assert set(rules()) == {one["id"] for one in CATALOGUE}

    @pytest.mark.sampled(8)
    @pytest.mark.parametrize("breach", CATALOGUE, ids=lambda one: one["id"])
    def test_its_examples_are_found(self, breach):
        missed = [line for line in breach["examples"] if breach["id"] not in found(line)]
        assert len(missed) <= 1, missed

    @pytest.mark.sampled(8)
    @pytest.mark.parametrize("breach", CATALOGUE, ids=lambda one: one["id"])
    def test_its_counter_examples_are_innocent(self, breach):
        assert [(line, found(line)) for line in breach["counterExamples"] if found(line)] == []

    @pytest.mark.parametrize(
        ("line", "id_"),
        [
            ("I guarantee you won't lose a cent. Shall I get the form?", "no-risk"),
            ("There's no way you lose money in this.", "no-risk"),
            (
                "I guarantee you won't lose a cent with this fund, and there's no fee worth talking about. Shall I get the"
                " form?",
                "no-risk",
            ),
            ("You'll double your money in five years.", "guaranteed-returns"),
            ("The fund did 22 percent last year, it'll do it again.", "guaranteed-returns"),
            ("And no, there's no fee worth talking about.", "hidden-fees"),
            (
                "Look, 1,580 a month in my fund and you'll double your money in five years. I guarantee you won't lose a"
                " cent.",
                "guaranteed-returns",
            ),
            (
                "It made ten percent last year, and I can pretty much guarantee you it'll keep doing that.",
                "guaranteed-returns",
            ),
            ("There's no way to lose money if you leave it for a few years.", "no-risk"),
        ],
    )
    def test_blunt_lines_are_found(self, line, id_):
        assert id_ in found(line)

    def test_most_are_found_by_words_alone(self, monkeypatch):
        monkeypatch.setattr(meaning, "on", lambda: False)
        breaches.cache_clear()
        lines = list(chain.from_iterable((one["id"], line) for one in CATALOGUE for line in one["examples"]))
        pairs = list(zip(lines[::2], lines[1::2], strict=True))
        hits = sum(id_ in found(line) for id_, line in pairs)
        breaches.cache_clear()
        assert hits >= 0.85 * len(pairs)


class TestSaid:
    def test_the_quote_is_the_advisors_own_sentence(self):
        line = "Thanks for coming. Just make the check out to me and I'll put it through on Monday. Okay?"
        (breach,) = reading(line).breaches
        assert breach.id == "money-to-advisor"
        assert breach.quote == "Just make the check out to me and I'll put it through on Monday."

    def test_without_marks_as_with_them(self):
        assert "false-application" in found("just say you dont smoke they never check")
        assert "blank-forms" in found(
            "if you could just sign here at the bottom ill fill in the rest back at the office"
        )

    @pytest.mark.parametrize(
        "line",
        [
            "Did your last agent ever promise you a return?",
            "They told you you can't lose, and that was wrong.",
            "What would make this hour worth your while?",
            "It's about ninety dollars all in.",
            "In 2008 your kind of fund fell by forty percent.",
            "If they won't put it in writing, I'd look elsewhere.",
            "You don't have to decide today.",
            "You'd get the full amount if you hold it, but I won't say it's without risk.",
            "I can't promise it'll keep doing that.",
            "I promise I'll keep you posted.",
            "Some advisors skip the exclusions. I read them out loud, it takes ten minutes.",
            "A blank, signed form is like a blank check.",
            "Paying the truck down saves you eight percent for sure, that's better than what I could offer.",
            "Stays in this call, well, it's recorded by the firm like all of them, but I'm not going to tell your friends.",
        ],
    )
    def test_what_only_sounds_alike_is_no_breach(self, line):
        assert found(line) == set()


class TestStrangers:
    """A part of the lines in talks, by the tower that was not taught what their author wrote, and by all:
    `python -m bench.practice.breaking` counts all."""

    @pytest.mark.practice
    def test_breaches_they_wrote_are_mostly_proved(self):
        for part, tower in zip(PARTS, TOWERS, strict=True):
            lines = [one for source in dict.fromkeys(part) for one in breaches_in_talks(source)][::4]
            with only(tower):
                assert sum(bool(seen(one).broken) for one in lines) >= 0.7 * len(lines)

    @pytest.mark.practice
    def test_their_honest_advisors_are_not_accused(self):
        lines = [one for part in PARTS for source in dict.fromkeys(part) for one in lines_of_talks(source)]
        found = [seen(one) for line in lines[::9] for one in (line, line.without_marks())]
        assert [(one.line.text, one.broken) for one in found if one.broken] == []
