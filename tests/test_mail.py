"""Mails, through a real mail server."""

import html
import re
from contextlib import closing

import pytest

from rplay import mail
from tests.conftest import PASSWORD, settings_for
from tests.fakes import mail_server
from tests.fakes.mail_server import parts

LINK = "https://train.example.com"
SIMULATION = {"industry": "insurance", "difficulty": "beginner"}


@pytest.fixture(scope="module")
def server():
    with mail_server.running() as sink:
        yield sink


@pytest.fixture(scope="module")
def settings(data_dir, server):
    return settings_for(
        data_dir=data_dir,
        email_host="127.0.0.1",
        email_port=server.port,
        app_url=LINK,
        enable_email_notifications=True,
    )


@pytest.fixture
def sent(server, background_done):
    """The mails that came until now, since the test began."""
    server.mails.clear()

    def all_of_them():
        background_done()
        return server.mails

    return all_of_them


def words(page):
    """What an HTML page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_registering_is_welcomed(anyone, sent):
    body = {"name": "Jo Urney", "email": "jo@example.com", "password": PASSWORD}
    assert anyone.post("/api/auth/register", json=body).status_code == 201
    [message] = sent()
    assert (message["To"], message["From"], message["Subject"]) == (
        "jo@example.com",
        "noreply@simulator.com",
        "Welcome",
    )
    assert "Hello Jo Urney," in parts(message)["text/plain"]
    assert PASSWORD not in message.as_string()


def test_an_account_made_by_an_admin_is_welcomed_and_imported_ones_are_not(admin, sent):
    rows = [{"name": "In Bulk", "email": "bulk@example.com", "password": PASSWORD}]
    assert admin.post("/api/users/bulk-import", {"users": rows}).get_json()["results"]["success"] == 1
    body = {"name": "By Hand", "email": "hand@example.com", "password": PASSWORD, "role": "trainer"}
    assert admin.post("/api/users", body).status_code == 201
    assert [message["To"] for message in sent()] == ["hand@example.com"]


def test_a_completed_session_is_told_with_its_score(alice, sent):
    talk = alice.post("/api/simulation", SIMULATION).get_json()["data"]
    alice.post(f"/api/simulation/{talk['id']}/complete", {"performance_review": {"overallScore": 7.5}})
    [message] = sent()
    assert (message["To"], message["Subject"]) == (alice.email, "Your training session is complete")
    assert "Your overall score is 7.5 out of 10." in parts(message)["text/plain"]


def test_feedback_is_thanked_for(alice, sent):
    talk = alice.post("/api/simulation", SIMULATION).get_json()["data"]
    body = {"simulationId": talk["simulation_id"], "rating": 90, "comments": "not to be mailed"}
    assert alice.post("/api/feedback", body).status_code == 201
    [message] = sent()
    assert (message["To"], message["Subject"]) == (alice.email, "Thank you for your feedback")
    assert "not to be mailed" not in message.as_string()


def test_nothing_is_sent_for_what_is_refused(alice, admin, sent):
    assert alice.post("/api/feedback", {"simulationId": "SIM-0", "rating": 90}).status_code == 404
    body = {"name": "Again", "email": alice.email, "password": PASSWORD, "role": "learner"}
    assert admin.post("/api/users", body).status_code == 409
    assert sent() == []


LETTERS = {
    "reset": lambda name: mail.password_reset(name, f"{LINK}/reset-password?token=a&b=c"),
    "welcome": lambda name: mail.welcome(name, LINK),
    "completed": lambda name: mail.simulation_completed(name, None, LINK),
    "feedback": lambda name: mail.feedback_received(name, LINK),
    "invitation": lambda name: mail.invitation(name, f"{LINK}/reset-password?token=a&b=c"),
}


@pytest.fixture
def message_of(settings, server):
    """A mail to somebody of this name, as it came."""

    def send(letter, name):
        server.mails.clear()
        with closing(mail.Post(settings)) as post:
            post.send("ann@example.com", LETTERS[letter](name))
        [message] = server.mails
        return message

    return send


@pytest.mark.parametrize("letter", LETTERS)
def test_every_mail_says_the_same_as_text_and_as_html(message_of, letter):
    message = message_of(letter, "Zoë 张")
    both = parts(message)
    assert list(both) == ["text/plain", "text/html"]
    [link] = re.findall(r"^https://\S+$", both["text/plain"], re.MULTILINE)
    assert f'href="{html.escape(link)}"' in both["text/html"]
    said = " ".join(both["text/plain"].replace(link, "").replace(":\n", "\n").split())
    assert words(both["text/html"]) == said
    assert said.startswith("Hello Zoë 张,")
    assert all(len(line) < 900 for line in message.as_string().splitlines())


@pytest.mark.parametrize("letter", LETTERS)
def test_no_name_brings_markup_or_lines_of_its_own(message_of, letter):
    message = message_of(letter, "<img src=x>\r\nBcc: all@example.com\n\n<b>" + "x" * 200)
    both = parts(message)
    assert not {"<img", "<b>"} & set(re.findall(r"<\w+>?", both["text/html"]))
    assert "&lt;img src=x&gt; Bcc:" in both["text/html"]
    assert both["text/plain"].splitlines()[0].startswith("Hello <img src=x> Bcc: all@example.com <b>xx")
    assert len(both["text/plain"].splitlines()[0]) < 100
    assert message["Bcc"] is None


def test_an_address_no_mail_server_takes_fails_nobody(anyone, sent, capsys):
    body = {"name": "Zoë", "email": "zoë@example.com", "password": PASSWORD}
    assert anyone.post("/api/auth/register", json=body).status_code == 201
    assert sent() == []
    said = "".join(capsys.readouterr())
    assert "mail_given_up" in said
    assert "an address has letters before the @" in said
    assert "zoë" not in said
