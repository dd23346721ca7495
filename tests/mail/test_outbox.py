"""The outbox: what is handed in arrives, whatever happens meanwhile; through a real mail server and a real database."""

import signal
import socket
from contextlib import contextmanager, suppress
from itertools import count

import psutil
import psycopg
import pytest
from aiosmtpd.controller import Controller
from structlog.testing import capture_logs

from rplay import db
from rplay.db import mail_outbox, users
from rplay.mail.outbox import Outbox
from tests.conftest import free_port, settings_for
from tests.fakes import mail_server
from tests.live import live_server
from tests.tts.running import eventually

LINK = "https://train.example.com"
PATIENCE = 90  # seconds, so that a test that hangs fails
numbers = count()


class Moody(mail_server.Sink):
    """Answers to the next mails' words with what stands in `moods`; takes those after them."""

    def __init__(self):
        super().__init__()
        self.moods = []
        self.ids = []  # of each mail that was spoken, taken or not

    def handle_message(self, message):
        super().handle_message(message)
        self.ids.append(message["Message-ID"])

    async def handle_DATA(self, server, session, envelope):
        taken = await super().handle_DATA(server, session, envelope)
        if self.moods and (mood := self.moods.pop(0)):
            if mood == "gone":
                server.transport.abort()
            else:
                self.mails.pop()
                return mood
        return taken


@pytest.fixture
def sink():
    with mail_server.running(sink=Moody()) as sink:
        yield sink


@pytest.fixture
def outbox(database, sink):
    db.execute("DELETE FROM mail_outbox")
    return outbox_to(sink.port)


def outbox_to(port, **given):
    settings = {"email_host": "127.0.0.1", "email_port": port, "enable_email_notifications": True, **given}
    return Outbox(settings_for(**settings))


@pytest.fixture
def ann(database):
    found = users.create("Ann Lee", f"ann-{next(numbers)}@example.com", "x", "learner", None)
    assert found
    return found


def hand_in(outbox, user, kind="welcome", **given):
    with db.transaction() as tx:
        outbox.put(kind, user.id, LINK, tx, **given)


def left():
    return db.rows("SELECT kind, tries, next_try_at > now() AS later FROM mail_outbox")


def due_now():
    """The time until the next try passes."""
    db.execute("UPDATE mail_outbox SET next_try_at = now()")


def test_what_is_sent_is_gone(outbox, ann, sink, background_done):
    hand_in(outbox, ann, "simulation_completed", score=7.5)
    outbox.wake()
    background_done()
    [message] = sink.mails
    assert (message["To"], message["Subject"]) == (ann.email, "Your training session is complete")
    assert "7.5 out of 10" in mail_server.parts(message)["text/plain"]
    assert left() == []


def test_what_is_rolled_back_is_not_sent(outbox, ann, sink):
    with suppress(ZeroDivisionError), db.transaction() as tx:
        outbox.put("welcome", ann.id, LINK, tx)
        raise ZeroDivisionError
    outbox.send_due()
    assert sink.mails == []


def test_many_go_over_one_connection(outbox, ann, sink):
    for _ in range(5):
        hand_in(outbox, ann)
    outbox.send_due()
    assert len(sink.mails) == 5
    assert len({message["X-Peer"] for message in sink.mails}) == 1  # whose port a connection has for itself


# One whose connection ends is sent once more at once: servers take so many mails over one.
@pytest.mark.parametrize("moods", [["451 come back later"], ["gone", "gone"]], ids=lambda moods: moods[0])
def test_what_fails_is_tried_again_under_the_same_id(outbox, ann, sink, moods):
    sink.moods = [*moods]
    hand_in(outbox, ann)
    with capture_logs() as logs:
        outbox.send_due()
        assert left() == [{"kind": "welcome", "tries": 1, "later": True}]
        due_now()
        outbox.send_due()
    assert [(line["event"], line["again_in"]) for line in logs] == [("mail_failed", mail_outbox.FIRST_PAUSE)]
    assert ann.email not in str(logs)
    assert left() == []
    assert len(sink.ids) == len(moods) + 1
    assert len(set(sink.ids)) == 1


def test_what_is_refused_for_good_is_given_up_and_the_next_one_sent(outbox, ann, sink):
    sink.moods = ["554 we do not like these words"]
    for _ in range(2):
        hand_in(outbox, ann)
    with capture_logs() as logs:
        outbox.send_due()
    assert [line["event"] for line in logs] == ["mail_given_up"]
    assert (len(sink.mails), left()) == (1, [])


def test_pauses_grow_and_end_with_the_day(database, ann):
    outbox = outbox_to(free_port())
    db.execute("DELETE FROM mail_outbox")
    hand_in(outbox, ann)
    with capture_logs() as logs:
        for _ in range(12):
            due_now()
            outbox.send_due()
        due_now()
        db.execute("UPDATE mail_outbox SET expires_at = now() + interval '9 minutes'")
        outbox.send_due()
    pauses = [line["again_in"] for line in logs]
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600, None]
    assert logs[-1]["event"] == "mail_given_up"
    assert left() == []


