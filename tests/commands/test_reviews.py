"""`rplay reviews`."""

import json
from pathlib import Path

import pytest

from rplay import data

SHIPPED = Path(data.__file__).with_name("data")


@pytest.fixture
def marked(ann, look):
    """Twenty talks that were marked blind, a point below the machine; one more competency in three of them."""
    look(
        """
        WITH talks AS (
            INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile)
            SELECT 'SIM-' || n, id, 'insurance', 'beginner', '{}' FROM users, generate_series(1, 20) n WHERE email = 'ann@example.com'
            RETURNING id, substr(simulation_id, 5)::int AS n
        ), reviewed AS (
            INSERT INTO reviews (simulation_id, version, source, review, scores)
            SELECT id, 1, 'server', '{}', jsonb_build_object('overall', 2 + n % 8, 'Trust', 5) FROM talks
        )
        INSERT INTO review_marks (simulation_id, scores, blind)
        SELECT id, CASE WHEN n > 17 THEN jsonb_build_object('overall', 1 + n % 8, 'Trust', 5)
                   ELSE jsonb_build_object('overall', 1 + n % 8) END, true
          FROM talks
        """
    )


def test_agreement_shows_kappa_and_difference_with_their_intervals(run, marked):
    done = run("reviews", "agreement")
    overall, trust = (line.split("\t") for line in done.stdout.splitlines())
    assert (overall[0], overall[1], overall[4]) == ("overall", "20", "1.0")
    assert 0.8 < float(overall[2]) < 1
    assert " to " in overall[3]
    assert trust[:3] == ["Trust", "3", "too few"]
    assert done.stderr == "20 talks marked blind, of those with a review\n"


def test_agreement_as_json_is_what_the_api_answers(run, marked):
    found = json.loads(run("reviews", "agreement", "--json").stdout)
    assert found["overall"]["n"] == 20
    assert found["competencies"][0]["note"] == "too few"


def test_agreement_without_marks_says_so(run, url):
    done = run("reviews", "agreement")
    assert done.stdout == "overall\t0\ttoo few\t\t\t\n"
    assert done.stderr == "0 talks marked blind, of those with a review\n"


LINES = [
    {"role": "user", "content": "Good morning. What matters most to you about your cover?"},
    {"role": "assistant", "content": "That my family is safe, I suppose."},
    {"role": "user", "content": "This fund is guaranteed to return twelve percent a year, you cannot lose."},
    {"role": "assistant", "content": "Nobody can promise that."},
]


@pytest.fixture
def talk(ann, url, settings, look):
    """A completed talk with a promise in it, and one in which nothing was said."""
    settings(AI_PROVIDERS="local")
    look(
        """
        INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile, conversation_history, completed_at)
        SELECT key, id, 'insurance', '2', '{"name": "Ann Lee", "age": 41}', history::jsonb, now()
          FROM users, (VALUES ('SIM-SAID', %s), ('SIM-MUTE', '[{"role": "assistant", "content": "Hello?"}]')) AS t (key, history)
         WHERE email = 'ann@example.com'
        """,
        json.dumps(LINES),
    )
    return "SIM-SAID"


def kept(look):
    return look("SELECT count(*) FROM reviews")


class TestRepeat:
    def test_the_rehearsal_gives_the_same_each_time_and_nothing_is_kept(self, run, look, talk):
        done = run("reviews", "repeat", talk, "--times", 3)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        assert rows[0][:2] == ["overall", "3"]
        assert len(rows) > 3
        assert {row[5] for row in rows} == {"0.0"}
        assert done.stderr == "3 reviews of SIM-SAID, of which none was kept\n"

    def test_json_has_the_same(self, run, talk):
        [overall, *_] = json.loads(run("reviews", "repeat", talk, "--times", 2, "--json").stdout)
        assert overall["least"] == overall["most"] == overall["mean"]

    def test_needs_a_talk_in_which_somebody_spoke(self, run, talk):
        assert run("reviews", "repeat", "SIM-NONE").stderr == "Error: There is no training talk SIM-NONE.\n"
        assert run("reviews", "repeat", "SIM-MUTE").stderr == "Error: Nothing was said in this simulation\n"
        assert run("reviews", "repeat", talk, "--times", 1).exit_code == 2


class TestTry:
    def changed(self, tmp_path, name, change):
        content = json.loads((SHIPPED / f"{name}.json").read_text())
        for one in content:
            change(one)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(content))
        return path

    def test_shows_what_changed_rules_would_move(self, run, talk, tmp_path):
        strict = self.changed(tmp_path, "compliance", lambda rule: rule.update(cap=1))
        done = run("reviews", "try", strict, "--json")
        [overall, *others] = json.loads(done.stdout)
        assert (overall["number"], overall["talks"], overall["moved"], overall["after"]) == ("overall", 1, 1, 1)
        assert overall["before"] > 1
        assert overall["down"] == round(1 - overall["before"], 2)
        assert {one["moved"] for one in others} == {0}
        assert done.stderr == "1 talk reviewed by the compliance of now and by changed.json\n"

    def test_shows_that_the_same_rubrics_move_nothing(self, run, talk, tmp_path):
        same = self.changed(tmp_path, "rubrics", lambda _: None)
        done = run("reviews", "try", same)
        assert {line.split("\t")[4] for line in done.stdout.splitlines()} == {"0"}
        assert "by the rubrics of now" in done.stderr

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("{bad", "changed.json is not JSON"),
            ("[]", "as rubrics.json, it is empty; as compliance.json, it is empty"),
            ('[{"id": "x"}]', "as rubrics.json, 0.name: Field required"),
        ],
    )
    def test_refuses_what_fits_neither(self, run, talk, tmp_path, content, said):
        path = tmp_path / "changed.json"
        path.write_text(content)
        done = run("reviews", "try", path)
        assert (done.exit_code, said in done.stderr) == (1, True)

    def test_keeps_nothing(self, run, look, talk, tmp_path):
        run("reviews", "try", self.changed(tmp_path, "rubrics", lambda _: None))
        run("reviews", "repeat", talk, "--times", 2)
        assert kept(look)[0][0] == 0


def test_without_an_ai_nothing_can_be_reviewed(run, talk, settings):
    settings(AI_PROVIDERS="openai", OPENAI_API_KEY="")
    assert "No AI is configured" in run("reviews", "repeat", talk).stderr
