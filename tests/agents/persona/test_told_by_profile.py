"""What a profile tells of people and work is what its life says of them."""

from typing import Any, Literal

import pytest

from rplay.agents.persona import given, phrasing
from rplay.agents.persona.clauses import clauses
from rplay.agents.persona.dice import Dice
from rplay.agents.persona.first_person import Speaker, fragment, sex_told
from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.agents.persona.person import Person
from rplay.agents.persona.work import NOW


def life(**told: Any) -> Life:
    profile = {"name": "Victor Salonga", "age": 56, "occupation": "Teacher", "income": "$90,000", **told}
    return life_of(profile, "wealth-management", None, "beginner")


def person(**told: Any) -> Person:
    profile = {"name": "Victor Salonga", "age": 56, "occupation": "Teacher", "income": "$90,000", **told}
    return Person(given.read(profile), Dice(7), "insurance", "life-health", "beginner")


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


@pytest.mark.practice
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
    work = known.subject("work")
    assert work
    assert work.figures["since"].value == 2012
    assert "fourteen years" in says(known, "work", "since")


def test_the_employer_is_the_one_that_is_told() -> None:
    known = life(occupation="City bus driver", background="Has driven for the city for seventeen years.")
    assert "the city" in says(known, "work", "employer").lower()


@pytest.mark.practice
def test_nobody_of_78_has_a_mother_alive() -> None:
    lives = [life(name=f"Ann Miller{n}", age=78) for n in range(20)]
    assert not any("My mother is" in says(one, "relatives", "what") for one in lives)


def test_cover_at_work_is_the_only_one_where_the_profile_speaks_of_it() -> None:
    lives = [
        life(name=f"Ann Miller{n}", age=34, family="Married", concerns=["Group cover at work ends if she leaves"])
        for n in range(20)
    ]
    assert not any("of my own" in says(one, "cover", "life") or "$22" in says(one, "cover", "life") for one in lives)


# What the texts tell of the place, the work, the people and the things of a client is what the life says of them.


@pytest.mark.parametrize(
    ("told", "city"),
    [
        ({"occupation": "Towboat pilot on the Ohio River, Paducah, Kentucky"}, "Paducah"),
        ({"occupation": "Orchard foreman on a pecan farm near Las Cruces, New Mexico"}, "Las Cruces"),
        ({"assets": ["House in West Valley City: $402,000"]}, "West Valley City"),
        ({"family": "Single; shares a rented house with two coworkers in Sweetwater, Texas"}, "Sweetwater"),
        ({"background": "She was a shift lead at a chain and started her own van in Tulsa two years ago."}, "Tulsa"),
    ],
)
def test_the_home_is_where_the_profile_says(told: dict[str, Any], city: str) -> None:
    assert person(**told).place.city == city


def test_the_place_of_others_is_not_the_clients() -> None:
    told = person(family="Single; parents in Nampa", assets=["Rental condo in Norfolk, Virginia: $310,000"])
    assert told.place.city not in ("Nampa", "Norfolk")


@pytest.mark.parametrize(
    ("background", "years"),
    [
        ("She has been freelance for nine years, after four on the staff of a school district.", 9),
        ("He apprenticed in Boston and opened the bindery nineteen years ago; he has two employees.", 19),
        ("She was a shift lead at a chain for six years and started her own van two and a half years ago.", 2),
        ("He cooked for others for sixteen years before he opened his own place six years ago.", 6),
        ("He took over from his father at 29.", 27),
        ("He took over in 1994 and has seen the price fall twice.", 32),
        ("He left a job in distribution nine years ago and bought the orchard with Wendell.", 9),
        ("He enlisted at twenty-one and runs engineering for a sector.", 35),
    ],
)
def test_the_work_began_when_the_background_says(background: str, years: int) -> None:
    assert NOW - person(background=background).work.since == years


