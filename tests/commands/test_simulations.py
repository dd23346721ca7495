"""`rplay simulations …`."""

import json

import pytest

SAID = '[{"role": "user", "content": "Good morning"}, {"role": "assistant", "content": "I am worried \\u001b[2J"}]'


@pytest.fixture
def talk(ann, look):
    """A talk whose conversation was replaced twice; its SIM- number."""
    look(
        """
        INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile, conversation_history)
        SELECT 'SIM-1', id, 'insurance', 'beginner', '{}', %s FROM users
        """,
        SAID,
    )
    look("""UPDATE simulations SET conversation_history = '[{"role": "user", "content": "Again"}]'""")
    look("UPDATE simulations SET conversation_history = '[]'")
    return "SIM-1"


def versions(run, talk):
    return json.loads(run("simulations", "history", talk, "--json").stdout)


class TestList:
    @pytest.fixture
    def talks(self, ann, look):
        """Ann's second is completed; the third is nobody's."""
        look(
            """
            INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile,
                                     conversation_history, started_at, completed_at, score)
            SELECT 'SIM-' || n, CASE WHEN n < 3 THEN u.id END, 'insurance', 'beginner', '{}', %s,
                   now() + n * interval '1 hour', CASE n WHEN 2 THEN now() END, CASE n WHEN 2 THEN 7.5 END
              FROM users u, generate_series(1, 3) AS n
            """,
            SAID,
        )

    def test_shows_the_newest_first_and_nothing_that_was_said(self, run, talks):
        done = run("simulations", "list")
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        assert [(line[0], line[1], line[6], line[7]) for line in lines] == [
            ("SIM-3", "", "2", ""),
            ("SIM-2", "ann@example.com", "2", "7.5"),
            ("SIM-1", "ann@example.com", "2", ""),
        ]
        assert done.stderr == "3 talks\n"
        assert "worried" not in run("simulations", "list", "--json").stdout

    def test_shows_one_persons_and_so_many(self, run, talks):
        listed = json.loads(run("simulations", "list", "--user", "ann@example.com", "--limit", 1, "--json").stdout)
        assert [one["simulation_id"] for one in listed] == ["SIM-2"]


class TestHistory:
    def test_shows_the_newest_first_and_steers_no_terminal(self, run, talk):
        done = run("simulations", "history", talk)
        newest, older = [line.split("\t") for line in done.stdout.splitlines()]
        assert (newest[2:], older[2]) == (["1", "Again"], "2")
        assert older[3].startswith("I am worried")
        assert "\x1b" not in done.stdout
        assert done.stderr == "2 versions of SIM-1\n"

    def test_takes_the_id_too(self, run, talk, look):
        [(id_,)] = look("SELECT id FROM simulations")
        assert versions(run, str(id_).upper()) == versions(run, talk)
        assert list(versions(run, talk)[0]) == ["version", "replaced_at", "messages", "last_words"]

    @pytest.mark.parametrize("unknown", ["SIM-2", "00000000-0000-4000-8000-000000000000"])
    def test_says_that_there_is_none(self, run, talk, unknown):
        done = run("simulations", "history", unknown)
        assert (done.exit_code, done.stderr) == (1, f"Error: There is no training talk {unknown}.\n")


class TestRestore:
    def test_puts_a_version_back_and_keeps_the_one_before(self, run, talk, look):
        again, first = versions(run, talk)
        done = run("simulations", "restore", talk, first["version"])
        assert (done.exit_code, done.stderr) == (0, f"SIM-1 holds version {first['version']} again.\n")
        assert look("SELECT conversation_history FROM simulations") == [(json.loads(SAID),)]
        run("simulations", "restore", talk, again["version"])
        assert versions(run, talk)[0]["messages"] == 2

    def test_says_which_command_shows_what_there_is(self, run, talk):
        done = run("simulations", "restore", talk, 999)
        assert done.exit_code == 1
        assert "`rplay simulations history SIM-1` shows which there are" in done.stderr

    @pytest.mark.parametrize("version", ["0", "-1", "x", str(2**63)])
    def test_wants_a_number(self, run, talk, version):
        assert run("simulations", "restore", "--", talk, version).exit_code == 2


class TestEverythingAboutAPerson:
    def test_is_written_into_a_file_for_nobody_elses_eyes(self, run, talk, tmp_path):
        done = run("users", "data", "ANN@example.com", "-o", tmp_path / "ann.json")
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", "Everything about ann@example.com.\n")
        assert (tmp_path / "ann.json").stat().st_mode & 0o077 == 0
        data = json.loads((tmp_path / "ann.json").read_text())
        assert data["users"][0]["email"] == "ann@example.com"
        assert "password" not in data["users"][0]
        assert len(data["replaced_histories"]) == 2

    def test_comes_out_at_the_standard_output(self, run, talk):
        assert json.loads(run("users", "data", "ann@example.com").stdout)["simulations"][0]["simulation_id"] == talk

    def test_of_nobody_leaves_no_file(self, run, ann, tmp_path):
        assert run("users", "data", "nobody@example.com", "-o", tmp_path / "x.json").exit_code == 1
        assert list(tmp_path.glob("*.json")) == []
