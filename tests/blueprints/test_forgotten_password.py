"""A forgotten password, through a real mail server."""

import re
from functools import partial
from itertools import count
from uuid import UUID

import pytest

from rplay import db, security
from rplay.commands import invitations
from rplay.db import password_resets, users
from rplay.db.personal_data import erase
from rplay.mail.outbox import Outbox
from tests.conftest import PASSWORD, error, settings_for, swap_parts
from tests.fakes import mail_server
from tests.races import race

numbers = count()
FORGOT, RESET, LOGIN = "/api/auth/forgot-password", "/api/auth/reset-password", "/api/auth/login"


@pytest.fixture(scope="module")
def sink():
    with mail_server.running() as sink:
        yield sink


@pytest.fixture(scope="module")
def settings(data_dir, sink):
    return settings_for(
        data_dir=data_dir, email_host="127.0.0.1", email_port=sink.port, app_url="https://train.example.com"
    )


@pytest.fixture
def ask(anyone, sink, background_done):
    """Asks for a reset mail; the tokens in the mails that came to the one who asks, as those put off come too."""

    def asked(email):
        sink.mails.clear()
        answer = anyone.post(FORGOT, json={"email": email})
        background_done()  # the mail is written and sent
        links = [
            re.search(r"https://train\.example\.com/reset-password\?token=(\S+)", mail_server.parts(mail)["text/plain"])
            for mail in sink.mails
            if mail["To"] == email.lower()
        ]
        return answer, [link[1] for link in links]

    return asked


def reset(client, token, password="NewPassw0rd1"):
    return client.post(RESET, json={"token": token, "newPassword": password})


def test_a_mail_opens_the_account_again_and_ends_its_sessions(ask, anyone, person, sink):
    forgetful = person("Forgetful")
    answer, [token] = ask(forgetful.email.upper())
    assert answer.status_code == 200
    assert sink.mails[0]["To"] == forgetful.email
    assert sink.mails[0]["From"] == "noreply@simulator.com"
    assert reset(anyone, token).get_json() == {"success": True, "message": "Password reset successfully"}
    assert forgetful.get("/api/auth/me").status_code == 401
    credentials = {"email": forgetful.email, "password": "NewPassw0rd1"}
    assert anyone.post(LOGIN, json=credentials).status_code == 200


def test_nothing_tells_whether_the_account_exists(ask, person):
    known, mailed = ask(person("Known").email)
    unknown, silent = ask("nobody@example.com")
    assert known.get_json() == unknown.get_json()
    assert (len(mailed), len(silent)) == (1, 0)


def test_a_token_works_once(ask, anyone, person):
    _, [token] = ask(person("Once").email)
    assert reset(anyone, token).status_code == 200
    assert error(reset(anyone, token)) == (400, "Invalid or expired reset token")


def test_a_token_lives_an_hour(ask, anyone, person):
    late = person("Late")
    _, [token] = ask(late.email)
    db.execute("UPDATE password_resets SET expires_at = now() - interval '1 second' WHERE user_id = %(id)s", id=late.id)
    assert reset(anyone, token).status_code == 400


def five_minutes_later(person):
    db.execute(
        "UPDATE password_resets SET created_at = created_at - interval '5 minutes' WHERE user_id = %(id)s", id=person.id
    )


def test_for_five_minutes_no_other_mail_is_sent_and_the_token_stands(ask, anyone, person):
    pestered = person("Pestered")
    first, [token] = ask(pestered.email)
    again, mailed = ask(pestered.email)
    assert (again.get_json(), mailed) == (first.get_json(), [])
    assert reset(anyone, token).status_code == 200


def test_of_several_who_ask_at_once_one_gets_a_token(database, person):
    asked = person("Asked")
    lock = "SELECT 1 FROM users WHERE id = %(id)s FOR UPDATE"
    calls = [partial(password_resets.create, UUID(asked.id), f"hash {number} of {asked.id}") for number in range(3)]
    assert sorted(race(database, lock, {"id": asked.id}, *calls)) == [False, False, True]
    assert db.value("SELECT count(*) FROM password_resets WHERE user_id = %(id)s", id=asked.id) == 1


def test_a_reset_spends_every_token_of_the_account(anyone, person):
    owner, other = person("Owner"), person("Other")
    for holder, token in ((owner, "first"), (owner, "second"), (other, "third")):
        db.execute(
            "INSERT INTO password_resets (token_hash, user_id, expires_at)"
            " VALUES (%(hash)s, %(id)s, now() + interval '1 hour')",
            hash=security.token_hash(token),
            id=holder.id,
        )
    assert reset(anyone, "first").status_code == 200
    assert reset(anyone, "second").status_code == 400
    assert reset(anyone, "third").status_code == 200


def test_nobody_is_mailed_at_an_account_that_is_just_deleted(database, person):
    gone = person("Gone")
    lock = "SELECT 1 FROM users WHERE id = %(id)s FOR UPDATE"
    create = partial(password_resets.create, UUID(gone.id), "hash of nobody's")
    assert race(database, lock, {"id": gone.id}, create, then=partial(erase, UUID(gone.id))) == [False]


