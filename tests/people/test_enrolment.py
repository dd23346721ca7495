"""Enrolment without the web: as a command calls it."""

import threading
from dataclasses import replace

import gevent
import pytest

from rplay import security
from rplay.db import users
from rplay.people import enrolment
from rplay.people.roster import Row


@pytest.fixture
def rows(request):
    def make(count):
        return [
            Row(number, {"name": "Ann Lee", "email": f"{number}.{key}@example.com", "password": "Passw0rdX"})
            for number in range(count)
        ]

    key = abs(hash(request.node.nodeid))
    return make


def with_(row, **values):
    return replace(row, values={**row.values, **values})


def test_gives_any_role_unless_told_otherwise(database, rows):
    boss = with_(rows(1)[0], role="super_admin")
    assert enrolment.enrol([boss], 4, off_limits={"super_admin"}).failed == 1
    assert enrolment.enrol([boss], 4).success == 1
    assert users.by_email(boss.values["email"], boss.values["email"]).role == "super_admin"


def test_tells_of_an_address_that_is_taken_while_the_hashes_are_made(database, rows):
    people = rows(3)
    taken = people[1].values["email"]

    def overtaken(accounts):
        users.create("Faster", taken.upper(), "x", "learner", None)
        return users.create_many(accounts)

    made = enrolment.enrol(people, 4, create=overtaken)
    assert (made.success, made.errors) == (2, [f"User {taken}: Email already registered"])


def test_tells_of_refusals_in_the_order_of_the_list(database, rows):
    people = rows(120)
    for number in (3, 60, 119):
        people[number] = with_(people[number], email=f"bad{number}")
    people[70] = with_(people[70], email=people[2].values["email"].upper())
    made = enrolment.enrol(people, 4)
    assert (made.success, made.failed) == (116, 4)
    assert [error.split()[1] for error in made.errors] == [
        "bad3:",
        "bad60:",
        f"{people[70].values['email']}:",
        "bad119:",
    ]


@pytest.mark.parametrize("password", [" Passw0rdX", "Passw0rdX ", "Passw0rdX\u00a0", "\u200bPassw0rdX", "Passw0rdX\r"])
def test_refuses_a_password_that_begins_or_ends_with_what_nobody_sees(database, rows, password):
    [person] = rows(1)
    refused = enrolment.enrol([with_(person, password=password)], 4)
    assert refused.errors == [f"User {person.values['email']}: Password must not begin or end with a blank"]
    assert enrolment.enrol([with_(person, password="Pass w0rdX")], 4).success == 1


def test_leaves_nothing_running_when_it_is_broken_off(database, rows):
    def refused(accounts):
        raise RuntimeError("no longer an admin")

    before = threading.active_count()
    with pytest.raises(RuntimeError):
        enrolment.enrol(rows(300), 4, create=refused)
    assert threading.active_count() <= before


def test_hashes_nothing_for_rows_that_are_refused(database, rows, monkeypatch):
    [known] = rows(1)
    enrolment.enrol([known], 4)
    monkeypatch.setattr(security, "bcrypt_hash", None)
    assert enrolment.enrol([known, with_(known, email="bad")], 4).failed == 2


def test_makes_few_hashes_at_once_and_lets_others_run_meanwhile(database, rows, monkeypatch):
    now, most, lock = 0, 0, threading.Lock()
    hashed = security.bcrypt_hash

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

    monkeypatch.setattr(security, "bcrypt_hash", counted)
    ticks = 0
    other = gevent.spawn(tick)
    people = rows(120)
    assert enrolment.enrol(people, 4).success == 120
    other.kill()
    assert 1 < most <= enrolment._HASHES
    assert ticks > len(people)