@pytest.mark.parametrize(
    "background",
    [
        "Gary handled the investments and she handled the bills for thirty-one years.",
        "Their insurer of thirty-one years sent a letter.",
        "She has lived in New Mexico for thirty-one years.",
    ],
)
def test_a_span_of_something_else_is_none_of_work(background: str) -> None:
    assert NOW - person(background=background).work.since != 31


def test_the_last_years_are_those_at_the_present_employer() -> None:
    work = person(background="She has worked as a nurse for 22 years, the last six at the county hospital.").work
    assert (NOW - work.began, NOW - work.since) == (22, 6)


@pytest.mark.parametrize(
    ("occupation", "employer"),
    [
        ("Retired letter carrier", "the Postal Service"),
        ("Retired cartographer for the Geological Survey", "the Geological Survey"),
        ("Electrical apprentice, third year, with a union contractor", "the union contractor"),
        ("Chief engineer on a container ship", "the shipping company"),
        ("Graduate student in hydrology", "the university"),
    ],
)
def test_the_employer_is_the_one_that_the_occupation_tells(occupation: str, employer: str) -> None:
    assert person(occupation=occupation).work.employer == employer


def test_the_business_is_not_named_after_the_former_employer() -> None:
    told = person(occupation="Self-employed groomer", background="She was a shift lead at a pet store for six years.")
    assert told.work.employer == "my own business"


def test_former_work_that_is_told_replaces_what_would_be_made_up() -> None:
    known = life(background="Victor worked for a paper mill until it closed in 2009 and then took the exam.")
    assert "paper mill" in says(known, "work", "before")


@pytest.mark.parametrize(
    ("family", "name"),
    [
        ("Widowed two years ago from Gene; two sons", "Gene"),
        ("Widower (wife Claudette died four years ago)", "Claudette"),
        ("Widowed since last spring, his wife Irene died of a stroke", "Irene"),
    ],
)
def test_the_dead_keep_their_names(family: str, name: str) -> None:
    assert person(family=family).family.former == name


def test_who_saw_to_the_money_is_the_one_whom_the_background_names() -> None:
    known = life(family="Widowed from Gene", background="Gene saw to the investments until his heart gave out.")
    assert says(known, "partner", "money") == "Gene saw to the investments until his heart gave out."


@pytest.mark.parametrize(
    ("family", "name", "told"),
    [
        ("Married to Ilse (52); one son, Bram (26, works on the farm)", "Bram", "Bram works on the farm."),
        ("Married to Ilse (52); one son, Bram (26, farms with him)", "Bram", "Bram farms with me."),
        ("Married to Wendell (45); daughter June (6, adopted)", "June", "June's adopted."),
        ("Married to Ilse (52); one daughter, Kaya (20, at the state university)", "Kaya", "Kaya's at the state"),
        ("Married to Ilse (52); one daughter, Katrien (23, veterinary student)", "Katrien", "a veterinary student"),
        (
            "Married to Ilse (52); one daughter, Shandiin (16, just got her licence)",
            "Shandiin",
            "Shandiin just got her",
        ),
    ],
)
def test_children_do_what_stands_behind_their_names(family: str, name: str, told: str) -> None:
    child = next(one for one in life(family=family).of_kind("child") if one.name == name)
    assert told in child.says["school"][0]


def test_a_partner_who_learns_has_no_made_up_trade() -> None:
    known = life(family="Married to Yusmary (38), who is retraining as a pharmacy technician")
    assert says(known, "partner", "work") == "Yusmary is retraining as a pharmacy technician."


@pytest.mark.parametrize(
    ("asset", "name"),
    [
        ("House outside Asheville: $365,000", "the house outside Asheville"),
        ("Gary's IRA, now hers: $143,000", "Gary's IRA"),
        ("Camp on a pond, shared with his brother: his half $60,000", "the camp on a pond"),
        ("Inheritance from her grandmother, in a savings account: $25,000", "the inheritance from my grandmother"),
        ("Bastien's studio equipment: $36,000", "Bastien's studio equipment"),
        ("Thrift Savings Plan: $236,000", "my Thrift Savings Plan"),
        ("Lawyer's fund: $5,000", "the lawyer's fund"),
    ],
)
def test_things_have_their_names_without_remarks(asset: str, name: str) -> None:
    assert person(assets=[asset]).assets[0].name == name