def test_of_two_processes_each_takes_another_one(database, ann, outbox):
    """The second comes while the first has its row locked."""
    hand_in(outbox, ann)
    hand_in(outbox, ann)
    with psycopg.connect(database) as first:
        held = first.execute("SELECT id FROM mail_outbox ORDER BY next_try_at LIMIT 1 FOR UPDATE").fetchone()
        taken = mail_outbox.take(60)
        assert taken
        assert taken.id != held[0]
        assert mail_outbox.take(60) is None


def test_who_takes_one_and_dies_leaves_it_to_the_others(outbox, ann, sink):
    hand_in(outbox, ann)
    assert mail_outbox.take(60)
    outbox.send_due()
    assert sink.mails == []
    due_now()  # the time of who took it is over
    outbox.send_due()
    assert len(sink.mails) == 1


def test_nothing_is_handed_in_where_nothing_is_to_be_sent(database, ann, sink):
    db.execute("DELETE FROM mail_outbox")
    with capture_logs() as logs:
        hand_in(outbox_to(sink.port, email_host=None), ann)
        outbox_to(sink.port, email_host=None).put_reset(ann.id, LINK)
        hand_in(outbox_to(sink.port, enable_email_notifications=False), ann)
    assert left() == []
    assert [(line["event"], line["kind"]) for line in logs] == [
        ("mail_not_sent", "welcome"),
        ("mail_not_sent", "password_reset"),
    ]


def test_no_token_lies_in_the_database(outbox, ann, sink):
    outbox.put_reset(ann.id, f"{LINK}/reset-password")
    assert "token" not in str(db.rows("SELECT * FROM mail_outbox"))
    assert db.value("SELECT count(*) FROM password_resets WHERE user_id = %(id)s", id=ann.id) == 0
    outbox.send_due()
    assert f"{LINK}/reset-password?token=" in mail_server.parts(sink.mails[0])["text/plain"]


def test_a_reset_that_is_sent_again_brings_a_second_token_beside_the_first(outbox, ann, sink):
    sink.moods = ["gone", "gone"]
    outbox.put_reset(ann.id, LINK)
    outbox.send_due()
    due_now()
    outbox.send_due()
    assert len({mail_server.parts(message)["text/plain"] for message in sink.mails}) == 2
    assert db.value("SELECT count(*) FROM password_resets WHERE user_id = %(id)s", id=ann.id) == 2


# ---- With real servers


SETTINGS = {"ENABLE_EMAIL_NOTIFICATIONS": "true", "EMAIL_HOST": "127.0.0.1"}


@contextmanager
def mails_at(port):
    sink = mail_server.Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def register(server, name):
    body = {"name": name, "email": f"{name.lower()}@example.com", "password": "Passw0rdX"}
    assert server.call("POST", "/api/auth/register", body).status_code == 201


def welcomed(sink):
    return {message["To"].partition("@")[0] for message in sink.mails}


@pytest.mark.operations
def test_mails_arrive_when_the_mail_server_was_away_for_a_while(new_database, tmp_path):
    port = free_port()
    with live_server(new_database(), tmp_path, EMAIL_PORT=str(port), **SETTINGS) as server:
        for name in ("One", "Two", "Three"):
            register(server, name)
        eventually(lambda: server.log().count("mail_failed") >= 3, seconds=PATIENCE)
        with mails_at(port) as sink:
            eventually(lambda: welcomed(sink) == {"one", "two", "three"}, seconds=PATIENCE)
        assert len({message["Message-ID"] for message in sink.mails}) == 3


@contextmanager
def silent():
    """A mail server that takes connections and says nothing; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def killed(process):
    """The whole server at once, as when the power goes."""
    for one in [*psutil.Process(process.pid).children(recursive=True), process]:
        one.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)


@pytest.mark.operations
def test_a_server_that_is_killed_between_commit_and_sending_loses_none(new_database, tmp_path):
    database = new_database()
    with silent() as port, live_server(database, tmp_path, anew=True, EMAIL_PORT=str(port), **SETTINGS) as server:
        for name in ("One", "Two", "Three"):
            register(server, name)
        killed(server.process)
    with psycopg.connect(database, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM mail_outbox WHERE tries > 0").fetchone() >= (1,)
        assert connection.execute("SELECT count(*) FROM mail_outbox").fetchone() == (3,)
        connection.execute("UPDATE mail_outbox SET next_try_at = now()")  # the time of who took them is over
    with mails_at(port) as sink, live_server(database, tmp_path, EMAIL_PORT=str(port), **SETTINGS):
        eventually(lambda: welcomed(sink) == {"one", "two", "three"}, seconds=PATIENCE)
