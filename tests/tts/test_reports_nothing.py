"""What the local voice is made of keeps to itself that it was used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT
from tests.programs import program

SERVER = """
import wsgi
from rplay.tts.local import LocalSpeaker
assert sum(map(len, LocalSpeaker().stream("Good morning.", "alloy", 1.0)))
"""
LISTENS = 12  # seconds: left to itself it looks up where to report after nine
WAYS = {
    "command": ["-m", "cli", "say", "Good morning.", "-o", "out.mp3"],
    "server": ["-c", SERVER],
    "server for a while": ["-c", f"{SERVER}\nimport time\ntime.sleep({LISTENS})"],
}


@pytest.fixture
def spoken(tmp_path: Path):
    """Speaks a sentence with an empty HOME, behind another program perhaps; the HOME."""
    (tmp_path / "home").mkdir()

    def speak(way: str, *before: str) -> Path:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
        subprocess.run([*before, sys.executable, *WAYS[way]], cwd=tmp_path, env=env, check=True, timeout=240)
        return tmp_path / "home"

    return speak


@pytest.mark.practice
@pytest.mark.parametrize("way", ["command", "server"])
def test_leaves_nothing_in_the_home(spoken, way):
    assert not list(spoken(way).iterdir())


@pytest.mark.practice
def test_looks_no_name_up(spoken, tmp_path):
    """Every name that glibc looks up goes through one of these files, or to nscd."""
    trace = tmp_path / "trace"
    spoken("server for a while", program("strace"), "-f", "-qq", "-o", str(trace), "-e", "trace=connect,openat,open")
    calls = trace.read_text(errors="replace")
    assert "onnxruntime" in calls
    for place in ("/etc/resolv.conf", "/etc/hosts", "nscd", "AF_INET"):
        assert place not in calls
