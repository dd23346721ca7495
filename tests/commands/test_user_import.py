"""`rplay users import`."""

import json
import os
import signal
import stat
import subprocess

import psycopg
import pytest

from rplay import security
from rplay.commands import user_import
from tests.commands.conftest import PATIENCE, RPLAY, begun
from tests.tts.running import eventually

HEADER = "name,email,password,role,jobRole\n"
GOOD = "Bo Li,bo@example.com,Passw0rdX,trainer,Coach\nCy Ng,cy@example.com,Passw0rdX,,\n"


@pytest.fixture
def write(tmp_path, url):
    """Writes the list."""

    def make(rows, name="people.csv"):
        (tmp_path / name).write_text(HEADER + rows if name.endswith(".csv") else rows)
        return name

    return make


def many(count, start=0):
    return "".join(f"N{number},n{number}@example.com,Passw0rdX,,\n" for number in range(start, start + count))


def counts(done):
    return {what: int(count) for what, count in (line.split("\t") for line in done.stdout.splitlines())}


def addresses(look):
    return [row[0] for row in look("SELECT email FROM users ORDER BY 1")]


class TestACleanList:
    def test_becomes_accounts(self, run, write, look):
        done = run("users", "import", write(GOOD))
        assert (done.exit_code, done.stderr) == (0, "")
        assert counts(done) == {"created": 2, "updated": 0, "skipped": 0, "refused": 0}
        assert look("SELECT name, email, role, job_role FROM users ORDER BY 1") == [
            ("Bo Li", "bo@example.com", "trainer", "Coach"),
            ("Cy Ng", "cy@example.com", "learner", None),
        ]
        for (hashed,) in look("SELECT password FROM users"):
            assert security.password_matches("Passw0rdX", hashed, 4)

    def test_may_be_json(self, run, write, look):
        rows = [{"firstName": "Bo", "lastName": "Li", "email": "bo@example.com", "password": "Passw0rdX"}]
        assert run("users", "import", write(json.dumps(rows), "people.json")).exit_code == 0
        assert look("SELECT name FROM users") == [("Bo Li",)]

    @pytest.mark.parametrize(
        "text", [HEADER + GOOD, '\ufeff [{"name": "B", "email": "bo@example.com", "password": "Passw0rdX"}]']
    )
    def test_may_come_from_the_standard_input(self, run, url, look, text):
        assert run("users", "import", "-", input=text.encode()).exit_code == 0
        assert "bo@example.com" in addresses(look)

    @pytest.mark.operations
    def test_may_come_from_a_pipe_with_a_name(self, url, look):
        script = f"'{RPLAY}' users import <(printf '{HEADER}{GOOD}')"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        assert len(addresses(look)) == 2

    def test_may_be_longer_than_the_servers_limit(self, run, write, look, settings):
        settings(IMPORT_MAX_ROWS="10")
        assert run("users", "import", write(many(203))).exit_code == 0
        assert len(addresses(look)) == 203

    def test_gives_its_summary_as_json(self, run, write):
        said = json.loads(run("users", "import", write(GOOD), "--json").stdout)
        assert said == {"created": 2, "updated": 0, "skipped": 0, "refused": 0, "dryRun": False, "refusals": []}


