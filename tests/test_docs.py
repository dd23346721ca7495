"""The documentation says what the code does."""

import ast
import re
import runpy
import subprocess
import sys
from pathlib import Path

from rplay import config
from rplay.agents import chain, evaluation, wording
from rplay.agents.providers.azure_agents import NAMES
from rplay.agents.tools import tools_of
from rplay.db import LIST_BYTES, review_marks, review_overrides, reviews
from rplay.runtime import ai_usage, redis
from rplay.server import worker
from rplay.training import subjects
from rplay.tts import request as tts_request
from rplay.web import body, bounds, sse
from rplay.web.limits import TABLE
from rplay.web.socket import server

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def test_the_table_of_rate_limits_is_the_one_in_force():
    lines = (DOCS / "limits.md").read_text(encoding="utf-8").splitlines()
    for name, row in TABLE.items():
        assert f"| {name} | {' | '.join(row)} |" in lines


def test_the_table_of_bounds_is_the_one_in_force():
    lines = (DOCS / "limits.md").read_text(encoding="utf-8").splitlines()
    for what, bound in bounds.TABLE.items():
        assert f"| {what} | {bound} |" in lines


def test_the_agents_in_azure_are_those_that_are_made_there():
    lines = (DOCS / "azure.md").read_text(encoding="utf-8").splitlines()
    for agent, name in NAMES.items():
        assert f"| {agent} | `rplay-{name}` | {', '.join(tool.name for tool in tools_of(agent))} |" in lines


def limits() -> dict[str, str]:
    """What the tables of limits say of each thing."""
    rows = [line.strip("| ").split(" | ") for line in (DOCS / "limits.md").read_text(encoding="utf-8").splitlines()]
    return {row[0]: row[1].removesuffix(" |").strip() for row in rows if len(row) > 1}


def test_the_table_of_sizes_is_the_one_in_force():
    gunicorn = runpy.run_path(str(DOCS.parent / "gunicorn.conf.py"))
    default = config.load({})
    assert (
        limits().items()
        >= {
            "request body": f"{default.body_limit_kb // 1024} MiB",
            "request body of bulk import, PUT and PATCH of a simulation, chat, agents and review": f"{default.body_limit_large_kb // 1024} MiB",
            "line of a request, without its body": f"{gunicorn['limit_request_line']:,} bytes",
            "people in one bulk import": f"{default.import_max_rows:,}",
            "message to the speech socket": f"{server.MAX_MESSAGE:,} bytes",
            "speech text": f"{tts_request.MAX_TEXT:,} characters",
            "list without a limit of its own": f"the newest 10,000 rows, fewer where those come to {LIST_BYTES // 2**20} MiB",
            "bodies over 1 MiB that one process works on at once": f"{body.LARGE_AT_ONCE}; others wait up to {body.TURN_SECONDS:g} s, then 503",
            "competencies": f"{subjects.MOST_COMPETENCIES}",
            "versions of one talk's review; overrides of one talk": f"{reviews.VERSIONS}; {review_overrides.MOST:,}",
            "blind marks that agreement is measured on": f"the newest {review_marks.NEWEST:,}",
            "body that was refused, which is read on to its end": f"{worker.UNREAD // 2**20} MiB, then the connection ends",
            "what an agent is told in all, beside our own instructions": f"{wording.PROMPT:,} characters",
            "of that, a talk": f"its newest {wording.TURNS} messages, {wording.LINE:,} characters of each, as many as the rest leaves room for",
            "of that, a block of facts; rubrics; what admins have set": f"{wording.BLOCK:,}; {evaluation.RUBRICS:,}; {wording.SETTINGS:,} characters",
            "packets that wait for a listener before a speech pauses": f"{server.MAX_WAITING}",
            "packets that wait for one who does not read, before the connection is closed": f"{server.MAX_UNREAD}",
            "connections to one worker": f"{gunicorn['worker_connections']:,}",
            "connections of one address to one process at a time": f"{default.connections_per_address}",
            "speech connections of one address at a time": f"{default.connections_per_address}",
            "connections of one process to the database": f"{default.db_pool_max}",
            "connections of one process to Redis": f"{redis.CONNECTIONS}",
            "events of a stream that wait for a client": f"{sse.MOST_WAITING}",
            "AI calls that wait to be written to `ai_usage`": f"{ai_usage.MOST_WAITING:,}",
            "a statement": f"{default.db_statement_timeout:g} s (`DB_STATEMENT_TIMEOUT`); 2 s more when the database says nothing at all",
            "waiting for an AI, whatever it tries": f"{chain.WAIT:g} s",
        }.items()
    )


def test_the_licences_are_those_of_what_is_locked():
    done = subprocess.run([sys.executable, ROOT / ".ci/licences"], capture_output=True, text=True, check=True)
    here, listed = rows(done.stdout), rows((DOCS / "licences.md").read_text(encoding="utf-8"))
    locked = set(re.findall(r'^name = "(.+)"', (ROOT / "uv.lock").read_text(encoding="utf-8"), re.MULTILINE))
    assert len(here) > 60
    # Another Python may get another version, which calls the same licence by another name.
    assert {name: flag for name, flag in listed.items() if name in here} == here, "run `make licences`"
    # What is not installed here is for another system or Python.
    assert listed.keys() - here.keys() <= locked


def rows(table):
    """Of each package, who needs it and whether its licence is not permissive."""
    cells = [line.split("|") for line in table.splitlines() if line.startswith("| ")]
    return {name.strip(): (use.strip(), flag.strip()) for _, name, _, use, flag, _ in cells}


def names_of_tests(path):
    """`Class::test` or `test` for each test of this file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for test in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                yield f"{node.name}::{test.name}" if isinstance(node, ast.ClassDef) else test.name


def test_every_test_that_security_names_is_there():
    text = (DOCS / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", text)
    assert len(named) > 50
    assert [(file, name) for file, name in named if name not in set(names_of_tests(ROOT / file))] == []


def test_every_line_about_security_has_a_test_or_is_a_gap():
    text = (DOCS / "security.md").read_text(encoding="utf-8")
    for section in ("Top 10 (2023)", "ASVS 5.0"):
        table = text.partition(section)[2].partition("\n## ")[0]
        rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")][1:]
        assert len(rows) > 10
        for row in rows:
            assert "::" in row[-1] or row[-1].strip() in ("gap", "by design"), row


def test_all_ten_risks_are_there():
    text = (DOCS / "security.md").read_text(encoding="utf-8")
    assert [f"API{number}" for number in range(1, 11) if f"| API{number} " not in text] == []


def test_the_architecture_names_every_room_and_none_that_is_gone():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rplay = ROOT / "rplay"
    rooms = {path.parent.relative_to(rplay).as_posix() for path in rplay.rglob("__init__.py")} - {"."}
    inside = {room for room in rooms if room.startswith("agents/rehearsal/")}  # named by their last word
    assert {room for room in rooms if f"`{room}/`" not in text and room not in inside} == set()
    assert {room for room in inside if f"`{room.rpartition('/')[2]}/`" not in text} == set()
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.py)`", text))
    assert {path for path in named if not ((rplay / path).exists() or (ROOT / path).exists())} - {
        "limits.py",
        "body.py",
        "disconnect.py",
    } == set()


def test_the_list_of_modules_is_what_they_say_of_themselves():
    made = runpy.run_path(str(DOCS / "modules.py"))["modules"]()
    assert (DOCS / "modules.md").read_text(encoding="utf-8") == made, "run `make docs`"
