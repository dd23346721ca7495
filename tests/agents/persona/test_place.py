"""The town is the one that the profile tells of the client's own work and home."""

import pytest

from rplay.agents.persona import given
from rplay.agents.persona.place import told_place


def _town(background: str = "", **told: object) -> str:
    profile = {"name": "Marcela Ospina", "occupation": "Office manager", "background": background, **told}
    return (told_place(given.read(profile)) or ("", ""))[0]


@pytest.mark.parametrize(
    ("background", "town"),
    [
        ("Marcela came from Cali, Colombia, at twenty-four and has run the office of a practice in Orlando for nine years.",
         "Orlando"),
        ("Marcela has taught in the same suburb of Columbus for twenty-six years.", "Columbus"),
        ("Marcela has driven the same routes around Chattanooga for nineteen years.", "Chattanooga"),
        ("Marcela has been with the same warehouse outside Fresno for fourteen years.", "Fresno"),
        ("Opened the salon in Erie in 2012 after nineteen years of working for others.", "Erie"),
        ("Born in Utrecht, trained in Baltimore, and has practiced in Richmond for twenty years.", "Richmond"),
        ("Marcela grew up in Decatur, Georgia, and works mostly from home in Atlanta.", "Atlanta"),
        ("Marcela moved from Tampa to Denver in 2021 for the job.", "Denver"),
        ("Fourth generation near Miles City.", "Miles City"),
        ("She fixed trucks for one company in Beckley for twenty-eight years until it closed.", "Beckley"),
        ("She shares an apartment in Newark with a cousin.", "Newark"),
        ("Dwight moved to Baton Rouge with a coworker.", ""),
        ("There was a round of layoffs at her company in February.", ""),
        ("She worked in a mill for thirty-one years until it moved to Honduras.", ""),
        ("Served 28 years, last posted in Germany.", ""),
        ("Her mother lives in Toledo.", ""),
    ],
)  # fmt: skip
def test_the_background_tells_it(background: str, town: str) -> None:
    assert _town(background) == town


@pytest.mark.parametrize(
    "occupation", ["Band director, retires in June", "Coal truck mechanic, laid off in May", "Sergeant, Air Force"]
)
def test_neither_a_month_nor_a_service_is_a_town(occupation: str) -> None:
    assert not _town(occupation=occupation)


def test_a_beach_house_is_not_the_home() -> None:
    assert not _town(assets=["Home: $1,600,000", "Beach house in Duck: $820,000"])
