"""What is true of every command."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

import cli
from rplay.commands import base, people
from rplay.commands.base import LOOK
from rplay.commands.reference import TARGET, reference
from rplay.db.users import ROLES
from tests.commands.conftest import NOWHERE, PATIENCE, ROOT, RPLAY, begun, ended


def every(group=cli.main, path=()):
    """The words of each command and group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from every(command, (*path, name))


EVERY = [pytest.param(words, command, id=" ".join(words)) for words, command in every()]

# Commands that need the database, as one types them.
ON_THE_DATABASE = [
    "users list",
    "users create new@example.com --name New --password-file password",
    "users import people.csv",
    "users export -o all.csv",
    "users set-role ann@example.com trainer",
    "users set-password ann@example.com --password-file password",
    "users delete ann@example.com --yes",
    "sessions list",
    "sessions revoke ann@example.com",
    "sessions revoke --all --yes",
    "sessions purge",
    "quality",
    "scenarios list",
    "scenarios import",
    "scenarios export all",
    "db upgrade",
    "db status",
    "db doctor",
    "db backup all.dump",
    "db restore people.csv --force",
    "seed-demo",
]
# It looks at the table of migrations only; and at its file first.
READING_NOTHING = {"db status", "db restore people.csv --force"}


@pytest.fixture
def files(tmp_path, settings):
    (tmp_path / "password").write_text("Passw0rdX\n")
    (tmp_path / "people.csv").write_text("name,email,password\nBo Li,bo@example.com,Passw0rdX\n")
    return tmp_path


class TestHelp:
    @pytest.mark.parametrize(("words", "command"), EVERY)
    def test_begins_with_an_example(self, run, words, command):
        said = run(*words, "--help").output
        assert f"rplay {' '.join(words)}" in said.split("\n\n", 3)[2]

    @pytest.mark.parametrize(("words", "command"), EVERY)
    def test_says_what_each_option_is_for(self, words, command):
        assert all(one.help for one in command.params if isinstance(one, click.Option)), words

    @pytest.mark.parametrize(("words", "command"), EVERY)
    def test_of_a_group_shows_whole_sentences(self, words, command):
        assert not command.get_short_help_str(60).endswith("..."), words

    def test_is_had_without_importing_what_takes_long(self):
        script = (
            "import sys, cli; cli.main(['--help'], standalone_mode=False);"
            "sys.exit(any(name in sys.modules for name in ('flask', 'gevent', 'psycopg', 'pydantic', 'rich', 'openai')))"
        )
        assert subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL, cwd=ROOT).returncode == 0

    def test_stands_in_the_documentation(self):
        assert TARGET.read_text(encoding="utf-8") == reference(cli.main), "run `make docs`"


def test_secrets_are_no_arguments():
    for words, command in every():
        for parameter in command.params:
            named = f"{parameter.name}".lower()
            secret = any(word in named for word in ("password", "secret", "token", "key"))
            assert not secret or isinstance(parameter.type, click.File), words


def test_the_roles_are_those_of_the_database():
    assert people.ROLES == ROLES


@pytest.mark.practice
def test_flask_has_the_same_commands(settings, tmp_path):
    done = subprocess.run(
        [RPLAY.with_name("flask"), "--app", "wsgi", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "INSTANCE_DIR": str(tmp_path)},
        timeout=PATIENCE,
    )
    listed = {line.split()[0] for line in done.stdout.partition("Commands:")[2].splitlines() if line.strip()}
    assert listed >= set(base.NAMES)


