"""Sixty people as writers of cases describe them. What their lives say does not contradict what their profiles tell."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rplay.agents.persona import given
from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of

STRANGERS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "strangers.json").read_text(encoding="utf-8"))
BY_NAME = {one["profile"]["name"].split()[-1]: one for one in STRANGERS}


def life(one: dict[str, Any]) -> Life:
    return life_of(one["profile"], one["industry"], one["subcategory"], one["difficulty"])


def texts(known: Life, *skipped: str) -> list[tuple[str, str]]:
    return [
        (f"{one.id}.{aspect}", text)
        for one in known.subjects
        if one.kind not in skipped
        for aspect, said in one.says.items()
        for text in said
    ]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_said_is_torn_or_in_the_third_person(name: str) -> None:
    profile = BY_NAME[name]["profile"]
    own = re.compile(
        rf"\b{re.escape(given.read(profile).first_name)}(?:'s)? (?:has|is(?! fine| easier)|was|wants|does)\b"
        r"|\ba (?:a|an|the|works|adopted|both|Gary)\b|\b(?:his|her) (?:half|own half)\b|\bof next\.$|\{|  "
    )
    assert not [one for one in texts(life(BY_NAME[name])) if own.search(one[1])]


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", BY_NAME)
def test_sums_of_things_are_those_of_the_form(name: str) -> None:
    profile = BY_NAME[name]["profile"]
    form = " ".join([*profile["assets"], *profile["debts"]])
    for one in life(BY_NAME[name]).subjects:
        if re.fullmatch(r"(?:asset|debt)-\d", one.id):
            assert f"{one.figures['what'].value:,.0f}" in form


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", BY_NAME)
def test_rates_of_debts_are_those_of_the_form(name: str) -> None:
    for text in BY_NAME[name]["profile"]["debts"]:
        if rate := re.search(r"([\d.]+)%", text):
            assert float(rate[1]) in [
                one.figures["rate"].value for one in life(BY_NAME[name]).of_kind("debt") if "rate" in one.figures
            ]


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", BY_NAME)
def test_no_sum_of_life_insurance_is_made_up(name: str) -> None:
    form = json.dumps(BY_NAME[name]["profile"])
    known = life(BY_NAME[name]).subject("cover")
    assert known
    for sum_ in re.findall(r"\$[\d,]*\d{2},\d{3}", " ".join(known.says["life"])):
        assert sum_ in form


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", BY_NAME)
def test_the_home_is_where_the_profile_says(name: str) -> None:
    profile = BY_NAME[name]["profile"]
    known = life(BY_NAME[name]).subject("home")
    assert known
    if re.search(r"\brents? (?:an?|his|her)\b|\brent for\b", profile["background"]):
        assert "value" not in known.figures
    if any(re.match(r"(?:House|Condo|Row house)\b", one) for one in profile["assets"]):
        assert "value" in known.figures


def test_nobody_has_grandchildren_whom_the_profile_denies() -> None:
    assert not [text for _, text in texts(life(BY_NAME["Nakagawa"])) if re.search(r"\d|\bthree grandchild", text)
                and "grandchild" in text]  # fmt: skip


def test_a_work_has_what_comes_with_it() -> None:
    said = " ".join(text for _, text in texts(life(BY_NAME["Prewitt"])))
    assert "former students" not in said
    assert "whisper from the last row" not in said
    assert "council" not in " ".join(text for _, text in texts(life(BY_NAME["Gaines"])))


@pytest.mark.parametrize(
    ("name", "subject", "aspect", "told"),
    [
        ("Oakes", "work", "before", "flight attendant"),
        ("Oakes", "self", "health", "ribs"),
        ("Vlahos", "partner", "work", "alterations"),
        ("Vlahos", "partner", "money", "keeps the books"),
        ("Vlahos", "work", "before", "pressed shirts"),
        ("Venkataraman", "self", "health", "migraines"),
        ("Boone", "children", "what", "nine grandchildren"),
        ("Boone", "self", "health", "stent"),
        ("Boone", "work", "retire", "2012"),
        ("Grandberry", "work", "employer", "city of Shreveport"),
        ("Grandberry", "partner", "money", "Renita handles"),
        ("Salas", "partner", "what", "Tito"),
        ("Salas", "partner", "money", "paid everything"),
        ("Littlefield", "home", "what", "grandparents"),
        ("Littlefield", "self", "smoker", "never smoked"),
        ("Achebe", "self", "origin", "Enugu"),
        ("Whitehorse", "cover", "home", "hail"),
        ("Morrow", "work", "before", "freight company"),
        ("Morrow", "work", "hours", "Three days a week"),
        ("Quist", "partner", "work", "court clerk"),
        ("Quist", "self", "health", "hearing aids"),
        ("Catacutan", "work", "since", "Eleven years"),
        ("Ellery", "work", "before", "science teacher"),
        ("Sato-Bell", "partner", "money", "Clarence"),
        ("Lindholm", "home", "what", "sister Adaeze"),
        ("Pruitt", "retirement", "pension", "teacher pension"),
        ("Figueroa", "child-1", "school", "works in the groves"),
        ("Holloway", "work", "before", "veterinary technician"),
        ("Drummond", "advisor", "what", "variable policy"),
        ("Okonjo-Reid", "partner", "since", "marry Adele"),
        ("Beauregard-Diaz", "cover", "life", "$250,000"),
        ("Voss", "work", "employer", "Treasury"),
        ("Tsosie", "home", "what", "my parents"),
        ("Parrish", "partner", "work", "dialysis"),
        ("Nakamura-Flynn", "self", "education", "Seattle"),
        ("Petrosyan", "self", "health", "stroke"),
        ("Rasmussen", "self", "health", "pelvis"),
        ("Rasmussen", "advisor", "what", "oil partnerships"),
        ("Ferreira", "partner", "money", "Bruna decides"),
        ("Lindgren-Moss", "work", "employer", "Postal Service"),
        ("Prewitt", "home", "payment", "$780 rent"),
        ("Prewitt", "work", "before", "served in it for five"),
        ("Prewitt", "children", "custody", "with me"),
        ("Prewitt", "children", "what", "Two kids"),
        ("Sundquist", "child-2", "school", "works with me"),
        ("Sundquist", "self", "health", "hernias"),
        ("Sundquist", "debt-1", "until", "2042"),
        ("Albright", "advisor", "what", "bank salesman"),
        ("Albright", "self", "health", "thyroid"),
        ("Banks", "home", "what", "grandmother Hattie"),
        ("Banks", "home", "payment", "$300 a month"),
        ("Hanlon", "cover", "life", "$1,000,000 term policy"),
        ("Hanlon", "work", "since", "19 years"),
        ("Hanlon", "work", "before", "Navy"),
        ("Hanlon", "children", "college", "Caitlin and Moira are in college"),
        ("Hanlon", "self", "health", "one thing in my file"),
        ("Vega-Dunn", "home", "since", "2022"),
        ("Vega-Dunn", "debt-1", "since", "2022"),
        ("Vega-Dunn", "children", "what", "another one on the way, in April"),
        ("Nakagawa", "retirement", "pension", "$6,100 a month"),
        ("Nakagawa", "income", "partner", "$71,000 as a school librarian"),
        ("Nakagawa", "work", "employer", "The state highway department"),
        ("Kowalczyk", "children", "custody", "half the time"),
        ("Kowalczyk", "debt-2", "what", "$640 a month"),
        ("Gaines", "home", "what", "parsonage in Chattanooga"),
        ("Gaines", "cover", "health", "Vanessa's plan"),
        ("Gaines", "work", "employer", "The church"),
        ("Solheim-Carter", "work", "employer", "until 2021"),
        ("Solheim-Carter", "work", "what", "I rent out two cabins"),
        ("Murray", "home", "payment", "$1,150"),
        ("Pfeiffer", "work", "before", "chemical company for 22 years"),
        ("Dorsey", "home", "what", "trailer for $650"),
        ("Rahimi", "work", "before", "drove a taxi"),
        ("Thibodeaux", "children", "what", "six kids"),
        ("Thibodeaux", "work", "since", "36 years"),
        ("Tran", "home", "payment", "$3,100"),
        ("Thorne", "cover", "life", "$50,000"),
        ("Yazzie", "cover", "auto", "half at fault"),
        ("Castellano", "retirement", "pension", "$5,400 a month"),
        ("Castellano", "work", "what", "I work part-time at a hardware store"),
        ("Deshpande", "self", "origin", "Pune"),
        ("Deshpande", "income", "partner", "$172,000"),
        ("Oxendine", "child-1", "school", "in the Army"),
        ("Fitzgibbon", "work", "since", "2012"),
        ("Fitzgibbon", "work", "what", "studio"),
        ("Fitzgibbon", "cover", "health", "Jo's plan"),
        ("Stokes", "work", "since", "37 years"),
        ("Ballard", "children", "what", "Eli and June"),
        ("Ballard", "work", "since", "Six years"),
        ("Ballard", "partner", "work", "stays home"),
        ("Rucker", "cover", "life", "$100,000 through work"),
        ("Rucker", "work", "employer", "the mine"),
        ("Marchetti", "work", "employer", "The business"),
        ("Sethi", "work", "since", "23 years"),
        ("Espinoza", "retirement", "when", "retiring in May"),
        ("Blackwood", "cover", "life", "$500,000"),
        ("Blackwood", "children", "custody", "during the school year"),
        ("Blackwood", "work", "since", "18 years"),
        ("Rucker", "work", "since", "I went underground at 19"),
        ("Rucker", "goal-1", "what", "cover of my own"),
        ("Gaines", "work", "what", "Baptist"),
        ("Blackwood", "relatives", "what", "when I last deployed"),
        ("Whitfield", "home", "payment", "$1,090"),
        ("Whitfield", "children", "custody", "every other weekend"),
        ("Whitfield", "cover", "auto", "commercial policy"),
    ],
)
def test_the_life_says_what_the_profile_tells(name: str, subject: str, aspect: str, told: str) -> None:
    one = life(BY_NAME[name]).subject(subject)
    assert one
    assert told in " ".join(one.says.get(aspect, ()))


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_is_presumed_of_home_and_family(name: str) -> None:
    known = life(BY_NAME[name])
    home = known.subject("home")
    said = " ".join(text for _, text in texts(known))
    assert home
    if "value" not in home.figures:
        assert "property taxes" not in said
        assert "the furnace" not in said.lower().replace("in case the furnace", "")
    ages = [one.figures["age"].value for one in known.of_kind("child") if "age" in one.figures]
    if not ages or min(ages) < 15:
        assert "when the grandkids come" not in said
