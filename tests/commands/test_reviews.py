"""`rplay reviews`."""

import json

import pytest


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
