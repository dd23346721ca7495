"""Reviews of talks that were completed before there were versions."""

import pytest
from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import migrate, review_numbers, reviews
from rplay.reviews.numbers import numbers_in

SHAPES = [
    {"overallScore": 8, "competencyScores": [{"name": "Advice", "score": 6.5}, {"name": "overall", "score": 2}]},
    {"overallScore": 8, "competencyScores": {"Advice": {"score": 7}, "Trust": 3, "overall": 2, "Odd": "x"}},
    {"competencyScores": [{"name": "Advice"}, {"score": 5}, 7, None, {"name": "Big", "score": 11}]},
    {"overallScore": True, "competencyScores": {"": 5, "None": None, "List": [1]}, "flags": []},
    {"overallScore": 0.5, "competencyScores": "none", "flags": [{"kind": "language"}]},
    {"flags": {"kind": "language"}},
]


@pytest.fixture
def script():
    found = next(one for one in migrate.migrations() if one.name == "0016_reviews")
    return found.sql.encode()


def talk(review):
    return db.value(
        """
        INSERT INTO simulations (simulation_id, industry, difficulty, client_profile, performance_review, completed_at)
        VALUES (gen_random_uuid()::text, 'insurance', 'beginner', '{}', %(review)s, '2025-05-05')
     RETURNING id
        """,
        review=None if review is None else Jsonb(review),
    )


@pytest.mark.parametrize("review", SHAPES)
def test_become_the_first_version_with_the_numbers_that_are_read_today(database, script, review):
    made = talk(review)
    with db.transaction() as tx:
        tx.execute(script)
        tx.execute(script)  # and once only
    [kept] = reviews.of_simulation(made)
    assert (kept.version, kept.source, kept.review, kept.scores) == (1, "client", review, numbers_in(review))
    flagged = db.value("SELECT flagged FROM reviews WHERE id = %(id)s", id=kept.id)
    assert flagged == (isinstance(review.get("flags"), list) and bool(review["flags"]))


@pytest.mark.parametrize("review", [None, {}, [], "good", 7])
def test_that_are_none_make_no_version(database, script, review):
    made = talk(review)
    with db.transaction() as tx:
        tx.execute(script)
    assert reviews.of_simulation(made) == []
    assert review_numbers.of_simulation(made) == []
