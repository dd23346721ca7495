"""`rplay quality`."""

import json

import pytest


@pytest.fixture
def measured(ann, look):
    """A talk of twenty turns by a model, and one of ten by the rehearsal."""
    look(
        """
        WITH talks AS (
            INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile)
            SELECT 'SIM-' || n, id, 'insurance', 'beginner', '{}' FROM users, generate_series(1, 2) n WHERE email = 'ann@example.com'
            RETURNING id, simulation_id
        )
        INSERT INTO talk_fidelity (simulation_id, provider, turns, early, contradictions, blanks, repeats)
        SELECT id, CASE simulation_id WHEN 'SIM-1' THEN 'openai' ELSE 'local' END,
               CASE simulation_id WHEN 'SIM-1' THEN 20 ELSE 10 END, 1, 0, 3, 0
          FROM talks
        """
    )


def test_counts_faults_for_every_ten_turns(run, measured):
    done = run("quality")
    assert done.stdout.splitlines() == [
        "all\t2\t0.67\t0.0\t2.0\t0.0",
        "local\t1\t1.0\t0.0\t3.0\t0.0",
        "openai\t1\t0.5\t0.0\t1.5\t0.0",
    ]
    assert done.stderr == "2 completed talks counted\n"


def test_json_is_what_the_api_answers(run, measured):
    found = json.loads(run("quality", "--json").stdout)
    assert found["talks"] == 2
    assert found["byProvider"]["openai"]["per10Turns"] == {
        "early": 0.5, "contradictions": 0.0, "blanks": 1.5, "repeats": 0.0,
    }  # fmt: skip


def test_without_talks_there_are_no_faults(run, url):
    assert run("quality").stderr == "0 completed talks counted\n"
