"""There is always a super admin, whatever super admins do to themselves and to each other at once."""

import pytest

from rplay import db
from tests.conftest import error
from tests.races import race

U = "/api/users"
LAST = (409, "The last super admin cannot become anything else")
HELD = "SELECT 1 FROM users WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE"


@pytest.fixture
def two(person):
    """The only super admins there are."""
    db.execute("UPDATE users SET role = 'learner'")
    return person("Sue", "super_admin"), person("Sid", "super_admin")


def demoted(by, whom):
    return by.put(f"{U}/{whom.id}", {"name": "Demoted", "email": whom.email, "role": "learner"})


def raced(database, two, *calls):
    return sorted(a.status_code for a in race(database, HELD, {"ids": [one.id for one in two]}, *calls))


def super_admins():
    return db.value("SELECT count(*) FROM users WHERE role = 'super_admin'")


def test_the_last_one_stays(two):
    sue, sid = two
    assert demoted(sue, sid).status_code == 200
    assert error(demoted(sue, sue)) == LAST
    assert sue.get("/api/auth/me").get_json()["user"] == sue.user
    body = {"name": "Still Sue", "email": sue.email, "role": "super_admin"}
    assert sue.put(f"{U}/{sue.id}", body).status_code == 200


def test_two_cannot_both_give_it_up_at_once(database, two):
    sue, sid = two
    assert raced(database, two, lambda: demoted(sue, sue), lambda: demoted(sid, sid)) == [200, 409]
    assert super_admins() == 1


def test_two_cannot_demote_each_other_at_once(database, two):
    sue, sid = two
    assert raced(database, two, lambda: demoted(sue, sid), lambda: demoted(sid, sue)) == [200, 403]
    assert super_admins() == 1


def test_two_cannot_delete_each_other_at_once(database, two):
    sue, sid = two
    answers = raced(database, two, lambda: sue.delete(f"{U}/{sid.id}"), lambda: sid.delete(f"{U}/{sue.id}"))
    assert answers == [200, 401]
    assert super_admins() == 1
