"""`rplay seed-demo`."""

import json

from rplay.db import demo


def test_fills_the_dashboards_once(run, url, look):
    for _ in range(2):
        assert run("seed-demo").stdout.splitlines()[0] == f"feedback\t{demo.FEEDBACK}"
    assert look("SELECT count(*) FROM nps_feedback") == [(demo.FEEDBACK,)]
    assert json.loads(run("seed-demo", "--json").stdout)["sessions"] == demo.SESSIONS


def test_is_refused_in_production(run, url, settings, look):
    settings(NODE_ENV="production")
    done = run("seed-demo")
    assert done.exit_code == 1
    assert "Demo data is for development; NODE_ENV is production here. Nothing was changed." in done.stderr
    assert look("SELECT count(*) FROM nps_feedback") == [(0,)]
