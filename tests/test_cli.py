"""The commands, as they are typed."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import miniaudio
import psycopg
import pytest
from click.testing import CliRunner, Result

import cli
from rplay.config import Settings
from rplay.data import DataFiles

BIN = Path(sys.executable).parent
TEXT = "My pension alone is not enough to retire at sixty."

Run = Callable[..., Result]

speaks = pytest.mark.skipif(find_spec("hibari") is None, reason="the extra `local` is not installed")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Sets what is given and nothing else, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def set_(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    set_(LOCAL_TYPING="0")
    return set_


@pytest.fixture
def run(settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process, whose log stays as it is."""
    monkeypatch.setattr("rplay.web.logs.install", lambda _settings: None)
    return lambda *words, **options: CliRunner().invoke(cli.main, words, **options)


def listen(mp3: bytes) -> miniaudio.DecodedSoundFile:
    """The sound, after a look that it is no silence."""
    sound = miniaudio.decode(mp3, nchannels=1)
    assert max(sound.samples) > 1000
    return sound


class TestHelp:
    @pytest.mark.parametrize("command", ["", "serve", "talk", "say", "db", "db upgrade", "db status"])
    def test_begins_with_an_example(self, run, command):
        said = run(*command.split(), "--help").output
        assert f"rplay {command}".strip() in said.split("Options:")[0].split("\n\n", 2)[2]

    def test_is_had_without_importing_the_application(self):
        script = "import cli, sys; assert 'rplay' not in sys.modules and 'flask' not in sys.modules"
        assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_flask_has_the_same_commands(settings, tmp_path):
    done = subprocess.run(
        [BIN / "flask", "--app", "wsgi", "db", "--help"],
        capture_output=True,
        text=True,
        cwd=cli.__file__.rpartition("/")[0],
        env={**os.environ, "INSTANCE_DIR": str(tmp_path)},
    )
    assert "Look after the database." in done.stdout


def test_psycopg_must_not_be_imported_before_gevent_patches(settings):
    done = subprocess.run([sys.executable, "-c", "import psycopg, wsgi"], capture_output=True, text=True)
    assert "psycopg was imported before gevent patched" in done.stderr


