"""What a profile tells of people and work is what its life says of them."""

from typing import Any

from rplay.agents.persona.clauses import clauses
from rplay.agents.persona.first_person import Speaker, fragment, sex_told
from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of


def life(**told: Any) -> Life:
    profile = {"name": "Victor Salonga", "age": 56, "occupation": "Teacher", "income": "$90,000", **told}
    return life_of(profile, "wealth-management", None, "beginner")


def says(known: Life, subject: str, aspect: str) -> str:
    found = known.subject(subject)
    return " ".join(found.says.get(aspect, ())) if found else ""


def test_a_partner_named_without_age_has_the_work_that_is_told() -> None:
    known = life(family="Married to Beth, a landscape gardener; their son Marcus (19)")
    assert "landscape gardener" in says(known, "partner", "work")


def test_who_stopped_working_earns_nothing() -> None:
    known = life(family="Married to Kinga, daughter Zosia (4)", background="Kinga stopped working at a bakery.")
    assert "at home" in says(known, "partner", "work")


def test_a_husband_is_known_by_his_name() -> None:
    known = life(family="Married to Henrik, a music teacher (53); adopted daughter Maya (14)")
    partner = known.subject("partner")
    assert partner
    assert partner.name == "my husband Henrik"


def test_the_late_husband_keeps_his_name() -> None:
    known = life(name="Margaret Oyelaran", age=71, family="Widowed since last year, husband was Samuel")
    assert "Samuel" in says(known, "partner", "what")


def test_a_brother_lives_where_the_profile_says() -> None:
    known = life(family="Single; parents and younger brother Kofi (18) live in Worcester")
    assert "in Worcester" in says(known, "relatives", "siblings")


def test_work_ended_at_the_age_that_is_told() -> None:
    known = life(age=78, occupation="Retired bus mechanic", background="He worked 36 years there and retired at 63.")
    assert "2011" in says(known, "work", "retire")


def test_a_wish_to_work_less_is_when_work_ends() -> None:
    known = life(age=51, goals=["Work less at sixty"])
    assert "2035" in says(known, "retirement", "when")


def test_nobody_smokes_unless_told() -> None:
    lives = [life(name=f"Ann Miller{n}", age=30 + n) for n in range(30)]
    assert not any("Yes, I do" in says(one, "self", "smoker") for one in lives)


def test_a_former_job_is_the_one_that_is_told() -> None:
    known = life(
        occupation="Owner of a bakery", background="He opened the bakery nine years ago after working for a hotel."
    )
    assert "hotel" in says(known, "work", "before")


def test_who_is_without_contraction_at_the_end_of_a_question() -> None:
    assert fragment("Fears who she is without the school", Speaker("Harriet Novak", "f")) == (
        "I fear who I am without the school"
    )


def test_what_is_paid_back_is_paid_to_me() -> None:
    told = fragment("She lent it to Jonah and he pays her back irregularly", Speaker("Harriet Novak", "f"))
    assert told.endswith("he pays me back irregularly")


def test_a_mother_of_a_son_is_not_taken_for_a_man() -> None:
    texts = ("Marcus driving with his roommates", "Did not like being kept on hold at her last insurer")
    assert sex_told("Joanne Pfeiffer", "Married to Beth", "His laptop was stolen.", *texts) == "f"


def test_a_clause_has_the_subject_of_the_one_before() -> None:
    told = "My parents came from Batangas, and I began as a pressman and bought the shop from the owner."
    assert "I bought the shop from the owner." in clauses(told)


def test_half_of_a_subject_is_no_clause() -> None:
    told = "His laptop and bike were stolen from the dorm and nobody was caught."
    assert clauses(told)[0] == "His laptop and bike were stolen from the dorm."


def test_a_pension_told_as_an_asset_is_the_pension() -> None:
    known = life(age=62, assets=["State pension: about $4,900 a month from age 63"])
    assert says(known, "retirement", "pension").startswith("About $4,900 a month, from age 63")


def test_what_stands_behind_an_age_is_the_work() -> None:
    known = life(family="Married to Claire (35), a physical therapist; one son, Arjun (3)")
    assert "physical therapist" in says(known, "partner", "work")
    assert "at home" not in says(known, "partner", "work")


def test_a_grown_child_has_the_work_that_is_told() -> None:
    known = life(
        age=61, family="Widowed; two sons, Erik (33) who farms with her and Dale (30), a lineman in another state"
    )
    assert "lineman" in says(known, "child-2", "what")
    assert [one.words[1] for one in known.of_kind("child")] == ["son", "son"]


def test_two_who_are_not_married_live_together() -> None:
    known = life(family="Lives with his partner Denise (49), a hospital cook, not married")
    assert "married" not in says(known, "partner", "what").replace("no papers", "")


def test_years_of_service_are_years_of_work() -> None:
    known = life(age=36, occupation="Army officer", background="Has fourteen years of service and has moved six times.")
    assert "14 years" in says(known, "work", "since") or "2012" in says(known, "work", "since")


def test_the_employer_is_the_one_that_is_told() -> None:
    known = life(occupation="City bus driver", background="Has driven for the city for seventeen years.")
    assert "the city" in says(known, "work", "employer").lower()


def test_nobody_of_78_has_a_mother_alive() -> None:
    lives = [life(name=f"Ann Miller{n}", age=78) for n in range(20)]
    assert not any("My mother is" in says(one, "relatives", "what") for one in lives)


def test_cover_at_work_is_the_only_one_where_the_profile_speaks_of_it() -> None:
    lives = [
        life(name=f"Ann Miller{n}", age=34, family="Married", concerns=["Group cover at work ends if she leaves"])
        for n in range(20)
    ]
    assert not any("of my own" in says(one, "cover", "life") or "$22" in says(one, "cover", "life") for one in lives)
