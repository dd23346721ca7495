"""Whom mails are handed to, and what is said when they cannot be: through real mail servers, with a real authority."""

import smtplib
import socket
import threading
from contextlib import suppress

import pytest

from rplay.mail import smtp
from rplay.mail.smtp import connected, doubts, reason_of
from tests.conftest import settings_for
from tests.fakes.certificates import Authority
from tests.fakes.mail_server import Sink, running, tls, with_sign_in

HERE = "127.0.0.1"
SIGN_IN = {"email_user": "me", "email_password": "right"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def right(authority):
    return tls(authority.certificate(HERE))


@pytest.fixture(scope="module")
def wrong(authority):
    """A certificate for another name."""
    return tls(authority.certificate("mail.example.com"))


def settings(sink, **more):
    return settings_for(email_host=HERE, email_port=sink.port, **more)


def refusal(settings):
    with pytest.raises((OSError, smtplib.SMTPException)) as caught:
        connected(settings)
    return reason_of(caught.value)


def at_once(context):
    return {"ssl_context": context}


def later(context):
    return {"tls_context": context}


KINDS = {"from the first byte": (at_once, True), "begun later": (later, False)}


class TestTls:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_accepted_with_the_operators_own_authority(self, authority, right, kind):
        options, secure = KINDS[kind]
        sink = Sink()
        with running(**with_sign_in(sink), **options(right)):
            connected(settings(sink, email_secure=secure, email_ca_file=authority.path, **SIGN_IN)).close()
        [(user, password, _)] = sink.signed_in
        assert (user, password) == ("me", "right")

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("own", [True, False])
    def test_of_somebody_else_is_refused_before_the_password_is_told(self, authority, right, wrong, kind, own):
        options, secure = KINDS[kind]
        sink, trusted = Sink(), {"email_ca_file": authority.path} if own else {}
        with running(**with_sign_in(sink), **options(wrong if own else right)):
            said = refusal(settings(sink, email_secure=secure, **trusted, **SIGN_IN))
        assert said.startswith("its certificate is not accepted (")
        assert ("mismatch" in said or "not valid for" in said) is own
        assert said.endswith("; EMAIL_CA_FILE names the authority that a private one is from")
        assert sink.signed_in == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_is_not_looked_at_when_told_so(self, wrong, kind):
        options, secure = KINDS[kind]
        sink = Sink()
        with running(**with_sign_in(sink), **options(wrong)):
            connected(settings(sink, email_secure=secure, email_tls_verify=False, **SIGN_IN)).close()
        assert len(sink.signed_in) == 1

    def test_goes_before_a_password_that_leaves_this_machine(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
            with suppress(OSError):
                here.connect(("192.0.2.1", 9))  # nothing is sent
            own = here.getsockname()[0]
        if own.startswith(("0.", "127.")):
            pytest.skip("this machine has no address of its own")
        sink = Sink()
        with running(own, **with_sign_in(sink)):
            far = settings_for(email_host=own, email_port=sink.port, **SIGN_IN)
            assert refusal(far) == smtp.NO_TLS
            assert sink.signed_in == []
            connected(far.model_copy(update={"email_tls_verify": False})).close()
        assert sink.signed_in == [("me", "right", False)]

    def test_authorities_that_are_none_are_named(self, tmp_path, right):
        (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n")
        with running(**later(right)) as sink:
            assert refusal(settings(sink, email_ca_file=tmp_path / "ca.pem")).startswith("EMAIL_CA_FILE holds no")


class TestWhatIsSaid:
    def test_of_a_port_where_tls_begins_later(self):
        with running() as sink:
            assert refusal(settings(sink, email_secure=True)) == smtp.NOT_AT_ONCE

    def test_of_a_server_without_a_way_to_sign_in(self):
        with running() as sink:
            assert refusal(settings(sink, **SIGN_IN)) == smtp.NO_SIGN_IN

    def test_of_a_wrong_password(self):
        sink = Sink()
        with running(**with_sign_in(sink)):
            said = refusal(settings(sink, email_user="me", email_password="planted"))
        assert said == "it refuses EMAIL_USER and EMAIL_PASSWORD"

    def test_of_one_that_hangs_up(self):
        with socket.create_server((HERE, 0)) as listener:
            threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
            said = refusal(settings_for(email_host=HERE, email_port=listener.getsockname()[1]))
        assert said == smtp.SILENT

    def test_of_one_that_says_nothing(self, monkeypatch):
        monkeypatch.setattr(smtp, "TIMEOUT", 0.05)
        with socket.create_server((HERE, 0)) as listener:
            said = refusal(settings_for(email_host=HERE, email_port=listener.getsockname()[1]))
        assert said == smtp.SILENT

    def test_of_one_that_is_not_there(self):
        assert refusal(settings_for(email_host=HERE, email_port=9)) == "Connection refused"
        assert refusal(settings_for(email_host="mail.invalid", email_port=25)) == "no server is known by this name"

    @pytest.mark.parametrize(
        ("sender", "recipient", "said"),
        [
            ("me@example.com", "planted@example.com", "it refuses the recipient (answer 550)"),
            ("müller@example.com", "ann@example.com", smtp.LETTERS),
        ],
    )
    def test_names_nobody(self, sender, recipient, said):
        with running() as sink, connected(settings(sink)) as server:
            sink.refused = {"planted@example.com"}
            with pytest.raises((smtplib.SMTPException, UnicodeError)) as caught:
                server.sendmail(sender, [recipient], "Hello")
        assert reason_of(caught.value) == said


class TestDoubts:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({}, None),
            (SIGN_IN, None),
            ({"email_from": "Müller GmbH <noreply@bücher.example>"}, None),
            ({"email_from": "müller@example.com"}, "EMAIL_FROM has letters before the @"),
            ({"email_from": "noreply"}, "EMAIL_FROM is no address"),
            ({"email_from": "Training <noreply>"}, "EMAIL_FROM is no address"),
            ({"email_secure": True}, "EMAIL_SECURE is true and EMAIL_PORT is 587"),
            ({"email_user": "me"}, "EMAIL_PASSWORD is not set"),
            ({"email_password": "planted"}, "EMAIL_USER is not set"),
            ({"email_tls_verify": False}, "EMAIL_TLS_VERIFY is false"),
        ],
    )
    def test_are_what_cannot_be_meant(self, given, said):
        found = list(doubts(settings_for(email_host="mail.example.com", **given)))
        assert [sentence.startswith(said) for sentence in found] == ([True] if said else [])
        assert "planted" not in "".join(found)

    def test_are_none_without_a_mail_server(self):
        assert list(doubts(settings_for(email_host=None, email_user="me"))) == []
