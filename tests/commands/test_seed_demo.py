"""`rplay seed-demo`."""

import json

import pytest

from rplay.demo import people


@pytest.fixture(autouse=True)
def _few_talks(monkeypatch):
    few = people.plan()[:1]
    monkeypatch.setattr(people, "plan", lambda: few)


def test_fills_the_dashboards_once(run, url, look):
    for _ in range(2):
        assert run("seed-demo").stdout.splitlines()[:2] == ["feedback\t1", "sessions\t1"]
    assert look("SELECT count(*) FROM nps_feedback") == [(1,)]
    assert json.loads(run("seed-demo", "--json").stdout)["sessions"] == 1


def test_is_refused_in_production(run, url, settings, look):
    settings(NODE_ENV="production")
    done = run("seed-demo")
    assert done.exit_code == 1
    assert "Demo data is for development; NODE_ENV is production here. Nothing was changed." in done.stderr
    assert look("SELECT count(*) FROM users") == [(0,)]