class TestRowsThatWillNotDo:
    ROWS = GOOD + "Weak,weak@example.com,weak,,\nNo,nomail,Passw0rdX,,\nBo Again,BO@example.com,Passw0rdX,,\n"

    def test_do_not_stop_the_others_and_are_shown(self, run, write, look):
        done = run("users", "import", write(self.ROWS))
        assert done.exit_code == 3
        assert counts(done) == {"created": 2, "updated": 0, "skipped": 0, "refused": 3}
        assert done.stderr.splitlines() == [
            "line 4: weak@example.com: Password must be at least 8 characters long",
            "line 5: nomail: Invalid email format",
            "line 6: BO@example.com: Email stands further up in the list",
        ]
        assert addresses(look) == ["bo@example.com", "cy@example.com"]

    def test_are_listed_in_json(self, run, write):
        many = "X,nomail,Passw0rdX,,\n" * 12
        refusals = json.loads(run("users", "import", write(many), "--json").stdout)["refusals"]
        assert [one["line"] for one in refusals] == list(range(2, 14))
        assert refusals[0] == {"line": 2, "email": "nomail", "reason": "Invalid email format"}

    def test_go_into_a_file_that_only_its_owner_reads(self, run, write, tmp_path):
        (tmp_path / "refused.csv").touch(0o644)
        done = run("users", "import", write(self.ROWS), "--errors", "refused.csv")
        assert done.stderr == "The 3 refused rows are in refused.csv.\n"
        assert stat.S_IMODE((tmp_path / "refused.csv").stat().st_mode) == 0o600
        head, first, *_ = (tmp_path / "refused.csv").read_text("utf-8-sig").splitlines()
        assert head == f"line,reason,{HEADER}".strip()
        assert first == "4,Password must be at least 8 characters long,Weak,weak@example.com,weak,,"

    @pytest.mark.parametrize("name", ["refused.csv", "people.json"])
    def test_can_be_corrected_and_imported_again(self, run, url, look, tmp_path, name):
        if name.endswith(".json"):
            rows = [{"name": "Zoë", "email": "zoe@example.com", "password": "weak"}, 7, {"email": "x@example.com"}]
            (tmp_path / "list").write_text(json.dumps(rows))
        else:
            text = "E-Mail;Company;Name;Password;Role\r\nzoe@example.com;Acme;Zoë;weak\r\nx@example.com;Acme;X;Passw0rdX;;more\r\n"
            (tmp_path / "list").write_text(f"\ufeff{text}", "utf-16-le")
        assert run("users", "import", "list", "--errors", "once.csv").exit_code == 3
        assert run("users", "import", "once.csv", "--errors", "twice.csv").exit_code == 3
        twice = (tmp_path / "twice.csv").read_text("utf-8-sig")
        assert twice.splitlines()[0].count("reason") == 1
        (tmp_path / "right.csv").write_text(twice.replace("weak", "Passw0rdZ"))
        assert counts(run("users", "import", "right.csv"))["created"] == 1
        assert look("SELECT name, email FROM users") == [("Zoë", "zoe@example.com")]

    def test_are_not_all_shown_when_there_are_many(self, run, write):
        done = run("users", "import", write("X,nomail,Passw0rdX,,\n" * 12))
        assert done.stderr.count("nomail") == user_import.SHOWN_ROWS
        assert "There are more: --errors FILE takes them all." in done.stderr

    def test_are_told_by_their_number_in_json(self, run, write):
        assert (
            "line 2: no address: Missing required fields" in run("users", "import", write("[{}, 7]", "p.json")).stderr
        )


class TestAddressesThatAreKnown:
    def test_are_left_alone(self, run, ann, write, look):
        before = look("SELECT name, password, updated_at FROM users")
        done = run("users", "import", write("Other,ANN@example.com,Passw0rdZ,trainer,Boss\n"))
        assert counts(done)["skipped"] == 1
        assert look("SELECT name, password, updated_at FROM users") == before

    def test_take_name_role_and_job_role_of_the_list_when_told(self, run, ann, write, look):
        [(before,)] = look("SELECT password FROM users")
        done = run("users", "import", write("New,Ann@example.com,Passw0rdZ,trainer,Boss\n"), "--existing", "update")
        assert counts(done) == {"created": 0, "updated": 1, "skipped": 0, "refused": 0}
        assert look("SELECT name, role, job_role, password FROM users") == [("New", "trainer", "Boss", before)]

    def test_keep_what_the_list_does_not_give(self, run, ann, write, look):
        look("UPDATE users SET role = 'super_admin', job_role = 'Boss'")
        run("users", "import", write("New,ann@example.com,Passw0rdZ,,\n"), "--existing", "update")
        assert look("SELECT name, role, job_role FROM users") == [("New", "super_admin", "Boss")]

    def test_are_counted_only_when_something_changes(self, run, write, look):
        run("users", "import", write(GOOD))
        assert counts(run("users", "import", write(GOOD), "--existing", "update"))["updated"] == 0

    def test_of_old_databases_are_the_ones_that_sign_in(self, run, ann, write, look):
        look("INSERT INTO users (name, email, password) VALUES ('Twin', 'ANN@example.com', 'x')")
        run("users", "import", write("New,ann@example.com,Passw0rdZ,,\n"), "--existing", "update")
        assert look("SELECT name FROM users ORDER BY email = 'ann@example.com'") == [("Twin",), ("New",)]

    def test_may_have_come_in_meanwhile(self, run, write, look, monkeypatch):
        hashed = security.bcrypt_hash

        def overtaken(password, cost):
            look(
                "INSERT INTO users (name, email, password) VALUES ('Fast', 'bo@example.com', 'x') ON CONFLICT DO NOTHING"
            )
            return hashed(password, cost)

        monkeypatch.setattr(security, "bcrypt_hash", overtaken)
        done = run("users", "import", write(GOOD))
        assert counts(done) == {"created": 1, "updated": 0, "skipped": 1, "refused": 0}


