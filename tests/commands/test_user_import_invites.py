"""`rplay users import --invite`, with a real mail server."""

import json
import re

import pytest

from rplay import security
from rplay.db import password_resets
from tests.commands.test_user_import import counts
from tests.fakes import mail_server
from tests.fakes.mail_server import Sink, parts

LIST = "First Name;Last Name;E-Mail;Role\nZoë;张;zoe@example.com;trainer\nBo;Li;bo@example.com;\n"
ARGUMENTS = ("users", "import", "people.csv", "--invite")


@pytest.fixture
def sink(settings, url):
    with mail_server.running() as sink:
        settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port), APP_URL="https://train.example.com")
        yield sink


@pytest.fixture(autouse=True)
def people(settings, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(LIST)
    return path


def tokens(sink):
    """By whom they were sent to."""
    link = re.compile(r"https://train\.example\.com/reset-password\?token=(\S+)")
    return {mail["To"]: link.search(parts(mail)["text/plain"])[1] for mail in sink.mails}


def live(look):
    return [row[0] for row in look("SELECT token_hash FROM password_resets WHERE expires_at > now() ORDER BY 1")]


def test_makes_accounts_nobody_can_sign_in_to_and_mails_links(run, sink, look):
    done = run(*ARGUMENTS)
    assert (done.exit_code, done.stderr) == (0, "")
    assert counts(done) == {"created": 2, "updated": 0, "skipped": 0, "refused": 0, "invited": 2}
    assert look("SELECT name, email, role, password FROM users ORDER BY 2") == [
        ("Bo Li", "bo@example.com", "learner", "!"),
        ("Zoë 张", "zoe@example.com", "trainer", "!"),
    ]
    assert not security.password_matches("!", "!", 4)
    sent = tokens(sink)
    assert set(sent) == {"zoe@example.com", "bo@example.com"}
    assert live(look) == sorted(map(security.token_hash, sent.values()))
    assert look("SELECT DISTINCT expires_at - created_at FROM password_resets") == [(password_resets.OF_AN_INVITATION,)]
    [mail] = [mail for mail in sink.mails if mail["To"] == "zoe@example.com"]
    assert mail["Subject"] == "Your account is ready"
    assert parts(mail)["text/plain"].startswith("Hello Zoë 张,")


def test_passes_over_passwords_that_the_list_has(run, sink, people, look):
    people.write_text("name,email,password\nBo Li,bo@example.com, weak \n")
    assert counts(run(*ARGUMENTS))["invited"] == 1
    assert look("SELECT password FROM users") == [("!",)]


def test_again_invites_nobody_whose_link_lives(run, sink):
    run(*ARGUMENTS)
    sink.mails.clear()
    assert counts(run(*ARGUMENTS)) == {"created": 0, "updated": 0, "skipped": 2, "refused": 0, "invited": 0}
    assert sink.mails == []


def test_again_invites_those_whose_link_has_ended_and_nobody_with_a_password(run, sink, look):
    run(*ARGUMENTS)
    look("UPDATE password_resets SET expires_at = now(), created_at = now() - interval '7 days'")
    look("UPDATE users SET password = 'chosen' WHERE email = 'bo@example.com'")
    sink.mails.clear()
    assert counts(run(*ARGUMENTS))["invited"] == 1
    assert set(tokens(sink)) == {"zoe@example.com"}


def test_whom_the_mail_server_refuses_is_told_and_invited_by_the_next_import(run, sink, look):
    sink.refused = {"zoe@example.com"}
    done = run(*ARGUMENTS, "--json", "--errors", "refused.csv")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["created"], said["invited"]) == (3, 2, 1)
    reason = "The invitation was not sent: it refuses the recipient (answer 550)"
    assert said["refusals"] == [{"line": 2, "email": "zoe@example.com", "reason": reason}]
    assert len(live(look)) == 1
    sink.refused = set()
    again = counts(run("users", "import", "refused.csv", "--invite"))
    assert (again["skipped"], again["invited"]) == (1, 1)
    assert len(live(look)) == 2


def test_goes_on_where_the_mail_server_takes_few_mails_over_a_connection(run, url, settings, people):
    people.write_text("name,email\n" + "".join(f"N{number},n{number}@example.com\n" for number in range(45)))
    sink = Sink()
    with mail_server.running(sink=sink, command_call_limit={"MAIL": 10, "*": 100}):
        settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port), APP_URL="https://train.example.com")
        assert counts(run(*ARGUMENTS))["invited"] == 45
    assert len(tokens(sink)) == 45


def test_does_nothing_where_no_mail_server_lets_it_in(run, url, settings, look):
    assert run(*ARGUMENTS).exit_code == 2
    settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT="9")
    done = run(*ARGUMENTS)
    assert done.exit_code == 1
    assert "Error: The mail server 127.0.0.1:9 cannot be used: Connection refused." in done.stderr
    assert look("SELECT count(*) FROM users") == [(0,)]


def test_says_how_far_it_came_when_the_mail_server_goes(run, sink, people, look, monkeypatch):
    people.write_text("name,email\n" + "".join(f"N{number},n{number}@example.com\n" for number in range(45)))

    async def gone(server, session, envelope):
        return "421 good night" if len(sink.mails) >= 30 else await Sink.handle_DATA(sink, server, session, envelope)

    sink.handle_DATA = gone
    done = run(*ARGUMENTS)
    assert done.exit_code == 1
    assert "40 accounts were made and 0 updated. Run the same command again for the others." in done.stderr
    assert "cannot be used: it refuses (answer 421)." in done.stderr
    assert len(live(look)) == 30
    del sink.handle_DATA
    assert counts(run(*ARGUMENTS)) == {"created": 5, "updated": 0, "skipped": 40, "refused": 0, "invited": 15}
    assert len(tokens(sink)) == 45


def test_a_dry_run_sends_nothing(run, sink, look):
    assert counts(run(*ARGUMENTS, "--dry-run"))["invited"] == 2
    assert (sink.mails, look("SELECT count(*) FROM users")) == ([], [(0,)])


def test_the_list_must_name_an_address_and_a_name(run, sink, people):
    people.write_text("E-Mail\nbo@example.com\n")
    done = run(*ARGUMENTS)
    assert "line 1 must name the columns firstName, lastName, email: it has no firstName and no lastName" in done.stderr
