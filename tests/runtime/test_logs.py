"""What the log looks like, in production and elsewhere."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import structlog
from rplay.config import load
from rplay.runtime import logs
logs.install(load({"NODE_ENV": "%s", "LOG_LEVEL": "info"}))
log = structlog.get_logger()
log.debug("too_quiet")
log.info("request", path="/a b", status=200, user_id=None)
try:
    1 / 0
except ZeroDivisionError:
    log.exception("request_failed")
"""


UNCAUGHT = """
import threading, warnings
import gevent
from rplay.config import load
from rplay.runtime import logs
logs.install(load({"NODE_ENV": "production"}))

def fail():
    raise ValueError("ann@example.com")

class Careless:
    def __del__(self):
        fail()

warnings.warn("that is old")
thread = threading.Thread(target=fail)
thread.start(), thread.join()
gevent.joinall([gevent.spawn(fail)])
Careless()
fail()
"""


def test_in_production_nothing_writes_lines_of_its_own():
    done = subprocess.run([sys.executable, "-c", UNCAUGHT], capture_output=True, text=True, check=False)
    warning, *uncaught = [json.loads(line) for line in done.stderr.splitlines()]
    assert (warning["logger"], warning["level"]) == ("py.warnings", "warning")
    assert [(line["event"], line["error"]) for line in uncaught] == [("uncaught", "ValueError")] * 4
    assert all(line["at"][-1].startswith("fail (") for line in uncaught)
    assert "ann@example.com" not in done.stderr
    assert done.returncode == 1


@pytest.fixture
def written():
    def write(env):
        done = subprocess.run([sys.executable, "-c", SCRIPT % env], capture_output=True, text=True, check=True)
        assert done.stdout == ""
        return done.stderr.splitlines()

    return write


def test_is_one_json_object_a_line_in_production(written):
    first, second = [json.loads(line) for line in written("production")]
    assert first | {"timestamp": ""} == {
        "event": "request", "level": "info", "path": "/a b", "status": 200, "user_id": None, "timestamp": "",
    }  # fmt: skip
    assert second["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_can_be_read_elsewhere(written):
    lines = written("development")
    assert lines[0].endswith("info    request path=/a b status=200")
    assert lines[1].endswith("error   request_failed")
    assert lines[-1] == "ZeroDivisionError: division by zero"
