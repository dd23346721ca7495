"""`rplay users …`, but for the import."""

import json
import os
import pty
from pathlib import Path

import psycopg
import pytest

from rplay import security
from rplay.db import users
from tests import warm
from tests.commands.conftest import PATIENCE

NEW = "Passw0rdY"


def hash_of(look, email):
    return look("SELECT password FROM users WHERE email = %s", email)[0][0]


class TestCreate:
    def test_makes_a_super_admin_who_can_sign_in(self, run, look):
        words = [
            "users",
            "create",
            " Boss@Example.com",
            "--name",
            "Bo Li",
            "--role",
            "super_admin",
            "--job-role",
            "CEO",
        ]
        done = run(*words, "--password-file", "-", input="Passw0rdX\n")
        assert done.exit_code == 0
        assert done.stderr == "boss@example.com can sign in as super_admin.\n"
        [row] = look("SELECT id::text, email, name, role, job_role FROM users")
        assert row == (done.stdout.strip(), "boss@example.com", "Bo Li", "super_admin", "CEO")
        assert security.password_matches("Passw0rdX", hash_of(look, "boss@example.com"), 4)

    def test_reads_the_password_from_a_file(self, run, look, tmp_path):
        (tmp_path / "secret").write_text("Passw0rdX\r\n")
        assert run("users", "create", "a@example.com", "--name", "A", "--password-file", "secret").exit_code == 0
        assert security.password_matches("Passw0rdX", hash_of(look, "a@example.com"), 4)

    def test_asks_twice_on_a_terminal_and_shows_nothing(self, url, look):
        shown = on_a_terminal(["users", "create", "a@example.com", "--name", "A"], ["Passw0rdX", "Passw0rdX"])
        assert "Password: " in shown
        assert "The same again: " in shown
        assert "Passw0rdX" not in shown
        assert security.password_matches("Passw0rdX", hash_of(look, "a@example.com"), 4)

    def test_asks_again_before_the_second_time_when_it_will_not_do(self, url, look):
        typed = ["short", "Passw0rdX", "Passw0rdY", "Passw0rdX", "Passw0rdX"]
        shown = on_a_terminal(["users", "create", "a@example.com", "--name", "A"], typed)
        said = [line for line in shown.splitlines() if not line.endswith(": ")]
        assert said[:2] == ["Password must be at least 8 characters long.", "The two are not the same."]
        assert [shown.count(asked) for asked in ("Password: ", "The same again: ")] == [3, 2]
        assert security.password_matches("Passw0rdX", hash_of(look, "a@example.com"), 4)

    def test_ends_with_130_when_ctrl_c_answers(self, url, look):
        shown = on_a_terminal(["users", "create", "a@example.com", "--name", "A"], ["\x03"], status=130)
        assert shown.splitlines()[-1] == "Stopped."
        assert look("SELECT count(*) FROM users") == [(0,)]

    def test_does_not_ask_where_nobody_sits(self, run, look):
        done = run("users", "create", "a@example.com", "--name", "A")
        assert done.exit_code == 2
        assert "There is no terminal to ask for the password on: give --password-file FILE, or -." in done.stderr
        assert look("SELECT count(*) FROM users") == [(0,)]

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("short", "Password must be at least 8 characters long."),
            ("", "Password must be at least 8 characters long."),
            ("passw0rdx", "Password must contain at least one uppercase letter."),
            ("Passw0rdX\nPassw0rdX\n", "Password must be one line of text."),
            ("Passw0rdX\0", "Password must be one line of text."),
            ("Passw0rdX" * 9, "Password must be at most 72 bytes long."),
            (b"Passw0rdX\xff", "The input is not UTF-8 text."),
        ],
    )
    def test_refuses_a_password_that_will_not_do(self, run, look, password, reason):
        done = run("users", "create", "a@example.com", "--name", "A", "--password-file", "-", input=password)
        assert (done.exit_code, done.stderr) == (1, f"Error: {reason}\n")
        assert look("SELECT count(*) FROM users") == [(0,)]

    def test_refuses_an_address_that_is_taken_before_it_asks(self, run, ann):
        done = run("users", "create", "ANN@example.com", "--name", "Other")
        assert (done.exit_code, done.stderr) == (1, "Error: Email already registered: ann@example.com\n")

    @pytest.mark.parametrize(
        "words",
        [
            ["nomail", "--name", "A"],
            ["a@example.com", "--name", " "],
            ["a@example.com", "--name", "\udcff"],
            ["a@example.com", "--name", "A", "--role", "king"],
            ["a@example.com"],
        ],
    )
    def test_refuses_what_is_not_typed_right(self, run, look, words):
        assert run("users", "create", *words, "--password-file", "-", input="Passw0rdX").exit_code == 2
        assert look("SELECT count(*) FROM users") == [(0,)]