class TestADryRun:
    def test_says_what_would_be_and_changes_nothing(self, run, ann, write, look, monkeypatch):
        monkeypatch.setattr(security, "bcrypt_hash", None)
        rows = GOOD + "Other,ann@example.com,Passw0rdX,,\nNo,nomail,Passw0rdX,,\n"
        done = run("users", "import", write(rows), "--dry-run", "--json")
        said = json.loads(done.stdout)
        assert said.pop("refusals") == [{"line": 5, "email": "nomail", "reason": "Invalid email format"}]
        assert said == {"created": 2, "updated": 0, "skipped": 1, "refused": 1, "dryRun": True}
        assert done.exit_code == 3
        assert "This was a dry run: nothing was changed." in done.stderr
        assert addresses(look) == [ann]


class TestAListThatCannotBeRead:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "The list holds nobody."),
            (HEADER.encode(), "The list holds nobody."),
            (b"a;b\n1;2\n", "line 1 must name the columns"),
            (b"PK\x03\x04\xff\xfe", "line 1 is not UTF-8. Save the file as CSV UTF-8"),
            ((HEADER + many(30)).encode() + b"Bj\xf6rk,b@example.com,Passw0rdX,,\n", "line 32 is not UTF-8"),
            (f"\ufeff{HEADER}".encode("utf-16-le") + b"\x00\xd8", "line 2 is not UTF-8"),
            (
                (HEADER + many(30) + '"open,x@example.com,Passw0rdX,,\n').encode(),
                "the entry that begins on line 32 cannot be read",
            ),
            (b'[{"name": "Bo"', "Invalid JSON: it cannot be read at line 1"),
            (b"[]", "No users provided or invalid format"),
            (b'{"users": []}', "No users provided or invalid format"),
        ],
    )
    def test_changes_nothing(self, run, url, tmp_path, look, content, reason):
        (tmp_path / "people").write_bytes(content)
        done = run("users", "import", "people")
        assert done.exit_code == 1
        assert reason in done.stderr
        assert addresses(look) == []

    @pytest.mark.parametrize("path", ["nothing.csv", "."])
    def test_is_named_when_it_is_no_file(self, run, url, path):
        done = run("users", "import", path)
        assert (done.exit_code, "Traceback" in done.stderr) == (2, False)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
    def test_is_named_when_it_may_not_be_read(self, url, tmp_path):
        secret = tmp_path / "people.csv"
        secret.write_text(HEADER + GOOD)
        secret.chmod(0o600)
        script = (  # what a mistake needs is imported while Python's own folder can be read
            "import cli, os, sys\n"
            "try: cli.main(['users', 'import', 'nothing'])\n"
            "except SystemExit: os.setuid(65534)\n"
            "cli.main(['users', 'import', sys.argv[1]])"
        )
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(folder.stat().st_mode | 0o055)
        done = subprocess.run([RPLAY.with_name("python"), "-c", script, secret], capture_output=True, text=True)
        assert done.returncode == 2
        assert "is not readable" in done.stderr

    def test_is_not_overwritten_by_its_own_errors(self, run, write, tmp_path):
        name = write(GOOD)
        done = run("users", "import", name, "--errors", f"./{name}")
        assert done.exit_code == 2
        assert (tmp_path / name).read_text() == HEADER + GOOD

    def test_changes_nothing_when_the_errors_cannot_be_written(self, run, write, look):
        done = run("users", "import", write(GOOD), "--errors", "/nowhere/refused.csv")
        assert (done.exit_code, done.stderr) == (1, "Error: /nowhere/refused.csv: No such file or directory.\n")
        assert addresses(look) == []


