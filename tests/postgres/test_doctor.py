"""What the doctor finds."""

import psycopg
import pytest

from rplay.db import migrate
from rplay.errors import StartError
from rplay.postgres import doctor
from tests.db.test_starting_states import run


def test_has_nothing_to_say_of_a_new_database(new_database):
    assert doctor.examine(new_database()) == []


def test_asks_for_the_upgrade_first(new_database):
    [finding] = doctor.examine(new_database("empty"))
    assert finding.serious
    assert "rplay db upgrade" in finding.text
    assert finding.examples[0] == "0001_reference"


def test_names_what_is_odd_in_an_old_database(new_database):
    url = new_database("empty")
    run(url, "reference", "rows")
    migrate.upgrade(url)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO users (name, email, password) VALUES ('Twin', 'learner@example.com', 'x')")
        connection.execute("INSERT INTO parameters (name) VALUES ('Loose')")
        connection.execute("DROP INDEX idx_users_lower_email")
    found = {finding.text.split(".")[0]: finding for finding in doctor.examine(url)}
    texts = list(found)
    assert [finding.serious for finding in found.values()] == sorted((f.serious for f in found.values()), reverse=True)
    for part, example in (
        ("2 accounts hold a password that is no bcrypt hash", "seed@old.example"),
        ("1 addresses belong to several accounts", "Learner@Example.com, learner@example.com"),
        ("1 sessions belong to nobody", "somebody-else"),
        ("1 training talks have no owner", "SIM-1003"),
        ("Feedback was given for 1 training talks that are gone", "SIM-gone"),
        ("1 parameters are in no category", "Loose"),
        ("live sessions of the old backend", "admin@old.example"),
        ("1 indexes are missing", "idx_users_lower_email"),
    ):
        [text] = [text for text in texts if part in text]
        assert example in found[text].examples, text


def test_says_when_the_database_is_away():
    with pytest.raises(StartError, match="The database cannot be reached"):
        doctor.examine("postgresql://127.0.0.1:1/none")