def on_a_terminal(words, lines, status=0):
    """What the command shows to somebody who types these lines, each when something was asked."""
    ours, theirs = pty.openpty()
    process = warm.Process(["rplay", *words], os.environ, Path.cwd(), theirs, read=theirs)
    os.close(theirs)
    shown = b""
    try:
        for line in lines:
            asked = len(shown)
            while b": " not in shown[asked:]:
                shown += os.read(ours, 1024)
            os.write(ours, f"{line}\n".encode())
        while piece := os.read(ours, 1024):
            shown += piece
    except OSError:
        pass  # the other end has been closed
    finally:
        os.close(ours)
    assert process.wait(PATIENCE) == status, shown
    return shown.decode()


class TestList:
    def test_shows_fields_between_tabs_to_programs(self, run, ann):
        done = run("users", "list")
        assert done.stdout.startswith("ann@example.com\tAnn Lee\tlearner\t\t20")
        assert done.stderr == "1 account\n"

    def test_shows_a_table_on_a_terminal(self, url, ann):
        shown = on_a_terminal(["users", "list"], [])
        assert "Address" in shown
        assert "Ann Lee" in shown
        assert "\x1b[1m" in shown

    def test_shows_no_colour_when_told(self, url, ann, settings):
        settings(NO_COLOR="1")
        assert "\x1b[3" not in on_a_terminal(["users", "list"], [])

    def test_gives_json_without_passwords(self, run, ann):
        [row] = json.loads(run("users", "list", "--json").stdout)
        assert list(row) == ["id", "email", "name", "role", "job_role", "created_at"]
        assert row["email"] == ann

    def test_looks_for_role_and_words(self, run, ann):
        assert run("users", "list", "--role", "learner", "--search", "LEE").stdout.count("\n") == 1
        assert run("users", "list", "--role", "trainer").stdout == ""
        assert run("users", "list", "--search", "%").stdout == ""
        assert run("users", "list", "--search", "\udcff").exit_code == 2

    def test_shows_nothing_that_steers_a_terminal(self, run, ann, look):
        look("UPDATE users SET name = E'Evil\\x1b[2J\\tLee\\n'")
        assert run("users", "list").stdout.split("\t")[1] == "Evil�[2J�Lee�"


STEERING = "Evil\x1b[2J\x9b2J\r\n\t\u202eLee\x7f"


class TestWhatSteersATerminal:
    """In names, which are whatever somebody typed."""

    @pytest.fixture
    def evil(self, ann, url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE users SET name = %s", [STEERING])
        return ann

    @pytest.mark.parametrize(
        "words",
        [
            ["users", "list"],
            ["users", "list", "--json"],
            ["users", "data", "ann@example.com"],
            ["users", "export", "--format", "json"],
            ["users", "export"],
        ],
        ids=" ".join,
    )
    def test_is_nowhere_in_what_is_shown(self, run, evil, words):
        shown = run(*words).stdout
        assert "Evil" in shown
        assert not [letter for letter in shown if not letter.isprintable() and letter not in "\n\t"]
        assert len(shown.splitlines()) == shown.count("\n")

    def test_is_in_json_what_it_was(self, run, evil):
        assert json.loads(run("users", "list", "--json").stdout)[0]["name"] == STEERING
        assert json.loads(run("users", "data", evil).stdout)["users"][0]["name"] == STEERING
        assert json.loads(run("users", "export", "--format", "json").stdout)[0]["name"] == STEERING

    @pytest.mark.operations
    def test_is_in_no_message(self, run):
        assert "\x9b" not in run("users", "data", "no\x1b[2J\x9bbody@example.com").stderr

    def test_is_not_what_names_are_written_with(self, run, ann, look):
        look("UPDATE users SET name = E'Anne\\u00a0Lee'")
        assert "Anne\u00a0Lee" in run("users", "export").stdout


class TestExport:
    def test_writes_csv_that_no_spreadsheet_works_out(self, run, ann, look, tmp_path):
        look("UPDATE users SET name = '=HYPERLINK(\"http://evil\")'")
        assert run("users", "export", "-o", "all.csv").exit_code == 0
        head, row = (tmp_path / "all.csv").read_text().splitlines()
        assert head == "id,email,name,role,jobRole,createdAt"
        assert ',"\'=HYPERLINK(""http://evil"")",learner,,' in row
        assert (tmp_path / "all.csv").stat().st_mode & 0o777 == 0o600

    def test_writes_everybody_as_json(self, run, look):
        look(
            "INSERT INTO users (name, email, password) SELECT '=' || n, n || '@x.de', 'x' FROM generate_series(1, 2500) n"
        )
        listed = json.loads(run("users", "export", "--format", "json").stdout)
        assert len(listed) == 2500
        assert {row["name"] for row in listed} == {f"={number}" for number in range(1, 2501)}

    def test_writes_nobody_as_json(self, run, url):
        assert json.loads(run("users", "export", "--format", "json", "--role", "trainer").stdout) == []

    def test_leaves_no_half_of_a_file(self, run, ann, tmp_path, monkeypatch):
        (tmp_path / "all.csv").write_text("old")
        monkeypatch.setattr("rplay.commands.user_export._fields", lambda one: [][0])
        run("users", "export", "-o", "all.csv")
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("all.csv", "old")]

    def test_says_that_a_file_cannot_be_written(self, run, ann):
        done = run("users", "export", "-o", "/nowhere/all.csv")
        assert done.exit_code == 1
        assert "No such file or directory" in done.stderr


