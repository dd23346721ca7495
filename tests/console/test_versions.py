"""Earlier versions of a scenario on pages: read, and what each changed."""

import pytest

from tests.console.conftest import Shown
from tests.trained import CONTENT, scenario_of


@pytest.fixture
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture
def scenario(tess):
    """In three versions."""
    made = scenario_of(tess)
    secret = {**CONTENT["secrets"][0], "about": "my back"}
    second = {**CONTENT, "passMark": 8, "mustSay": [], "secrets": [*CONTENT["secrets"], secret]}
    for content in (second, second):
        assert tess.put(f"/api/scenarios/{made}", {"scenario": content}).status_code == 200
    return made


def words(page):
    html = page.text.replace("</t", " </t").replace("</d", " </d").replace("<br>", " ")
    return " ".join(Shown(html).words.split())


def test_are_listed_the_newest_first(signed_in, tess, scenario):
    browser = signed_in(tess)
    page = words(browser.get(f"/console/scenarios/{scenario}/versions"))
    assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
    assert f"/console/scenarios/{scenario}/versions" in browser.get(f"/console/scenarios/{scenario}").text


def test_each_can_be_read_with_what_it_changed(signed_in, tess, scenario):
    browser = signed_in(tess)
    first, second, third = (
        words(browser.get(f"/console/scenarios/{scenario}/versions/{number}")) for number in (1, 2, 3)
    )
    assert "What it changed" not in first
    assert "Name the waiting time: waiting time; six months" in first
    changed, _, whole = second.partition("What it said")
    assert "Number to reach 6 8" in changed
    assert "Must be said Name the waiting time: waiting time; six months –" in changed
    assert "Secret 2 – my back (heart, hospital)" in changed
    assert "Secret 1" not in changed
    assert "Secret 1 my heart (heart, hospital)" in whole
    assert "What it changed Nothing." in third


@pytest.mark.parametrize("number", ["4", "0", "-1", "x", "9" * 30, "2%00"])
def test_there_is_no_other(signed_in, tess, scenario, number):
    assert signed_in(tess).get(f"/console/scenarios/{scenario}/versions/{number}").status_code == 404


def test_are_for_those_who_may_see_the_scenario(signed_in, person, alice, scenario):
    for other in (person("Theo", "trainer"), alice):
        for path in ("versions", "versions/1"):
            assert signed_in(other).get(f"/console/scenarios/{scenario}/{path}").status_code == 403
