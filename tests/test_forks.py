"""`make test` runs the files in forks: nothing gets lost between them and the process that reports."""

import os
import re
import subprocess
import sys

import pytest

from tests.live import ROOT

QUICK = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # of those that take long to import
FILES = {
    # It ends after the other has begun in another process, which would take its own with it.
    "test_one.py": """
import os, pytest, time

def test_passes(tmp_path): print("unseen")
def test_fails():
    print("said by the test")
    assert 1 == 2
@pytest.mark.skip(reason="not today")
def test_is_skipped(): pass
def test_has_parts(subtests):
    for number in range(3):
        with subtests.test(number): assert number != 1
@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    yield tmp_path_factory.mktemp("made")
    (tmp_path_factory.getbasetemp().parent / "torn-down").touch()
def test_asks_for_something_of_the_session(folder, tmp_path_factory):
    begun = tmp_path_factory.getbasetemp().parent / "begun"
    while not begun.exists(): time.sleep(0.01)
""",
    "test_two.py": """
import os, random

def test_passes(tmp_path_factory):
    (tmp_path_factory.getbasetemp().parent / "begun").touch()
    assert random.random() != random.Random(1).random()
def test_takes_its_process_with_it():
    os._exit(7)
def test_behind_it(): pass
""",
    "test_three.py": "def test_passes(): pass",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs these files in three forks; exit status and what was said."""
    folder = tmp_path_factory.mktemp("forked")
    for name, text in FILES.items():
        (folder / name).write_text(text)

    def with_options(*options):
        command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider"]
        base = folder / "temporary"
        done = subprocess.run(
            [*command, "-p", "timeout", "-p", "tests.forks", "--forks", "3", f"--basetemp={base}", *options, folder],
            capture_output=True,
            text=True,
            env=QUICK,
        )
        return done.returncode, done.stdout + done.stderr, base

    return with_options


@pytest.fixture(scope="module")
def ended(run):
    return run()


def test_everything_is_counted_and_failures_are_told(ended):
    status, said, _ = ended
    assert status == 1
    assert "3 failed, 5 passed, 1 skipped, 2 subtests passed" in said
    assert "not today" in said


def test_what_a_failing_test_printed_is_shown(ended):
    _, said, _ = ended
    assert "said by the test" in said
    assert "assert 1 == 2" in said
    assert "unseen" not in said


def test_a_process_that_ends_in_the_middle_fails_the_test_that_it_ran(ended):
    _, said, _ = ended
    assert "test_takes_its_process_with_it" in said
    assert "Its process ended with status 7: the rest of its file was not run." in said
    assert "test_behind_it" not in said


def test_what_a_fork_made_for_all_its_tests_is_torn_down(ended):
    _, _, base = ended
    assert (base / "torn-down").exists()


def test_the_first_failure_may_be_the_last_and_the_processor_time_of_files_is_shown(run):
    status, said, _ = run("-x", "--processor")
    assert status == 1
    assert "stopping after" in said
    assert "test_is_skipped" not in said
    _, _, table = said.partition("processor time")
    assert "all files" in table


def test_the_files_that_took_longest_are_begun_first(tmp_path):
    for name, seconds in (("a", 0), ("b", 0.4), ("c", 0.2)):
        (tmp_path / f"test_{name}.py").write_text(f"import time\ndef test_it(): time.sleep({seconds})")
    (tmp_path / "pytest.ini").touch()
    words = ["-p", "tests.forks", "--rootdir", tmp_path, "-c", tmp_path / "pytest.ini", tmp_path]
    command = [sys.executable, "-m", "pytest", *words]
    subprocess.run([*command, "--forks", "2"], check=True, cwd=ROOT, env=QUICK)
    listed = subprocess.run(
        [*command, "--collect-only", "-q"], check=True, cwd=ROOT, env=QUICK, capture_output=True, text=True
    )
    assert re.findall("test_(.)[.]py", listed.stdout) == ["b", "c", "a"]


def test_files_that_start_something_are_spread_over_the_run(tmp_path):
    for name in "abcdef":
        (tmp_path / f"test_{name}.py").write_text(f"{'live_server = 1' if name < 'd' else ''}\ndef test_it(): pass")
    (tmp_path / "pytest.ini").touch()
    words = ["-p", "tests.forks", "--rootdir", tmp_path, "-c", tmp_path / "pytest.ini", tmp_path]
    command = [sys.executable, "-m", "pytest", *words, "--collect-only", "-q"]
    listed = subprocess.run(command, check=True, cwd=ROOT, env=QUICK, capture_output=True, text=True)
    assert re.findall("test_(.)[.]py", listed.stdout) == ["a", "d", "b", "e", "c", "f"]
