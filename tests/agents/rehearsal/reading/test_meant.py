"""What a whole line means: its sentences, each with the next, and the line itself, related rules added up."""

import pytest

from rplay.agents import meaning
from rplay.agents.rehearsal.reading import meant as module
from rplay.agents.rehearsal.reading.meant import FAMILIES, meant
from tests.agents.rehearsal.reading.test_compliance import CATALOGUE

LINE = "I looked at it again on Monday morning. We do the rest of it between the two of us."


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


def test_two_related_rules_add_up_where_two_unrelated_do_not(told):
    second = "we do the rest of it between the two of us"
    told[second] = {"secrecy": 0.4, "confidentiality": 0.3}
    related = meant(LINE)
    meant.cache_clear()
    told[second] = {"secrecy": 0.4, "churning": 0.3}
    assert related.rule == meant(LINE).rule == "secrecy"
    assert related.strength > meant(LINE).strength


def test_the_quote_is_the_sentence_that_says_most_of_it(told):
    told["we do the rest of it between the two of us"] = {"secrecy": 0.9}
    assert meant(LINE).quote == "We do the rest of it between the two of us."


def test_two_sentences_may_say_what_neither_says_alone(told):
    alone = meant(LINE).strength
    meant.cache_clear()
    told["i looked at it again on monday morning we do the rest of it between the two of us"] = {"secrecy": 0.9}
    assert meant(LINE).strength > alone + 2


def test_a_few_words_say_nothing(told):
    assert meant("I'll write you one.") is None


def test_nothing_is_meant_without_the_model(told, monkeypatch):
    monkeypatch.setattr(meaning, "on", lambda: False)
    assert meant(LINE) is None