def test_the_rate_is_no_part_of_a_loans_name_and_none_is_made_up_for_a_bill() -> None:
    loan, plan, bill = person(
        debts=["Equipment loan at 7.4%: $41,000", "Assessment plan: $5,400 at 0%", "Lawyer's bill: $5,200"]
    ).debts
    assert (loan.name, loan.rate) == ("my equipment loan", 7.4)
    assert (plan.rate, bill.rate) == (0, 0)


@pytest.mark.parametrize(
    "asset", ["State pension, about $1,450 a month from 65", "Union pension: vested after five years"]
)
def test_a_pension_is_no_account_and_is_not_denied(asset: str) -> None:
    known = life(assets=[asset])
    assert not [one for one in known.of_kind("asset") if one.id.startswith("asset-1")]
    assert says(known, "retirement", "pension").startswith(("About $1,450", "Yes, my union pension"))


def test_retiring_in_some_months_is_no_matter_of_years() -> None:
    known = life(occupation="Lieutenant colonel, US Army", goals=["Retire from the Army in fourteen months"])
    assert says(known, "retirement", "when") == "I want to retire from the Army in fourteen months."


def test_what_happened_last_autumn_is_what_happened_lately() -> None:
    known = life(background="Last autumn tendinitis kept Victor from work for seven weeks and nothing came in.")
    assert "seven weeks" in says(known, "lately", "what")
    assert "seven weeks" in says(known, "self", "health")


def test_what_the_insurance_pays_is_what_the_form_says_or_unknown() -> None:
    unknown, policy = (
        life(family="Married", background=""),
        life(family="Married to Michelle (49)", assets=["Whole life policy: $100,000 cover, $31,000 cash value"]),
    )
    assert "$" not in says(unknown, "cover", "life")
    assert "$100,000" in says(policy, "cover", "life")


def test_one_years_pay_through_work_is_the_pay() -> None:
    cover = person(concerns=["Whether the company policy, one year's pay, is enough"]).cover
    assert cover.group_life == 90_000


def test_the_partners_share_of_the_households_income_is_not_the_clients() -> None:
    told = person(
        income="$118,000", family="Married to Monique (51, billing supervisor, $58,000 of that household's income)"
    )
    assert told.income == 60_000


def test_who_lives_with_parents_owns_no_house() -> None:
    told = person(age=26, family="Lives with her parents and two brothers", background="She pays for the house.")
    assert told.home.with_parents


def test_a_loan_on_a_rental_makes_no_home() -> None:
    told = person(assets=["Rental house in Dayton: $245,000"], debts=["VA loan on the rental house: $197,000 at 3%"])
    assert not told.home.owns


@pytest.mark.parametrize(
    ("family", "children"),
    [
        ("Single, lives with his grandparents; girlfriend Kayleigh (21) is expecting in February", []),
        ("Married to Tobias (42); children Hania (9) and baby Ida (8 months)", [9, 0]),
        ("Married to Nilda (50); sons Victor Jr. (28, works in the groves) and Marcos (25)", [28, 25]),
    ],
)
def test_there_are_as_many_children_as_the_family_says(family: str, children: list[int]) -> None:
    assert [one.age for one in person(family=family, age=50 if children else 22).family.children] == children


def test_nine_grandchildren_are_nine() -> None:
    assert person(age=74, family="Married; four grown children and nine grandchildren").family.grandchildren == 9


def test_the_baby_is_due_when_the_family_says() -> None:
    known = life(age=33, family="Married to Beatrix (32); expecting their first child in August")
    assert "August" in says(known, "children", "what")


def test_a_policy_that_was_regretted_is_the_experience_with_advisors() -> None:
    known = life(hiddenObjections=["Bought a variable policy as a lieutenant and lost $6,000 getting out"])
    assert says(known, "advisor", "what") == "I bought a variable policy as a lieutenant and lost $6,000 getting out."


