"""What stands in profiles, as a person would say it."""

import pytest

from rplay.agents.rehearsal import fragments


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Married with 2 children", "I'm married with 2 children"),
        ("Single", "I'm single"),
        ("Single parent of a 3-year-old", "I'm a single parent of a 3-year-old"),
        ("Has two kids", "I have two kids"),
        ("Wife Ana and a son", "It's me and my wife Ana and a son"),
        ("2 kids", "I have 2 kids"),
        ("I live with my brother", "I live with my brother"),
        ("She is married and has her mother at home", "I'm married and have my mother at home"),
    ],
)
def test_family(text, said):
    assert fragments.status(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Registered Nurse", "I'm a registered nurse"),
        ("Electrician", "I'm an electrician"),
        ("HR Manager at Acme", "I'm an HR manager at Acme"),
        ("University Lecturer", "I'm a university lecturer"),
        ("Retired", "I'm retired"),
        ("Retired Teacher", "I'm a retired teacher"),
        ("Self-employed", "I'm self-employed"),
        ("Works at a bank", "I work at a bank"),
    ],
)
def test_work(text, said):
    assert fragments.occupation(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thinks insurance is too expensive", "I think insurance is too expensive"),
        ("Worried about her savings", "I'm worried about my savings"),
        ("I've been burned before", "I've been burned before"),
        ("Cost of premiums", "What worries me is the cost of premiums"),
        ("Outliving her savings", "What worries me is outliving my savings"),
        ("Not knowing what to do", "What worries me is not knowing what to do"),
        ("The market is too risky", "I keep thinking that the market is too risky"),
        ("Water damage that isn't covered", "One thing on my mind: water damage that isn't covered"),
        ("Lost money in 2008", "I lost money in 2008"),
        ("What if I lose my job?", "What if I lose my job?"),
    ],
)
def test_worries(text, said):
    assert fragments.worry(text) == said


def test_goals_with_verbs_come_before_those_without():
    said = fragments.goals(["Retirement planning", "Save for a house", "To pay off debt"])
    assert said == ["I'd like to save for a house and pay off debt", "retirement planning is also on my mind"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("401(k): $120,000", "a 401(k) with about $120,000"),
        ("Home ($350,000)", "a home worth about $350,000"),
        ("IRA", "an IRA"),
        ("Savings", "savings"),
        ("Emergency fund of $5,000", "an emergency fund with about $5,000"),
    ],
)
def test_holdings(text, said):
    assert fragments.holdings([text]) == said


def test_debts():
    said = fragments.debts(["Mortgage: $210,000", "Student loans ($18,000)", "Credit cards - $4k"])
    assert said == "a mortgage of about $210,000, student loans of about $18,000 and credit cards of about $4k"
