"""Reviews in a process that is patched as the server is, where calls can be under way at the same time."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from agents.conftest import fake  # noqa: F401
from rplay.agents.types import Transcript

ROOT = Path(__file__).parents[3]
SERVER = """
from gevent import monkey; monkey.patch_all()
import json, sys
from rplay.agents.chain import Chain
from rplay.agents.evaluation import review
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.types import Transcript
for line in sys.stdin:
    url, talk = json.loads(line)
    provider = OpenAIProvider(lambda: "sk-k", url, "m", review_calls="per-competency")
    provider.habit = "speaks"
    found = review(Chain([provider]), Transcript(**talk)).as_array()
    provider.close()
    print(MARK + json.dumps(found), flush=True)
"""
MARK = "the review: "  # before it are lines of the log


@pytest.fixture(scope="module")
def server() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", SERVER.replace("MARK", repr(MARK))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        process.communicate()
    assert process.returncode == 0


@pytest.fixture
def in_server(server: "subprocess.Popen[str]") -> Callable[[str, Transcript], Any]:
    """Has the process review a talk."""

    def run(url: str, talk: Transcript) -> Any:
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps([url, {**asdict(talk), "life": None, "parameters": ()}]) + "\n")
        server.stdin.flush()
        return next(json.loads(line.removeprefix(MARK)) for line in server.stdout if line.startswith(MARK))

    return run