def test_the_clients_own_experience_comes_before_that_of_others() -> None:
    others, own = "His cousin was sold a burial policy that paid nothing", "Left his last broker over hidden trades"
    known = life(hiddenObjections=[others, own])
    assert says(known, "advisor", "what") == "I left my last broker over hidden trades."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In 2011 an insurance man sold him a policy", "In 2011 an insurance man sold me a policy."),
        ("A base counselor once pushed a policy on him", "A base counselor once pushed a policy on me."),
        ("A man from her old brokerage called after the funeral", "A man from my old brokerage called after"),
        ("The price of whole life", "What worries me is the price of whole life."),
    ],
)
def test_an_objection_that_tells_what_happened_is_no_worry(text: str, said: str) -> None:
    sex: Literal["f", "m"] = "f" if "her" in text else "m"
    assert phrasing.doubt(text, Speaker("Robin Stucky", sex)).startswith(said)


def test_a_month_is_nobody() -> None:
    told = fragment("In August he got a shock, which shook his mother more than him", Speaker("Devin Kowalczyk", "m"))
    assert told == "In August I got a shock, which shook my mother more than me"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Their insurer sent a letter.", "Our insurer sent a letter."),
        ("She sleeps badly since he died and has not been out.", "I sleep badly since he died and haven't been out."),
        ("She wants cover for both of them.", "I want cover for both of us."),
        ("She bought shares and lost a third on one of them.", "I bought shares and lost a third on one of them."),
        ("Her sister was sold a plan she could not cancel.", "My sister was sold a plan she could not cancel."),
        ("Her sister thinks she is too careful.", "My sister thinks I'm too careful."),
    ],
)
def test_nothing_stays_in_the_third_person(text: str, told: str) -> None:
    assert fragment(text, Speaker("Ingeborg Salas", "f")) == told


def test_a_clause_behind_another_keeps_the_clients_verb() -> None:
    assert clauses("After he died I moved the savings and haven't touched the IRA since.")[1] == (
        "I haven't touched the IRA since."
    )


def test_a_late_husband_does_not_make_a_daughter_a_son() -> None:
    family = "Widowed since three years ago (husband Alvar); two grown children, Signe (51) and Per (48)"
    assert [one.sex for one in person(age=78, family=family).family.children] == ["f", "m"]


def test_who_works_with_the_client_may_stand_behind_the_family() -> None:
    known = life(family="Married to Phyllis (59); three grown children: Joel (31), Ann (29) and Nate (27); "
                        "Nate works on the marsh")  # fmt: skip
    nate = next(one for one in known.of_kind("child") if one.name == "Nate")
    assert nate.says["school"] == ("Nate works on the marsh.",)


def test_who_asked_for_money_is_told() -> None:
    assert "$150,000" in says(life(background="Neil asked him for $150,000 in September."), "relatives", "depend")


def test_a_child_at_a_university_is_not_where_the_client_works() -> None:
    family, background = "Two children, Clara (19) and Felix (17)", "Clara is at the state university."
    assert "university" not in says(life(family=family, background=background), "work", "employer")


def test_a_business_began_when_it_opened_not_when_its_owner_came() -> None:
    known = life(occupation="Owner of a print shop", background="Born in Addis Ababa, in Denver since 1999, opened the "
                 "shop in 2008.")  # fmt: skip
    assert "1999" not in says(known, "work", "since")
    assert "2008" in says(known, "work", "since") or "18 years" in says(known, "work", "since")


def test_why_somebody_came_is_what_happened_lately() -> None:
    known = life(background="He never owned a stock, and came because the bank told him he was losing to inflation.")
    assert "losing to inflation" in says(known, "lately", "what")


def test_a_mortgage_on_a_farm_is_none_on_the_house() -> None:
    known = life(occupation="Dairy farmer", debts=["Farm mortgage: $415,000 at 4.6%"])
    assert "house" not in says(known, "debt-1", "what")


