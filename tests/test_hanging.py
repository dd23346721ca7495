"""No test waits for ever: what would is ended and named, in a pytest of its own with shorter limits."""

import os
import subprocess
import sys

import pytest

from tests.live import ROOT

POLITE = """
import gevent, subprocess, threading, time
from gevent.event import Event

def test_a_thread(): threading.Event().wait()
def test_the_hub(): Event().wait()
def test_a_greenlet_that_never_yields(): gevent.spawn(lambda: [time.sleep(0.01) for _ in iter(int, 1)]).get()
def test_a_process(): subprocess.run(["sleep", "600"])
def test_that_ends(): pass
"""
DEAF = """
import signal

def test_that_hears_no_signal():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.pause()
"""


@pytest.fixture
def ended(tmp_path):
    """Runs this file with the repository's options and shorter limits; exit status and what was said."""

    def run(text, **options):
        (tmp_path / "test_hanging.py").write_text(text)
        limits = [f"--override-ini={name}={value}" for name, value in options.items()]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-c",
                ROOT / "pyproject.toml",
                "-p",
                "no:cacheprovider",
                "-p",
                "timeout",
                *limits,
                tmp_path,
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # of those that take long to import
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_test_that_hangs_fails_and_the_others_go_on(ended):
    status, said = ended(POLITE, timeout=1)
    assert status == 1
    assert "4 failed, 1 passed" in said


def test_what_hears_no_signal_is_ended_with_its_stacks(ended):
    status, said = ended(DEAF, timeout=1, faulthandler_timeout=2)
    assert status == 1
    assert "in test_that_hears_no_signal" in said


def test_every_test_has_both_limits(request):
    assert 0 < float(request.config.getini("timeout")) < float(request.config.getini("faulthandler_timeout"))
    assert request.config.getini("faulthandler_exit_on_timeout")


def test_what_a_test_starts_can_be_interrupted():
    """Also when the tests run in the background of a shell, where Ctrl-C is ignored."""
    script = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == "True\n"


@pytest.mark.operations
def test_the_tests_give_back_what_a_shell_ignores_in_the_background(tmp_path):
    """This test again, in a pytest whose parent ignores Ctrl-C."""
    name = f"{__file__}::{test_what_a_test_starts_can_be_interrupted.__name__}"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", name]
    ignoring = f"trap '' INT QUIT; exec {' '.join(command)}"
    done = subprocess.run(["sh", "-c", ignoring], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
