"""docs/api.md, run as it stands there against a server of our own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import live_server

pytestmark = [pytest.mark.description, pytest.mark.timeout(300)]

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
PROGRAMS = {
    "sh": ["bash", "-euo", "pipefail", "-s"],
    "python": [sys.executable, "-"],
    "js": ["node", "--input-type=module"],
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_the_first_ten_calls_work(language: str, database: str, data_dir: Path) -> None:
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    with live_server(database, data_dir) as server:
        code = code.replace("http://127.0.0.1:3001", server.base)
        done = subprocess.run(PROGRAMS[language], input=code, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", done.stdout.strip().splitlines()[-1])