def test_gunicorn_alone_needs_a_database(settings):
    done = subprocess.run(
        [BIN / "gunicorn", "--config", Path(cli.__file__).with_name("gunicorn.conf.py"), "--bind", "127.0.0.1:0"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "Error: DATABASE_URL is not set. Set it, or use `rplay serve`" in done.stderr
    assert "Traceback" not in done.stderr


class TestDb:
    def test_upgrades_an_empty_database_once(self, run, settings, new_database):
        settings(DATABASE_URL=new_database("empty"))
        before = run("db", "status")
        assert before.exit_code == 1
        assert "pending  0001_reference" in before.stdout
        assert "Error: Migrations have to run: rplay db upgrade" in before.stderr
        assert "0001_reference" in run("db", "upgrade").stdout.splitlines()
        again = run("db", "upgrade")
        assert (again.stdout, again.stderr) == ("", "The schema is up to date.\n")
        after = run("db", "status")
        assert after.exit_code == 0
        assert "pending" not in after.stdout

    def test_status_changes_nothing(self, run, settings, new_database):
        url = new_database("empty")
        settings(DATABASE_URL=url)
        run("db", "status")
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)

    def test_upgrade_gives_a_new_database_the_shipped_parameters(self, run, settings, new_database):
        url = new_database("empty")
        settings(DATABASE_URL=url)
        for _ in range(2):
            run("db", "upgrade")
        with psycopg.connect(url) as connection:
            [(count,)] = connection.execute("SELECT count(*) FROM parameters").fetchall()
        shipped = DataFiles.parameter_defaults()
        assert count == sum(len(category["parameters"]) for category in shipped) > 10

    def test_doctor_fails_on_what_is_serious(self, run, settings, new_database):
        settings(DATABASE_URL=new_database("empty"))
        sick = run("db", "doctor")
        assert sick.exit_code == 1
        assert "serious  Migrations have not run: run `rplay db upgrade`" in sick.stdout
        run("db", "upgrade")
        well = run("db", "doctor")
        assert (well.exit_code, well.stdout, well.stderr) == (0, "", "Nothing serious was found.\n")


class TestSay:
    @speaks
    def test_writes_an_mp3_that_plays(self, run, tmp_path):
        done = run("say", TEXT, "-o", "out.mp3")
        assert (done.exit_code, done.stdout) == (0, "")
        assert 1.5 < listen((tmp_path / "out.mp3").read_bytes()).duration < 8

    @speaks
    def test_speaks_what_is_piped_in_and_pipes_it_out(self, run):
        slow = run("say", "-", "-o", "-", "--speed", "0.5", input=TEXT)
        quick = run("say", "-", "-o", "-", "--speed", "2", input=TEXT)
        assert listen(slow.stdout_bytes).duration > 1.5 * listen(quick.stdout_bytes).duration

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (["  "], "Text is required"),
            (["x" * 4001], "Text is too long (max 4000 characters)"),
            (["Hello", "--voice", "bob"], "Unknown voice: bob"),
            (["Hello", "--speed", "9"], "Speed must be between 0.25 and 4.0"),
        ],
    )
    def test_refuses_what_the_server_refuses(self, run, tmp_path, words, reason):
        done = run("say", *words, "-o", "out.mp3")
        assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"Error: {reason}\n")
        assert not (tmp_path / "out.mp3").exists()

    def test_says_what_to_set_when_there_is_no_voice(self, run, settings):
        settings(TTS_PROVIDER="openai")
        assert "Error: No voice is configured" in run("say", "Hello", "-o", "out.mp3").stderr

    def test_says_that_a_file_cannot_be_written(self, run):
        done = run("say", "Hello", "-o", "/nowhere/out.mp3")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "Could not open file '/nowhere/out.mp3'" in done.stderr


class TestTalk:
    @speaks
    def test_goes_from_the_greeting_to_the_review(self, settings, tmp_path):
        """With nobody at the keyboard, as the whole command, and the client's lines as files."""
        typed = "Good morning, I am Sam. What brings you here?\n\n/help What is term life?\n/progress\n/what\n/end\nNever heard.\n"
        command = [BIN / "rplay", "talk", "--difficulty", "beginner", "--voice", "lines"]
        done = subprocess.run(command, input=typed, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b" not in done.stdout
        said = " ".join(done.stdout.split())
        assert "insurance, life-health · beginner" in said
        assert "AI: rehearsal, made of rules" in said
        assert "You: Good morning, I am Sam." in said
        assert "Expert Summary" in said
        assert "Recommendations" in said
        assert said.count("/help [question] asks the expert") == 2
        review = said.partition(" Review ")[2]
        for competency in ("Communication Skills", "Needs Assessment", "Objection Handling"):
            assert competency in review
        assert " of 10" in review.partition("Overall")[2]
        assert "Never heard" not in said
        for line in ("01.mp3", "02.mp3"):
            listen((tmp_path / "lines" / line).read_bytes())
        assert not (tmp_path / "lines" / "03.mp3").exists()

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            (["--industry", "banking"], "There is no industry 'banking'; there are insurance, "),
            (["--subcategory", "cars"], "insurance has no subcategory 'cars'; it has life-health, property-casualty."),
        ],
    )
    def test_names_what_there_is(self, run, options, reason):
        done = run("talk", *options)
        assert done.exit_code == 1
        assert reason in done.stderr

    def test_says_what_to_set_when_there_is_no_ai(self, run, settings):
        settings(NODE_ENV="production")
        assert "Error: No AI provider is configured: set OPENAI_API_KEY" in run("talk").stderr