class TestSetRole:
    def test_changes_it(self, run, ann, look):
        done = run("users", "set-role", "ANN@example.com", "company_admin")
        assert (done.exit_code, done.stderr) == (0, "ann@example.com was learner and is company_admin.\n")
        assert look("SELECT role FROM users") == [("company_admin",)]

    def test_takes_an_id(self, run, ann, look):
        [(user_id,)] = look("SELECT id FROM users")
        assert run("users", "set-role", user_id, "trainer").exit_code == 0

    @pytest.mark.parametrize("who", ["nobody@example.com", "00000000-0000-0000-0000-000000000000", "x"])
    def test_says_that_there_is_nobody(self, run, ann, who):
        done = run("users", "set-role", who, "trainer")
        assert done.exit_code == 1
        assert f"Error: Nobody has the address or id {who}: `rplay users list` shows who there is." in done.stderr


class TestSetPassword:
    def test_gives_a_new_one_and_signs_the_person_out(self, run, ann, look):
        look(
            "INSERT INTO sessions (token, user_id, user_email, user_name, user_role, expires_at, hashed)"
            " SELECT 'h', id::text, email, name, role, now() + interval '1 day', true FROM users"
        )
        look(
            "INSERT INTO password_resets (token_hash, user_id, expires_at) SELECT 't', id, now() + interval '1 hour' FROM users"
        )
        done = run("users", "set-password", ann, "--password-file", "-", input=NEW)
        assert (done.exit_code, done.stderr) == (0, "ann@example.com has a new password; 1 sessions ended.\n")
        assert security.password_matches(NEW, hash_of(look, ann), 4)
        assert look("SELECT 1 FROM sessions UNION ALL SELECT 1 FROM password_resets") == []

    def test_leaves_the_old_one_when_the_new_one_will_not_do(self, run, ann, look):
        before = hash_of(look, ann)
        assert run("users", "set-password", ann, "--password-file", "-", input="weak").exit_code == 1
        assert hash_of(look, ann) == before


class TestDelete:
    def test_asks_first_on_a_terminal(self, url, ann, look):
        shown = on_a_terminal(["users", "delete", ann], ["y"])
        assert "Remove ann@example.com (learner) and their 0 training talks? This cannot be undone." in shown
        assert look("SELECT count(*) FROM users") == [(0,)]

    def test_does_nothing_after_a_no(self, url, ann, look):
        shown = on_a_terminal(["users", "delete", ann], ["n"], status=1)
        assert "Error: Nothing was changed." in shown
        assert look("SELECT count(*) FROM users") == [(1,)]

    def test_does_nothing_without_a_yes(self, run, ann, look):
        done = run("users", "delete", ann)
        assert done.exit_code == 2
        assert "There is no terminal to ask on: add --yes if you are sure." in done.stderr
        assert look("SELECT count(*) FROM users") == [(1,)]

    def test_removes_all_that_is_theirs(self, run, ann, look):
        look(
            "INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile)"
            " SELECT 'SIM-1', id, 'insurance', 'beginner', '{}' FROM users"
        )
        done = run("users", "delete", ann, "--yes")
        assert done.stderr == "ann@example.com is gone, with 1 training talks.\n"
        assert look("SELECT 1 FROM users UNION ALL SELECT 1 FROM simulations") == []


def test_the_lists_read_everybody_in_steps(database):
    """A cursor on the server: what nobody has looked at yet stays there."""
    users.create_many(
        [users.NewUser(f"N{number}", f"step-{number}@example.com", "x", "learner", None) for number in range(250)]
    )
    assert len(list(users.each("learner", "step-"))) == 250
