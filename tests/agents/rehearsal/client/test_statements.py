"""What a profile's own texts tell, as the client says it."""

from typing import Any

import pytest

from rplay.agents.rehearsal.client.statements import part, statements_of

GRAHAM: dict[str, Any] = {
    "name": "Graham Tillery",
    "occupation": "Owner of two laundries (since 2009)",
    "family": "Married to Su-jin (49), his mother Ada (77) lives with them since March",
    "assets": ["Inherited account (from his aunt): $20,000", "Sale note: $40,000 still due over 4 years"],
    "goals": ["Lower the bill", "Maybe buy land"],
    "concerns": ["Being underinsured again", "Whether they save enough"],
    "hiddenObjections": ["Feels guilty toward his old agent"],
    "background": "A dryer fire in March caused $61,000 of damage; the insurer paid $38,000 because the equipment was "
    "listed too low. He has been with the same agent for fourteen years and is shopping around without telling him.",
}


def said(source: str) -> list[str]:
    return [one.text for one in statements_of(GRAHAM) if one.source == source]


def test_the_background_is_cut_into_sentences_of_the_client() -> None:
    assert said("background") == [
        "A dryer fire in March caused $61,000 of damage.",
        "The insurer paid $38,000 because the equipment was listed too low.",
        "I've been with the same agent for fourteen years and I'm shopping around without telling him.",
    ]


def test_clauses_stand_alone() -> None:
    agent = statements_of(GRAHAM)[2]
    assert agent.clauses == (
        "I've been with the same agent for fourteen years.",
        "I'm shopping around without telling him.",
    )


def test_who_else_is_in_the_house_what_hangs_on_an_account_and_since_when_the_work_is_theirs() -> None:
    assert said("family") == ["My mother Ada, who's 77, has lived with us since March."]
    assert said("holding") == ["The inherited account came from my aunt.", "The sale note is still due over 4 years."]
    assert said("work") == ["I've done that since 2009."]


def test_goals_and_worries_are_spoken() -> None:
    assert said("goal") == ["I want to lower the bill.", "I want to buy land."]
    assert said("worry") == [
        "What worries me is being underinsured again.",
        "I keep asking myself whether we save enough.",
    ]


def test_what_a_profile_hides_is_no_statement_and_what_touches_it_is_guarded() -> None:
    assert not any("guilty" in one.text for one in statements_of(GRAHAM))
    shy = statements_of({**GRAHAM, "background": "In April he got a margin call, which he has told nobody about."})
    assert shy[0].guarded


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("when", "two years ago"), ("much", "$38,000"), ("why", "because it was flood"), ("long", "for five weeks")],
)
def test_the_part_of_a_sentence_that_was_asked_for(wanted: str, found: str) -> None:
    text = "Water came in two years ago and it was shut for five weeks; they paid $38,000 because it was flood."
    assert part(text, wanted) == found


def test_a_profile_of_any_shape_has_statements_or_none() -> None:
    assert statements_of({"background": ["He lost his job.", 7], "family": {"a": 1}, "goals": None, 3: "x"})
    assert statements_of({}) == ()


def test_what_others_did_in_a_relative_clause_is_not_told_of_the_client() -> None:
    policy = statements_of(
        {**GRAHAM, "background": "He bought it from an agent who came to funerals and died in 2020."}
    )
    assert not any("I died" in clause for clause in policy[0].clauses)


def test_a_mere_purpose_is_no_reason() -> None:
    assert part("I sold some holdings to meet it.", "why") == ""
    assert part("I canceled it to save cash during the pandemic.", "why") == "to save cash during the pandemic"