def test_what_a_policy_pays_is_the_sum_of_the_form() -> None:
    assert "$150,000" in says(life(assets=["Whole life policy, face $150,000, cash value: $47,000"]), "cover", "life")
    assert "$28,500" in says(life(assets=["Whole life policy, cash value: $28,500"]), "cover", "life")
    service = life(occupation="Coast Guard officer", assets=["SGLI life cover through the service: $500,000"])
    assert "$500,000" in says(service, "cover", "life")
    assert "whole life" not in says(service, "cover", "life")


def test_parents_who_are_named_are_as_old_as_told() -> None:
    known = life(age=31, family="Single, no children; helps her parents Nasrin (62) and Kourosh (66)")
    assert "62 and 66" in says(known, "relatives", "what")


def test_a_son_is_no_daughter() -> None:
    known = life(family="Married to Liz (43), two children, Camila (19) and Matías (14)")
    assert "daughters" not in says(known, "children", "what")
    assert "son" in says(known, "child-2", "what") or "He" in says(known, "child-2", "what")


def test_a_bank_where_money_is_kept_is_no_employer() -> None:
    known = life(age=67, occupation="Retired school librarian", background="Worked thirty-one years in the same school "
                 "district. Her son thinks she keeps too much at the bank.")  # fmt: skip
    assert "bank" not in says(known, "work", "employer")
    assert "school district" in says(known, "work", "employer")


def test_a_mortgage_on_what_is_let_is_none_on_the_home() -> None:
    known = life(
        assets=["House: $680,000", "Duplex, rented out: $475,000"], debts=["Mortgage on duplex: $142,000 at 5.1%"]
    )
    assert "bank's" not in says(known, "home", "what")
    assert "mortgage itself" not in says(known, "home", "payment")


def test_a_large_mortgage_is_not_paid_off_in_two_years() -> None:
    told = "Took over the farm from his father in 1996."
    known = life(occupation="Dairy farmer", debts=["Farm mortgage: $415,000 at 4.6%"], background=told)
    payment = known.subject("debt-1")
    assert payment
    assert payment.figures["monthly"].value < 5_000


def test_the_partners_pension_is_not_ones_own() -> None:
    known = life(family="Married to Stephen (53)", assets=["Stephen's pension, estimated: $2,900 a month at 62"])
    assert "$2,900" not in says(known, "retirement", "pension")


def test_who_is_sent_money_depends_on_it() -> None:
    known = life(family="Single, no children; sends money to a younger sister in nursing school")
    assert "sister" in says(known, "relatives", "depend")


def test_a_son_among_children_is_none_of_the_late_wifes_sex() -> None:
    family = "Widower (wife Claudette died four years ago), three grown children: Denise (53), Marc (50), Paula (46)"
    assert "daughters" not in says(life(age=78, family=family), "children", "what")


def test_the_late_partner_named_behind_is_the_one_who_died() -> None:
    known = life(family="Widowed two years ago (Marit, a viola teacher), one daughter, Sunniva (27)")
    assert "Marit" in says(known, "partner", "what")


def test_a_mother_who_is_sent_money_is_alive() -> None:
    known = life(age=46, family="Married to Liz (43), two children, Camila (19) and Matías (14); sends money to his mother "
                 "in Encarnación")  # fmt: skip
    assert "mother died" not in says(known, "relatives", "what")


def test_a_farmer_pays_no_rent_for_the_house_on_the_land() -> None:
    known = life(
        occupation="Cranberry grower, 74 acres of marsh", assets=["Marsh land and dikes: $1,150,000"], debts=[]
    )
    assert "rent." in says(known, "home", "payment")
    assert "We live on the place" in says(known, "home", "what")


def test_who_came_because_of_what_happened_tells_what_happened() -> None:
    known = life(background="In September a colleague fell in a shaft and died. That is why he called.")
    assert says(known, "lately", "what").startswith("In September a colleague")


