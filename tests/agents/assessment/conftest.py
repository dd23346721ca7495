"""Reviews in a process that is patched as the server is, where calls can be under way at the same time."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from agents.conftest import fake  # noqa: F401
from rplay.agents.types import Transcript

ROOT = Path(__file__).parents[3]
REVIEW = """
from gevent import monkey; monkey.patch_all()
import json, sys
from rplay.agents.chain import Chain
from rplay.agents.evaluation import review
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.types import Transcript
url, talk = json.load(sys.stdin)
provider = OpenAIProvider(lambda: "sk-k", url, "m", review_calls="per-competency")
provider.habit = "speaks"
found = review(Chain([provider]), Transcript(**talk)).as_array()
provider.close()
print("\\n" + json.dumps(found))
"""


@pytest.fixture
def in_server() -> Callable[[str, Transcript], Any]:
    def run(url: str, talk: Transcript) -> Any:
        told = {**asdict(talk), "life": None, "parameters": ()}
        done = subprocess.run(
            [sys.executable, "-c", REVIEW], input=json.dumps([url, told]), text=True, capture_output=True, cwd=ROOT,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
