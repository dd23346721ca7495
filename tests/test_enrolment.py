"""Enrolment without the web: as a command calls it."""

import threading

import gevent
import pytest

from rplay import enrolment, security
from rplay.db import users


@pytest.fixture
def rows(request):
    def make(count):
        return [
            {
                "name": "Ann Lee",
                "email": f"{number}.{abs(hash(request.node.nodeid))}@example.com",
                "password": "Passw0rdX",
            }
            for number in range(count)
        ]

    return make


def test_gives_any_role_unless_told_otherwise(database, rows):
    boss = {**rows(1)[0], "role": "super_admin"}
    assert enrolment.enrol([boss], 4, off_limits={"super_admin"}).failed == 1
    assert enrolment.enrol([boss], 4).success == 1
    assert users.by_email(boss["email"]).role == "super_admin"


def test_tells_of_an_address_that_is_taken_while_the_hashes_are_made(database, rows, monkeypatch):
    people = rows(3)
    hashed = security.hash_password

    def overtaken(password, cost):
        users.create("Faster", people[1]["email"].upper(), "x", "learner", None)
        return hashed(password, cost)

    monkeypatch.setattr(security, "hash_password", overtaken)
    made = enrolment.enrol(people, 4)
    assert (made.success, made.errors) == (2, [f"User {people[1]['email']}: Email already registered"])


def test_hashes_nothing_for_rows_that_are_refused(database, rows, monkeypatch):
    [known] = rows(1)
    enrolment.enrol([known], 4)
    monkeypatch.setattr(security, "hash_password", None)
    assert enrolment.enrol([known, {**known, "email": "bad"}], 4).failed == 2


def test_makes_few_hashes_at_once_and_lets_others_run_meanwhile(database, rows, monkeypatch):
    now, most, lock = 0, 0, threading.Lock()
    hashed = security.hash_password

    def counted(password, cost):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        try:
            return hashed(password, cost)
        finally:
            with lock:
                now -= 1

    def tick():
        nonlocal ticks
        while True:
            ticks += 1
            gevent.sleep(0)

    monkeypatch.setattr(security, "hash_password", counted)
    ticks = 0
    other = gevent.spawn(tick)
    people = rows(120)
    assert enrolment.enrol(people, 4).success == 120
    other.kill()
    assert 1 < most <= enrolment._HASHES
    assert ticks > len(people)