def test_a_newer_mail_ends_the_older_ones_token(ask, anyone, person):
    twice = person("Twice")
    _, [older] = ask(twice.email)
    five_minutes_later(twice)
    _, [newer] = ask(twice.email)
    assert reset(anyone, older).status_code == 400
    assert reset(anyone, newer).status_code == 200


def test_a_weak_password_leaves_the_token_usable(ask, anyone, person):
    _, [token] = ask(person("Weak").email)
    assert error(reset(anyone, token, "alllowercase1")) == (400, "Password must contain at least one uppercase letter")
    assert reset(anyone, token).status_code == 200


def test_a_password_changed_meanwhile_ends_the_token(ask, anyone, person, admin):
    by_oneself, by_an_admin = person("Self"), person("Helped")
    _, [token] = ask(by_oneself.email)
    by_oneself.post("/api/auth/change-password", {"currentPassword": PASSWORD, "newPassword": "NewPassw0rd1"})
    assert reset(anyone, token).status_code == 400
    _, [token] = ask(by_an_admin.email)
    change = {"name": "Helped", "email": by_an_admin.email, "role": "learner", "password": "NewPassw0rd1"}
    assert admin.put(f"/api/users/{by_an_admin.id}", change).status_code == 200
    assert reset(anyone, token).status_code == 400


def test_a_session_token_is_no_reset_token(anyone, alice):
    assert error(reset(anyone, alice.token)) == (400, "Invalid or expired reset token")


def test_only_a_hash_of_the_token_is_stored(ask, person):
    _, [token] = ask(person("Hashed").email)
    assert db.value("SELECT count(*) FROM password_resets WHERE token_hash = %(token)s", token=token) == 0


@pytest.fixture
def without_mail(app, settings, monkeypatch):
    """The mail server is away."""
    swap_parts(app, monkeypatch, outbox=Outbox(settings.model_copy(update={"email_port": 1})))


def test_a_dead_mail_server_fails_nobody(app, person, without_mail, background_done):
    answer = app.test_client().post(FORGOT, json={"email": person("Unlucky").email})
    background_done()
    assert answer.status_code == 200
    assert PASSWORD not in answer.text


def waiting(person):
    return db.value("SELECT count(*) FROM mail_outbox WHERE user_id = %(id)s AND kind = 'password_reset'", id=person.id)


def test_a_mail_that_waits_is_the_only_one_for_five_minutes_and_then_replaced(ask, person, without_mail):
    late = person("Waiting")
    of_hers = "SELECT id FROM mail_outbox WHERE user_id = %(id)s"
    ask(late.email)
    first = db.value(of_hers, id=late.id)
    ask(late.email)
    assert (waiting(late), db.value(of_hers, id=late.id)) == (1, first)
    for table in ("mail_outbox", "password_resets"):
        db.execute(f"UPDATE {table} SET created_at = now() - interval '6 minutes' WHERE user_id = %(id)s", id=late.id)
    ask(late.email)
    assert waiting(late) == 1
    assert db.value(of_hers, id=late.id) != first


def test_a_password_changed_while_the_mail_waits_takes_it_away(ask, person, without_mail):
    changed = person("Changed")
    ask(changed.email)
    assert waiting(changed) == 1
    body = {"currentPassword": PASSWORD, "newPassword": "NewPassw0rd1"}
    assert changed.post("/api/auth/change-password", body).status_code == 200
    assert waiting(changed) == 0


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"email": 5}])
def test_an_address_is_needed(anyone, body):
    assert anyone.post(FORGOT, json=body).status_code == 400


@pytest.fixture
def invited(app, settings, sink):
    """Somebody who was invited, and the token of their invitation."""
    sink.mails.clear()
    user = users.create("In Vited", f"invited{next(numbers)}@example.com", users.NO_PASSWORD, "learner", None)
    with invitations.opened(settings) as sent:
        assert sent.send(user) is None
    [mail] = sink.mails
    return user, re.search(r"token=(\S+)", mail_server.parts(mail)["text/plain"])[1]


def test_an_invitation_gives_an_account_its_first_password(invited, anyone):
    user, token = invited
    assert anyone.post(LOGIN, json={"email": user.email, "password": users.NO_PASSWORD}).status_code == 401
    assert reset(anyone, token).status_code == 200
    assert anyone.post(LOGIN, json={"email": user.email, "password": "NewPassw0rd1"}).status_code == 200
    assert error(reset(anyone, token)) == (400, "Invalid or expired reset token")


def test_an_invitation_is_spent_by_a_password_that_came_another_way(invited, anyone, admin, ask):
    user, token = invited
    body = {"name": user.name, "email": user.email, "role": "learner", "password": PASSWORD}
    assert admin.put(f"/api/users/{user.id}", body).status_code == 200
    assert error(reset(anyone, token)) == (400, "Invalid or expired reset token")


def test_a_reset_mail_takes_the_place_of_an_invitation_after_five_minutes(invited, anyone, ask):
    user, token = invited
    assert ask(user.email)[1] == []
    db.execute(
        "UPDATE password_resets SET created_at = now() - interval '6 minutes' WHERE user_id = %(id)s", id=user.id
    )
    _, [newer] = ask(user.email)
    assert error(reset(anyone, token)) == (400, "Invalid or expired reset token")
    assert reset(anyone, newer).status_code == 200