WORKING = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'rplay' AND datname = current_database()"


class TestAnInterruptedImport:
    ROWS = 100

    @pytest.fixture
    def held_up(self, write, url, look):
        """An import in a process of its own, two batches done; somebody else is about to make an account of the third."""
        write(many(self.ROWS))
        with psycopg.connect(url, application_name="somebody else") as other:
            other.execute("INSERT INTO users (name, email, password) VALUES ('N45', 'n45@example.com', 'x')")
            with begun("users", "import", "people.csv") as process:
                eventually(lambda: look(f"{WORKING} AND wait_event_type = 'Lock'"))
                process.let_go = other.rollback
                yield process

    def goes_on(self, run, look, held_up):
        """The same command makes the rest, and touches nobody twice."""
        held_up.let_go()
        eventually(lambda: not look(WORKING))  # what was killed may have left a statement running
        there = look("SELECT email, password, created_at FROM users ORDER BY 1")
        assert len(there) % user_import.BATCH == 0
        done = run("users", "import", "people.csv")
        assert counts(done) == {
            "created": self.ROWS - len(there),
            "updated": 0,
            "skipped": len(there),
            "refused": 0,
        }
        assert set(there) <= set(look("SELECT email, password, created_at FROM users ORDER BY 1"))
        assert len(addresses(look)) == self.ROWS

    def test_by_ctrl_c_says_how_far_it_came(self, run, held_up, look):
        held_up.send_signal(signal.SIGINT)
        assert held_up.communicate(timeout=PATIENCE) == (
            "",
            "\nStopped. 40 accounts were made and 0 updated. Run the same command again for the others.\n",
        )
        assert held_up.returncode == 130
        assert len(addresses(look)) == 40

    @pytest.mark.operations
    @pytest.mark.sampled(2)
    @pytest.mark.parametrize(
        ("number", "status"),
        [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)],
    )
    def test_by_a_signal_leaves_whole_batches(self, run, held_up, look, number, status):
        held_up.send_signal(number)
        assert held_up.wait(PATIENCE) == status
        self.goes_on(run, look, held_up)

    @pytest.mark.operations
    def test_by_a_database_that_goes_away_says_so(self, run, held_up, look, url):
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        server = psycopg.conninfo.make_conninfo(url, dbname="postgres")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND application_name = 'rplay'",
                [name],
            )
            _, err = held_up.communicate(timeout=PATIENCE)
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
        assert held_up.returncode == 1
        assert "40 accounts were made and 0 updated. Run the same command again for the others." in err
        assert err.splitlines()[-1].startswith("Error: ")
        assert "Traceback" not in err
        self.goes_on(run, look, held_up)

    def test_by_a_failure_of_the_last_statement_leaves_the_batch_undone(self, run, write, look):
        """A batch is one statement: a name too long for an index of the operator's own."""
        look("ALTER TABLE users ADD CHECK (name <> 'N25')")
        done = run("users", "import", write(many(60)))
        assert done.exit_code == 1
        assert "20 accounts were made and 0 updated." in done.stderr
        assert "Error: The database refused: new row for relation" in done.stderr
        assert len(addresses(look)) == 20


def test_hashes_with_all_cores(run, write, monkeypatch):
    """Real threads, however many cores there are."""
    import threading

    seen = set()
    hashed = security.bcrypt_hash

    def noted(password, cost):
        seen.add(threading.get_native_id())
        return hashed(password, cost)

    monkeypatch.setattr(security, "bcrypt_hash", noted)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    run("users", "import", write(many(200)))
    assert len(seen) == 3
    assert threading.get_native_id() not in seen


def test_a_bar_shows_how_far_it_is_on_a_terminal(write):
    from tests.commands.test_users import on_a_terminal

    shown = on_a_terminal(["users", "import", write(many(100))], [])
    assert "Importing" in shown
    assert "100/100" in shown
    assert "created  100" in shown