@pytest.mark.operations
def test_flask_runs_them(settings, url, ann, tmp_path):
    done = subprocess.run(
        [RPLAY.with_name("flask"), "--app", "wsgi", "users", "set-role", ann, "nobody"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "INSTANCE_DIR": str(tmp_path)},
        timeout=PATIENCE,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "'nobody' is not one of 'super_admin', 'company_admin', 'trainer', 'learner'" in done.stderr


def test_psycopg_must_not_be_imported_before_gevent_patches(settings):
    script = "import psycopg, wsgi"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert "psycopg was imported before gevent patched" in done.stderr


@pytest.mark.operations
def test_gunicorn_alone_needs_a_database(settings):
    done = subprocess.run(
        [RPLAY.with_name("gunicorn"), "--config", ROOT / "gunicorn.conf.py", "--bind", "127.0.0.1:0"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 3
    assert "Error: DATABASE_URL is not set. Set it, or use `rplay serve`" in done.stderr
    assert "Traceback" not in done.stderr


class TestMistakes:
    @pytest.mark.parametrize("words", ON_THE_DATABASE)
    def test_a_dead_database_is_said_in_a_sentence(self, run, settings, files, words):
        settings(DATABASE_URL=NOWHERE)
        done = run(*words.split())
        assert done.exit_code == 1
        assert "Error: The database cannot be reached: " in done.stderr
        assert "Check DATABASE_URL and that the server is running." in done.stderr
        assert "secret" not in done.output
        assert sorted(path.name for path in files.iterdir()) == ["password", "people.csv"]

    @pytest.mark.parametrize("words", ON_THE_DATABASE)
    def test_an_address_that_is_none_is_not_shown(self, run, settings, files, words):
        settings(DATABASE_URL="postgresq://rplay:secret@db/rplay")
        done = run(*words.split())
        assert (done.exit_code, "secret" in done.output) == (1, False)
        assert "Error: DATABASE_URL is not the address of a PostgreSQL database" in done.stderr

    @pytest.mark.sampled(1)
    @pytest.mark.parametrize("words", ["health", "serve --port 0", "db status", "users list"])
    def test_shows_no_part_of_a_password(self, settings, words):
        settings(DATABASE_URL="postgresql://app:ab@planted@127.0.0.1:9/postgres")
        said = ended(*words.split())
        assert said.returncode != 0
        assert "write @ as %40" in said.stdout + said.stderr
        assert "planted" not in said.stdout + said.stderr

    @pytest.mark.parametrize("words", [words for words in ON_THE_DATABASE if not words.startswith("db")])
    def test_a_database_without_our_tables_has_to_be_upgraded_first(self, run, settings, files, new_database, words):
        settings(DATABASE_URL=new_database("empty"))
        done = run(*words.split())
        assert done.exit_code == 1
        assert (
            "Error: The database is not ready for this version of rplay: run `rplay db upgrade` first." in done.stderr
        )

    @pytest.mark.parametrize("words", [words for words in ON_THE_DATABASE if words not in READING_NOTHING])
    def test_a_missing_permission_is_said_in_a_sentence(self, run, settings, files, stranger, words):
        settings(DATABASE_URL=stranger)
        done = run(*words.split())
        assert (done.exit_code, "Traceback" in done.output) == (1, False), done.output
        assert "permission denied" in done.stderr or "may not" in done.stderr
        assert done.exception is None or isinstance(done.exception, SystemExit)

    def test_a_bad_setting_is_said_in_a_sentence(self, run, settings):
        settings(PORT="many")
        done = run("users", "list")
        assert done.exit_code == 1
        assert "Error: The setting PORT has a bad value (it is 'many')" in done.stderr

    def test_a_traceback_is_left_for_bugs(self, run, url, monkeypatch):
        monkeypatch.setattr("rplay.db.sessions.live", None)
        assert isinstance(run("sessions", "list").exception, TypeError)


@pytest.fixture
def stranger(new_database):
    """The address of a migrated database for an account that may see its tables' names and nothing more."""
    url = new_database()
    role = f"stranger_{os.getpid()}_{os.urandom(2).hex()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'".encode())
        connection.execute(f"GRANT SELECT ON schema_migrations TO {role}".encode())
    return make_conninfo(url, user=role, password="secret")


class TestPipes:
    @pytest.mark.sampled(1)
    @pytest.mark.parametrize("words", ["users list", "users list --json", "users export", "users export --format json"])
    def test_a_reader_that_has_enough_is_no_trouble(self, settings, url, look, words):
        look(
            "INSERT INTO users (name, email, password)"
            " SELECT repeat('x', 200), n || '@example.com', 'x' FROM generate_series(1, 3000) n"
        )
        done = subprocess.run(
            f"'{RPLAY}' {words} | head -c 10", shell=True, capture_output=True, text=True, timeout=PATIENCE
        )
        assert len(done.stdout) == 10
        assert "Traceback" not in done.stderr
        assert "Error" not in done.stderr

    @pytest.mark.sampled(2)
    @pytest.mark.parametrize("words", ["--help", "users list --json", "health"])
    def test_a_full_disk_is_said_in_a_sentence(self, url, buffered, words):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([RPLAY, *words.split()], stdout=full, stderr=subprocess.PIPE, text=True, env=buffered)
        assert (done.returncode, done.stderr) == (1, "Error: The input or output: No space left on device.\n")

    @pytest.mark.operations
    def test_a_full_disk_behind_the_messages_changes_no_status(self, settings, buffered):
        buffered |= {"DATABASE_URL": NOWHERE}
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([RPLAY, "health"], stdout=subprocess.PIPE, stderr=full, text=True, env=buffered)
        assert done.returncode == LOOK
        assert "failed\tdatabase" in done.stdout

    @pytest.fixture
    def buffered(self, settings):
        """What is written stays in Python's buffer until it ends, unless the command sees to it."""
        return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def test_ctrl_c_ends_with_130_and_without_a_traceback(settings, url, look):
    """Held up by a lock on the table."""
    with psycopg.connect(url) as blocking:
        blocking.execute("LOCK TABLE users")
        with begun("users", "list") as process:
            while not look(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'rplay'"
            ):
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(PATIENCE)
    assert (process.returncode, said) == (130, "\nStopped.\n")


def test_the_shell_completes_what_the_documentation_says(settings):
    script = ended(env={**os.environ, "_RPLAY_COMPLETE": "bash_source"})
    assert "complete -o nosort -F _rplay_completion rplay" in script.stdout
    typed = {"COMP_WORDS": "rplay users se", "COMP_CWORD": "2", "_RPLAY_COMPLETE": "bash_complete"}
    assert ended(env={**os.environ, **typed}).stdout.splitlines() == ["plain,set-password", "plain,set-role"]