def test_children_at_home_depend_before_a_mother_abroad() -> None:
    known = life(age=46, family="Married to Liz (43), one son, Matías (14); sends money to his mother in Encarnación")
    assert "Matías" in says(known, "relatives", "depend")
    assert "my mother" in says(known, "relatives", "depend")


@pytest.mark.parametrize(
    ("family", "children"),
    [
        ("Married to Araceli (41, school bus aide); kids: Mateo 16, Lucia 12", {"Mateo": 16, "Lucia": 12}),
        ("Married to Folake (32, home health aide), daughter Temi (6), twin boys (2)", {"Temi": 6}),
        ("Raising her nephew Kai (8) since 2022; no partner", {}),
    ],
)
def test_children_are_those_of_the_family_however_they_are_written(family: str, children: dict[str, int]) -> None:
    found = {one.name: one.age for one in person(family=family).family.children}
    assert children.items() <= found.items()
    assert len(found) == len(children) + 2 * ("twin" in family)


def test_grown_daughters_have_the_names_that_are_told() -> None:
    family = person(family="Married; 2 grown daughters, Britta and Karin; first grandchild due this fall").family
    assert {one.name for one in family.children} == {"Britta", "Karin"}
    assert family.grandchildren == 0


@pytest.mark.parametrize(
    ("family", "partner"),
    [
        ("Married 51 years to Helen (73), who has Parkinson's; sons Mark (49) and Tom (46)", "Helen"),
        ("Remarried in 2015 to Constance (66, potter)", "Constance"),
        ("Married (wife: Joy, 62, part-time church organist)", "Joy"),
        ("Wife Rania, 39. Three daughters: Leila 13, Noor 10, Sara 6", "Rania"),
        ("Raising her nephew Kai (8) since 2022; no partner", None),
    ],
)
def test_the_partner_is_the_one_of_the_family(family: str, partner: str | None) -> None:
    found = person(age=74, family=family, background="His first wife Greta died in 2012.").family.partner
    assert (found and found.name) == partner


def test_a_sister_lives_with_the_client_if_the_client_lives_with_her() -> None:
    assert [one.where for one in person(family="Divorced, no kids, lives with her sister Irene (57)").family.siblings][
        :1
    ] == ["with me"]


@pytest.mark.parametrize(
    ("occupation", "background", "employer"),
    [
        ("Retired cafeteria supervisor", "She ran the kitchen of a middle school in Mobile for 26 years.", "the middle school"),
        ("Retired steelworker", "He worked at the mill in Bethlehem for 33 years until it shut in 1995.", "the mill"),
        ("Airline baggage supervisor", "He has worked at the Des Moines airport for 24 years.", "the Des Moines airport"),
        ("Casino pit manager", "", "the casino"),
        ("Registered nurse on a surgical ward", "", "the hospital"),
        ("Dental assistant", "She finished her program two years ago and works for Dr. Amini.", "Dr. Amini"),
    ],
)  # fmt: skip
def test_the_employer_is_the_one_of_the_background(occupation: str, background: str, employer: str) -> None:
    assert person(occupation=occupation, background=background).work.employer == employer


@pytest.mark.parametrize(
    ("goal", "age"),
    [("Step back from the kitchen at 62", 62), ("Sell or hand over the store by 64", 64), ("Stop at 68", 68)],
)
def test_a_goal_tells_the_age_of_leaving_in_any_words(goal: str, age: int) -> None:
    assert person(age=54, goals=[goal]).work.retire_at == age


def test_who_was_laid_off_in_may_has_been_out_since_may() -> None:
    known = life(occupation="Coal truck mechanic, laid off in May")
    assert "May" in says(known, "work", "since")


