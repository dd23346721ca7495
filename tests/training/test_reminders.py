"""Mails before a deadline, through the outbox and a real mail server; the clock is the test's."""

from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header

import pytest

from rplay import db
from rplay.config import Settings
from rplay.mail.outbox import Outbox
from rplay.server import clock
from rplay.training import reminders
from tests.blueprints.test_assignments import finished
from tests.conftest import settings_for
from tests.fakes import mail_server
from tests.judged import group_of
from tests.races import race
from tests.trained import assigned, scenario_of

LINK = "https://train.example.com/console/"
DUE = (datetime.now(UTC) + timedelta(days=20)).replace(hour=23, minute=59, second=0, microsecond=0)
THREE_BEFORE, TWO_BEFORE = DUE - timedelta(days=3, hours=12), DUE - timedelta(days=2)
ON_THE_DAY, OVER = DUE - timedelta(hours=10), DUE + timedelta(minutes=2)


@pytest.fixture
def sink():
    with mail_server.running() as sink:
        yield sink


@pytest.fixture
def outbox(database, sink, monkeypatch):
    """Hands in; the test sends."""
    db.execute("DELETE FROM mail_outbox")
    db.execute("DELETE FROM assignments")
    outbox = Outbox(settings_for(email_host="127.0.0.1", email_port=sink.port, enable_email_notifications=True))
    monkeypatch.setattr(outbox, "wake", lambda: None)
    return outbox


@pytest.fixture
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture
def lena(person):
    return person("Lena")


@pytest.fixture
def omar(person):
    return person("Omar")


@pytest.fixture
def group(admin, tess, lena, omar):
    return group_of(admin, f"Group of {lena.email}", tess, lena, omar)


@pytest.fixture
def given(outbox, tess, group):
    return assigned(tess, scenario_of(tess), groupId=group, dueAt=DUE.isoformat(), remindDays=3)


def reminded(outbox, sink, now):
    """To whom mails went."""
    sink.mails.clear()
    reminders.put_due(outbox, LINK, now)
    outbox.send_due()
    return sorted(mail["To"] for mail in sink.mails)


def text_of(mail):
    subject = str(make_header(decode_header(mail["Subject"])))
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return f"{subject}\n{plain.get_payload(decode=True).decode()}"


@pytest.mark.usefixtures("given")
def test_go_once_some_days_before_and_once_on_the_day(outbox, sink, lena, omar):
    everybody = sorted([lena.email, omar.email])
    assert reminded(outbox, sink, THREE_BEFORE - timedelta(days=1)) == []
    assert reminded(outbox, sink, THREE_BEFORE) == everybody
    assert reminded(outbox, sink, TWO_BEFORE) == []
    assert reminded(outbox, sink, ON_THE_DAY) == everybody
    assert reminded(outbox, sink, ON_THE_DAY + timedelta(hours=1)) == []
    assert reminded(outbox, sink, OVER) == []


@pytest.mark.usefixtures("given")
def test_only_that_of_the_day_where_nobody_looked_before(outbox, sink, lena, omar):
    assert reminded(outbox, sink, ON_THE_DAY) == sorted([lena.email, omar.email])
    assert reminded(outbox, sink, ON_THE_DAY) == []


def test_not_to_who_has_passed_or_has_no_attempt_left(outbox, sink, lena, omar, given):
    finished(lena, given, 9)
    assert reminded(outbox, sink, THREE_BEFORE) == [omar.email]
    finished(omar, given, 2)
    finished(omar, given, 2)
    assert reminded(outbox, sink, ON_THE_DAY) == []


def test_to_one_person_alone(outbox, sink, tess, group, lena):
    assigned(tess, scenario_of(tess), userId=lena.id, dueAt=DUE.isoformat(), remindDays=3)
    assert reminded(outbox, sink, THREE_BEFORE) == [lena.email]


def test_none_where_the_assignment_wants_none_or_has_no_deadline(outbox, sink, tess, group):
    assigned(tess, scenario_of(tess), groupId=group, dueAt=DUE.isoformat())
    assigned(tess, scenario_of(tess), groupId=group, remindDays=3)
    assert reminded(outbox, sink, THREE_BEFORE) == []


def test_are_switched_off_and_on(outbox, sink, tess, lena, given):
    tess.patch(f"/api/assignments/{given}", {"remindDays": None})
    assert reminded(outbox, sink, THREE_BEFORE) == []
    tess.patch(f"/api/assignments/{given}", {"remindDays": 3})
    assert lena.email in reminded(outbox, sink, THREE_BEFORE)


def test_wait_where_mails_are_off(outbox, sink, lena, given):
    silent = Outbox(settings_for(email_host="127.0.0.1", email_port=sink.port, enable_email_notifications=False))
    assert reminders.put_due(silent, LINK, THREE_BEFORE) == 0
    assert lena.email in reminded(outbox, sink, THREE_BEFORE)


@pytest.mark.usefixtures("given")
def test_of_two_processes_that_come_at_once_one_sends(database, outbox, sink, lena, omar):
    lock = "SELECT 1 FROM users WHERE id = %(id)s FOR UPDATE"
    put = race(
        database,
        lock,
        {"id": lena.id},
        lambda: reminders.put_due(outbox, LINK, THREE_BEFORE),
        lambda: reminders.put_due(outbox, LINK, THREE_BEFORE),
    )
    outbox.send_due()
    assert sum(put) == 2
    assert sorted(mail["To"] for mail in sink.mails) == sorted([lena.email, omar.email])


def test_say_what_is_to_be_practised_until_when_in_the_learners_language(outbox, sink, lena, omar, given):
    db.execute("UPDATE users SET language = 'de' WHERE id = %(id)s", id=omar.id)
    reminded(outbox, sink, THREE_BEFORE)
    said = {mail["To"]: text_of(mail) for mail in sink.mails}
    english, german = said[lena.email], said[omar.email]
    assert f"To practise by {DUE:%B} {DUE.day}: The cover that nobody reads" in english
    assert "Hello Lena," in english
    assert f"Bis {DUE:%d.%m.%Y} zu üben: The cover that nobody reads" in german
    assert "Guten Tag Omar," in german
    for text in (english, german):
        assert LINK in text
        assert "hospital" not in text


def test_are_not_sent_any_more_once_the_deadline_is_gone(outbox, sink, tess, given):
    reminders.put_due(outbox, LINK, THREE_BEFORE)
    tess.patch(f"/api/assignments/{given}", {"dueAt": None})
    outbox.send_due()
    assert sink.mails == []
    assert db.value("SELECT count(*) FROM mail_outbox") == 0


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ({"console_url": "https://train.example.com"}, "https://train.example.com/console/"),
        ({"host": "0.0.0.0", "port": 4000}, "http://localhost:4000/console/"),
        ({"console": False, "app_url": "https://app.example.com"}, "https://app.example.com"),
    ],
)
def test_lead_to_the_first_page(given, link):
    assert clock.home(Settings.model_validate({"node_env": "test", **given})) == link
