"""What a profile's texts state wins over what would be made up."""

from typing import Any

import pytest

from rplay.agents.persona.first_person import Speaker
from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.agents.persona.stated import statements, year_in
from rplay.agents.persona.work import NOW

HELEN: dict[str, Any] = {
    "name": "Helen Marchetti",
    "age": 57,
    "occupation": "Civil engineer at a bridge design firm",
    "income": "$240,000",
    "family": "Divorced since 2016, one son, Luca (26), who teaches in Oregon",
    "assets": ["12% stake in firm: about $600,000", "Pension: choice of $410,000 lump sum or $2,350 a month at 62"],
    "debts": ["HELOC: $60,000 at 8.6%"],
    "goals": ["Leave the firm at 62", "Help Luca with a down payment"],
    "concerns": ["Taxes"],
    "hiddenObjections": ["Embarrassed about the HELOC"],
    "background": "Helen has managed her account alone since leaving a wirehouse advisor in 2019 over undisclosed fees. "
    "The HELOC paid for her capital call when the firm bought out a founder two years ago.",
}
CALL = "The HELOC paid for my capital call when the firm bought out a founder two years ago."


def life(**changed: Any) -> Life:
    return life_of({**HELEN, **changed}, "wealth-management", "default", "advanced")


def says(of: Life, id_: str, aspect: str) -> str:
    subject = of.subject(id_)
    assert subject
    return " ".join(subject.says[aspect])


def test_a_debt_was_for_what_the_background_says_and_for_nothing_else() -> None:
    assert says(life(), "debt-1", "why") == CALL
    assert says(life(), "debt-1", "since") == f"That was two years ago. {CALL}"
    debt = life().subject("debt-1")
    assert debt
    assert debt.figures["since"].value == NOW - 2


def test_an_advisor_of_the_background_is_the_only_one() -> None:
    left = "I left a wirehouse advisor in 2019 over undisclosed fees."
    assert says(life(), "advisor", "what") == says(life(), "advisor", "who") == left
    assert says(life(), "advisor", "when").startswith("That was in 2019.")
    assert says(life(), "advisor", "why_left").startswith("It was over undisclosed fees.")


def test_a_founders_buyout_can_be_asked_about() -> None:
    story = next(one for one in life().subjects if "buyout" in one.words)
    assert story.says["what"] == (CALL,)


def test_a_child_does_what_the_family_says() -> None:
    assert says(life(), "child-1", "school") == "Luca teaches in Oregon."
    assert "help Luca" in says(life(), "child-1", "future")


def test_a_share_is_no_rate_of_interest_and_what_follows_a_colon_is_no_name() -> None:
    stake, pension = life().subject("asset-1"), life().subject("asset-2")
    assert stake
    assert pension
    assert stake.figures["rate"].value != 12
    assert pension.name == "my pension"


def test_work_ends_at_the_age_of_the_goals_and_is_where_the_occupation_says() -> None:
    work = life().subject("work")
    assert work
    assert work.figures["retire"].value == 62
    assert "the bridge design firm" in says(life(), "work", "employer").lower()


def test_what_the_profile_hides_is_what_the_client_hides() -> None:
    hidden = [one for one in life().subjects if one.reserve == 2]
    assert hidden[0].says["what"] == ("I'm embarrassed about the HELOC.",)


def test_a_partner_in_business_is_known() -> None:
    owner = life(occupation="Co-owner of a yard with her partner Sal", concerns=["Sal is 66 and vague"])
    partner = owner.subject("told-partner")
    assert partner
    assert "Sal is 66 and vague." in " ".join(partner.says["what"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Took over the shop from her former boss.", "I took over the shop from my former boss."),
        ("Backed into a post in January.", "I backed into a post in January."),
        ("Her mother died and left her the flat.", "My mother died and left me the flat."),
        ("A driver hit Helen's parked car.", "A driver hit my parked car."),
        ("A colleague of hers died in May.", "A colleague of mine died in May."),
        ("She knows Doug skipped his taxes.", "I know Doug skipped his taxes."),
    ],
)
def test_the_texts_are_spoken_in_the_first_person(text: str, said: str) -> None:
    assert [one.text for one in statements(text, Speaker("Helen", "f"))] == [said]


@pytest.mark.parametrize(
    ("text", "year"),
    [("in 2019", 2019), ("two years ago", NOW - 2), ("last fall", NOW - 1), ("in May", NOW), ("", None)],
)
def test_the_year_of_a_statement(text: str, year: int | None) -> None:
    assert year_in(f"It came {text}") == year


def test_nothing_made_up_stands_beside_what_the_texts_say_otherwise() -> None:
    grace = life_of(
        {
            "name": "Grace Nakamura",
            "age": 33,
            "family": "Engaged to Tyler (35, welder), wedding in October, her brother Ken (29) in Ohio",
            "assets": ["Inheritance from her grandmother, in checking: $40,000"],
            "goals": ["Buy a first house"],
            "background": "Her grandmother Emiko died in January and left her the money. She never worked with an "
            "advisor. Tyler would put it into the house.",
        },
        "wealth-management",
        "default",
        "beginner",
    )
    told = [text for one in grace.subjects for texts in one.says.values() for text in texts]
    assert not any("wedding's" in text for text in told)
    assert "rent" in says(grace, "home", "what").lower()
    assert says(grace, "asset-1", "why") == "My grandmother Emiko died in January and left me the money."
    assert "Ken" in says(grace, "relatives", "siblings")
    assert says(grace, "advisor", "what") == "I never worked with an advisor."


def test_a_statement_serves_what_it_states_and_no_more() -> None:
    agent = life(background="She has had the same agent for nine years because he is her cousin.").subject("advisor")
    assert agent
    assert agent.says["why_left"] == ("Because he is my cousin.",)
    assert "when" not in agent.says
    assert "feel" not in agent.says


def test_who_is_separated_is_neither_married_nor_divorced() -> None:
    nicole = life(family="Separated from Brent (44) since last year, two children: Camille (14) and Luke (9)")
    assert says(nicole, "partner", "what") == "I've been separated from Brent since last year."
    assert not any("divorce" in text for texts in nicole.subject("partner").says.values() for text in texts)  # type: ignore[union-attr]


def test_a_single_mothers_child_is_no_grandmother() -> None:
    joanna = life(family="Single mother of Caleb (10)")
    child = joanna.subject("child-1")
    assert child
    assert child.figures["age"].value == 10


def test_what_stands_in_brackets_behind_a_thing_is_no_part_of_its_name() -> None:
    account = life(assets=["Inherited account (from her aunt): $156,000"]).subject("asset-1")
    assert account
    assert "(" not in account.name
    assert (
        says(life(assets=["Inherited account (from her aunt): $156,000"]), "asset-1", "why") == "It came from my aunt."
    )