@pytest.mark.parametrize(
    ("asset", "noun"),
    [
        ("401k $22,700", "401(k)"),
        ("403b: $151,000", "403(b)"),
        ("529: $21,000", "529"),
        ("Car (2018 Honda CR-V): about $14,000", "car"),
        ("2017 Silverado - $17,500", "2017 Silverado"),
        ("House (kept in the divorce): $525,000", "house"),
    ],
)
def test_an_asset_has_its_name_however_it_is_written(asset: str, noun: str) -> None:
    assert [one.noun for one in person(assets=[asset]).held] == [noun]


def test_a_lender_in_the_name_of_a_debt_is_the_lender() -> None:
    assert person(debts=["Farm Credit mortgage: $88,000 at 5.25%"]).debts[0].lender == "Farm Credit"


def test_the_partner_thinks_what_the_profile_says() -> None:
    known = life(
        family="Married to Paul (56, landscape designer)",
        hiddenObjections=["Paul thinks advisors are for rich people and did not want to come"],
    )
    assert says(known, "partner", "view") == "Paul thinks advisors are for rich people and did not want to come."


def test_what_is_sent_to_a_mother_is_no_group_cover() -> None:
    known = life(
        concerns=["Does not know what the group cover at work really pays"],
        hiddenObjections=["Sends $300 a month to her mother"],
    )
    assert "$300" not in says(known, "cover", "life")


@pytest.mark.parametrize(
    ("told", "aspect", "words"),
    [
        ({"assets": ["Term life policy, $150,000, until age 62, $41 a month"]}, "life", "$41 a month"),
        ({"assets": ["Whole life policy cash value: $18,400"]}, "life", "of cash value"),
        (
            {
                "assets": ["Whole life policy, cash value: $3,200"],
                "background": "He bought a whole life policy in 2018 from an acquaintance and pays $78 a month for it.",
            },
            "life",
            "$78 a month",
        ),
        ({"assets": ["Burial policy: $10,000"]}, "life", "$10,000, burial"),
        ({"background": "She has $57,000 of group life at work, and that is all."}, "life", "$57,000"),
        ({"background": "He and Doreen buy their health insurance themselves for $1,480 a month."}, "health", "$1,480"),
    ],
)
def test_insurance_is_told_with_its_own_sums(told: dict[str, Any], aspect: str, words: str) -> None:
    assert words in " ".join(life(**told).of_kind("cover")[0].says[aspect])


def test_debts_that_are_none_are_none() -> None:
    assert given.read({"debts": ["Reverse mortgage: none", "Credit card paid monthly"]}).debts == ()


def test_a_parent_with_a_child_at_home_is_not_alone() -> None:
    known = life(age=37, family="Divorced for three years, one daughter (Maya, 10) who lives with her")
    assert "just me now" not in says(known, "partner", "what")


@pytest.mark.parametrize(
    ("concern", "said"),
    [
        ("Premium went up 22% at renewal", "My premium went up 22% at renewal."),
        ("Rent went up by $140 in the spring", "Rent went up by $140 in the spring."),
    ],
)
def test_what_has_happened_is_told_as_it_is(concern: str, said: str) -> None:
    assert phrasing.worry(concern, Speaker("Ann Lee", "f")) == said


@pytest.mark.parametrize(
    ("background", "health"),
    [
        ("He has black lung at an early stage.", "black lung"),
        ("He had bypass surgery in 2019.", "bypass"),
        ("He came from Nigeria at nineteen and lives in Sugar Land.", ""),
    ],
)
def test_health_is_what_the_background_tells(background: str, health: str) -> None:
    told = says(life(background=background), "self", "health")
    assert health in told
    assert "Sugar Land" not in told


def test_who_has_no_computer_does_nothing_online() -> None:
    lives = [life(name=f"Ann Miller{n}", background="She does not use a computer.") for n in range(12)]
    said = " ".join(text for one in lives for sub in one.subjects for texts in sub.says.values() for text in texts)
    assert "online" not in said.lower()


def test_the_house_that_a_parent_lost_is_not_the_clients() -> None:
    known = life(assets=["Savings: $5,700"], background="His father died at 47, and his mother lost the house.")
    assert not any("value" in one.figures for one in known.of_kind("home"))
