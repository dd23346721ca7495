"""What a whole line means, related rules added up, and which sentence proves most of it."""

import pytest

from rplay.agents import meaning
from rplay.agents.rehearsal.reading import meant as module
from rplay.agents.rehearsal.reading.meant import FAMILIES, meant
from tests.agents.rehearsal.reading.test_compliance import CATALOGUE

LINE = "I looked at it again on Monday morning. We do the rest of it between the two of us."
WHOLE = "i looked at it again on monday morning we do the rest of it between the two of us"


@pytest.fixture
def told(monkeypatch):
    """Shares by the text that is asked about; all else breaks nothing."""
    found = {}
    rules = [rule for those in FAMILIES for rule in those]

    def broken(text):
        shares = dict.fromkeys(rules, 0.0) | found.get(text, {})
        return shares | {"none": 1 - sum(shares.values())}

    monkeypatch.setattr(meaning, "on", lambda: True)
    monkeypatch.setattr(module.meaning, "broken", broken)
    meant.cache_clear()
    yield found
    meant.cache_clear()


def test_each_rule_of_the_catalogue_is_of_one_family():
    assert sorted(rule for those in FAMILIES for rule in those) == sorted(one["id"] for one in CATALOGUE)


def test_related_rules_add_up_where_unrelated_ones_do_not(told):
    told[WHOLE] = {"churning": 0.4, "secrecy": 0.3, "confidentiality": 0.3}
    assert meant(LINE).rule in ("secrecy", "confidentiality")


def test_the_line_is_read_without_marks_as_a_machine_hears_it(told):
    told[WHOLE] = {"secrecy": 0.9}
    assert meant(LINE).strength == meant(WHOLE).strength > 2


def test_the_quote_is_the_sentence_that_says_most_of_it(told):
    told[WHOLE] = {"secrecy": 0.9}
    told["we do the rest of it between the two of us"] = {"secrecy": 0.5}
    assert meant(LINE).quote == "We do the rest of it between the two of us."


def test_a_long_line_is_read_in_stretches_of_whole_sentences(told):
    told["we do the rest of it between the two of us"] = {"secrecy": 0.9}
    found = meant(f"{'This one has exactly eleven words and says nothing of that. ' * 5}{LINE.partition('. ')[2]}")
    assert (found.rule, found.quote) == ("secrecy", "We do the rest of it between the two of us.")


def test_a_few_words_say_nothing(told):
    assert meant("Okay then.") is None


def test_nothing_is_meant_without_the_model(told, monkeypatch):
    monkeypatch.setattr(meaning, "on", lambda: False)
    assert meant(LINE) is None
