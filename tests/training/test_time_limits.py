"""A scenario's time: it runs from when the talk is opened, and who does not end it in time is ended."""

import pytest

from rplay import db
from rplay.training import time_limits
from tests.console.conftest import signed_in  # noqa: F401
from tests.judged import group_of
from tests.trained import assigned, scenario_of


@pytest.fixture
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture
def lena(person):
    return person("Lena")


@pytest.fixture
def talk(admin, tess, lena):
    """Of ten minutes, begun and not opened."""
    group = group_of(admin, f"Group of {lena.email}", tess, lena)
    given = assigned(tess, scenario_of(tess, minutes=10, attempts=1), groupId=group)
    return lena.post(f"/api/assignments/{given}/attempts").get_json()["data"]["id"]


def opened(browser, talk):
    """Seconds that the page is told."""
    page = browser.get(f"/console/talks/{talk}")
    assert page.status_code == 200
    words = page.text.partition("&#34;secondsLeft&#34;: ")[2].partition(",")[0]
    return None if words == "null" else float(words)


def later(talk, minutes):
    db.execute(
        "UPDATE simulation_origins SET ends_at = ends_at - make_interval(mins => %(minutes)s) WHERE simulation_id = %(id)s",
        id=talk,
        minutes=minutes,
    )


def completed(person, talk):
    return person.get(f"/api/simulation/{talk}").get_json()["simulation"]["completed_at"] is not None


def standing(person):
    (one,) = person.get("/api/assignments/mine").get_json()["data"]
    return one["standing"]["state"]


def test_runs_from_when_the_talk_is_opened_and_not_anew(signed_in, lena, talk):  # noqa: F811
    browser = signed_in(lena)
    browser.get(f"/console/talks/{talk}/client")
    first = opened(browser, talk)
    later(talk, 4)
    assert 590 < first <= 600
    assert 350 < opened(browser, talk) <= 360


def test_a_talk_without_a_limit_has_none(signed_in, tess):  # noqa: F811
    free = tess.post(f"/api/scenarios/{scenario_of(tess)}/try").get_json()["data"]["id"]
    assert opened(signed_in(tess), free) is None


def test_what_is_over_is_ended_once_and_keeps_what_was_said(signed_in, lena, talk):  # noqa: F811
    opened(signed_in(lena), talk)
    said = [{"role": "user", "content": "Good morning Nora."}, {"role": "assistant", "content": "Hello."}]
    lena.put(f"/api/simulation/{talk}", {"conversationHistory": said})
    assert (time_limits.end_those_over(True), completed(lena, talk)) == (0, False)
    later(talk, 10)
    assert time_limits.end_those_over(True) == 1
    assert time_limits.end_those_over(True) == 0
    assert completed(lena, talk)
    assert lena.get(f"/api/simulation/{talk}").get_json()["simulation"]["conversation_history"] == said
    events = "SELECT count(*) FROM engagement_events WHERE event_type = 'simulation_complete' AND user_id = %(id)s"
    assert db.value(events, id=lena.id) == 1
    assert standing(lena) == "begun"


def test_the_last_attempt_in_which_nothing_was_said_is_not_passed(signed_in, lena, talk):  # noqa: F811
    opened(signed_in(lena), talk)
    later(talk, 10)
    time_limits.end_those_over(False)
    assert standing(lena) == "failed"


def test_who_only_reads_the_briefing_loses_no_time(signed_in, lena, talk):  # noqa: F811
    """The talk itself took five minutes of its ten, an hour after it was begun."""
    db.execute("UPDATE simulations SET started_at = started_at - interval '1 hour' WHERE id = %(id)s", id=talk)
    opened(signed_in(lena), talk)
    later(talk, 5)
    lena.put(f"/api/simulation/{talk}", {"conversationHistory": [{"role": "user", "content": "Good morning Nora."}]})
    lena.post(f"/api/simulation/{talk}/complete", {"total_xp": 1})
    lena.post(f"/api/simulation/{talk}/reviews")
    db.execute("""UPDATE reviews SET scores = '{"overall": 9}', review = '{}' WHERE simulation_id = %(id)s""", id=talk)
    assert standing(lena) == "passed"
