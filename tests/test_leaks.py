"""No secret and nothing of the inside in what is answered or logged, and the clock tells nothing about accounts."""

import json
import os
import random
import subprocess
import sys
import textwrap
import time
from http.client import HTTPConnection
from pathlib import Path

import bcrypt
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rplay import background, config, db, security
from rplay.errors import DatabaseError, StartError
from rplay.people import accounts
from tests import leaks
from tests.conftest import PASSWORD, free_port, settings_for
from tests.fakes import mail_server
from tests.fakes.openai_server import FakeOpenAI
from tests.live import live_server

TALK = {
    "messages": [{"role": "user", "content": "Hello"}],
    "clientProfile": {"name": "John"},
    "simulationSettings": {"industry": "insurance"},
}


@pytest.fixture(scope="module")
def mail():
    with mail_server.running() as sink:
        yield sink


@pytest.fixture(scope="module")
def settings(data_dir, mail):
    """Hashes and mails that take long enough to be seen when they are left out, or waited for."""
    return settings_for(data_dir=data_dir, bcrypt_cost=6, email_host="127.0.0.1", email_port=mail.port)


def planted(name):
    return leaks.keep(f"planted-{name}-4711")


class TestTheLook:
    """The look for secrets that the whole suite is under sees them."""

    def test_at_errors(self):
        leaks.check_answer(404, "Simulation not found")
        for text in (
            planted("answer"),
            'psycopg.errors.UndefinedColumn: column "x"',
            "SELECT id FROM users WHERE id = 5",
            "File /home/app/rplay/errors.py",
            "LINE 1: SELECT",
        ):
            with pytest.raises(AssertionError):
                leaks.check_answer(500, text)

    def test_at_logs(self):
        leaks.check_log("2026-11-25T10:00:00Z info    request path=/api/auth/login status=200")
        for line in (f"password={planted('log')}", f'{{"Authorization":"Bearer {planted("bearer")}"}}', leaks.UPSTREAM):
            with pytest.raises(AssertionError):
                leaks.check_log(f"fine\n{line}\nfine")

    def test_learns_from_what_is_sent_and_answered(self, alice):
        assert leaks.leaked(f"token={alice.token}") == {alice.token}
        leaks.keep_all({"deep": [{"newPassword": "N3wlyChosen"}]})
        assert leaks.leaked("it was N3wlyChosen.") == {"N3wlyChosen"}

    def test_fails_a_test_that_prints_one(self, tmp_path):
        (tmp_path / "test_it.py").write_text(
            textwrap.dedent("""
                import sys
                def test_careful(): print("password=***")
                def test_careless(): sys.stderr.write("password=Passw0rdX")
            """)
        )
        command = [sys.executable, "-m", "pytest", "-p", "tests.leaks", "-c", "/dev/null", str(tmp_path)]
        quick = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # of those that take long to import
        done = subprocess.run(command, cwd=Path(__file__).parent.parent, env=quick, capture_output=True, text=True)
        assert "The log holds {'Passw0rdX'}" in done.stdout
        assert "1 failed" in done.stdout or "1 error" in done.stdout, done.stdout
        assert "test_careful " not in done.stdout


class Everywhere:
    """A server at its most talkative with a secret in every place that can hold one."""

    def __init__(self, live, url, fake):
        self.live, self.url, self.fake = live, url, fake

    def call(self, method, path, body=None, token=None, **options):
        return self.live.call(method, path, body, token, **options)

    def person(self, name):
        body = {"name": name, "email": f"{name}@example.com", "password": f"Planted-{name}-4711"}
        return self.call("POST", "/api/auth/register", body).json()["data"]["token"]

    def admin(self):
        token = self.person("boss")
        with psycopg.connect(self.url) as connection:
            connection.execute("UPDATE users SET role = 'super_admin' WHERE name = 'boss'")
        return token


@pytest.fixture(scope="module", params=["production", pytest.param("development", marks=pytest.mark.operations)])
def everywhere(request, new_database, tmp_path_factory, mail):
    url = new_database()
    with (
        FakeOpenAI() as fake,
        live_server(
            make_conninfo(url, password=planted("database")),
            tmp_path_factory.mktemp("leaks"),
            NODE_ENV=request.param,
            LOG_LEVEL="debug",
            OPENAI_API_KEY=planted("openai-key"),
            OPENAI_BASE_URL=fake.url,
            TTS_API_KEY=planted("voice-key"),
            TTS_BASE_URL=fake.url,
            AZURE_AI_PROJECT_ENDPOINT=f"http://127.0.0.1:{free_port()}/api/projects/p",
            AZURE_AI_API_KEY=planted("azure-key"),
            ENABLE_EMAIL_NOTIFICATIONS="true",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(mail.port),
            EMAIL_USER="mailer",
            EMAIL_PASSWORD=planted("mail-password"),
            LEGACY_FRONTEND="false",
        ) as live,
    ):
        yield Everywhere(live, url, fake)


class Steps:
    """Where a secret can be. Each answer is looked at as it comes."""

    def in_headers_and_addresses(self, everywhere, mail):
        for name in (
            "Authorization",
            "X-Api-Key",
            "X-Auth-Token",
            "X-Forwarded-For",
            "Cookie",
            "Referer",
            "User-Agent",
        ):
            value = {"Authorization": "Bearer {}", "Cookie": "session_token={}"}.get(name, "{}")
            headers = {name: value.format(planted(f"in-{name}"))}
            for path in ("/api/auth/me", "/health", "/api/nowhere"):
                everywhere.call("GET", path, headers=headers)
        query = {"token": planted("reset-token"), "password": planted("query-password"), "access_token": planted("q")}
        for path in ("/api/auth/reset-password", "/api/auth/me", "/socket.io/", "/api/nowhere"):
            everywhere.call("GET", path, params=query)
        everywhere.call("POST", "/api/auth/reset-password", {"token": planted("t"), "newPassword": "Planted-new-4711"})

    def in_bodies_good_and_bad(self, everywhere, mail):
        login = {"email": "nobody@example.com", "password": planted("wrong-password")}
        assert everywhere.call("POST", "/api/auth/login", login).status_code == 401
        token = everywhere.person("alice")
        change = {"currentPassword": planted("not-current"), "newPassword": "Planted-New-4711"}
        assert everywhere.call("POST", "/api/auth/change-password", change, token).status_code == 401
        for raw in ('{"password":"%s"', '["%s"]', '"%s"', "%s", '{"password":{"a":"%s"},"email":"a@b.co"}'):
            answer = everywhere.call(
                "POST",
                "/api/auth/login",
                data=raw % planted("raw-body"),
                headers={"Content-Type": "application/json"},
            )
            assert answer.status_code == 400

    def in_keys_that_work_and_fail(self, everywhere, mail):
        admin = everywhere.admin()
        everywhere.fake.mode("ok")
        everywhere.call("POST", "/api/chat/set-api-key", {"apiKey": planted("stored-key")}, admin)
        everywhere.call("POST", "/api/chat/test-api-key", {"apiKey": planted("tested-key")}, admin)
        for mode in ("ok", "401", "404", "429", "500", "garbage", "drop", "cut", "error"):
            everywhere.fake.mode(mode)
            for path in ("/api/chat/client-response", "/api/chat/client-response/stream", "/api/chat/expert-response"):
                answer = everywhere.call("POST", path, {**TALK, "apiKey": planted("body-key")}, admin)
                assert not leaks.leaked(answer.text), answer.text
        assert any("planted" in call.key for call in everywhere.fake.calls)
        everywhere.fake.mode("500")
        everywhere.call("POST", "/api/chat/test-api-key", {}, admin)
        everywhere.call("POST", "/api/agents/initialize", {}, admin)

    def in_what_the_database_refuses(self, everywhere, mail):
        """A statement that fails: its text, the row and what the driver says stay out of answer and log."""
        token = everywhere.person("late")
        body = {"industry": "insurance", "difficulty": "beginner", "clientProfile": {"secret": planted("profile")}}
        with psycopg.connect(everywhere.url, autocommit=True) as connection:
            connection.execute("ALTER TABLE simulations ADD CONSTRAINT never CHECK (total_xp > 5) NOT VALID")
            try:
                assert everywhere.call("POST", "/api/simulation", body, token).status_code == 500
            finally:
                connection.execute("ALTER TABLE simulations DROP CONSTRAINT never")
            connection.execute("ALTER TABLE users RENAME COLUMN password TO p")
            try:
                login = {"email": "late@example.com", "password": "Planted-late-4711"}
                assert everywhere.call("POST", "/api/auth/login", login).status_code == 500
            finally:
                connection.execute("ALTER TABLE users RENAME COLUMN p TO password")
        log = everywhere.live.log()
        assert "CheckViolation 23514 simulations.never" in log
        assert "UndefinedColumn 42703" in log
        assert not [said for said in ("Failing row", "DETAIL", "LINE 1", "psycopg.errors") if said in log]

    def in_mails_that_go_out_and_do_not(self, everywhere, mail):
        mail.mails.clear()
        everywhere.person("mailed")
        everywhere.call("POST", "/api/auth/forgot-password", {"email": "mailed@example.com"})
        for _ in range(1200):
            if everywhere.live.log().count("mail_failed") or len(mail.mails) >= 2:
                break
            time.sleep(0.05)
        assert "mail_failed" in everywhere.live.log()  # this server takes no password, so nothing was sent

    def in_what_is_no_http(self, everywhere, mail):
        connection = HTTPConnection(everywhere.live.base.removeprefix("http://"))
        connection.putrequest("GET", "/" + "x" * 9000 + planted("address"), skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse().read().decode()
        assert not leaks.leaked(answer)
        connection.close()


STEPS = [name for name in vars(Steps) if name.startswith("in_")]


def test_secrets_planted_everywhere_are_seen_nowhere(everywhere, mail, subtests):
    for step in STEPS:
        with subtests.test(step):
            getattr(Steps(), step)(everywhere, mail)
    log = everywhere.live.log()
    assert log.count("/api/auth/login") > 5, "this is not the log"
    assert not [line for line in log.splitlines() if "planted-" in line.lower()]


@pytest.fixture(scope="module", params=["production", pytest.param("development", marks=pytest.mark.operations)])
def logged(request):
    """What a process logs of a failure, and of a request with an odd path."""
    script = f"""
import sys, structlog
from rplay.config import load
from rplay.runtime import logs
logs.install(load({{"NODE_ENV": "{request.param}", "LOG_LEVEL": "debug"}}))
def login(password):
    body = {{"password": password}}
    raise ValueError("no luck")
try:
    login("".join(["planted", "-local-", "4711"]))
except ValueError:
    structlog.get_logger().exception("request_failed")
print("=" * 9, file=sys.stderr)
structlog.get_logger().info("request", path="/a\\nforged\\x1b[2J\\u2028line", status=404)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stderr.split("=" * 9 + "\n")


class TestOneProcess:
    def test_a_driver_error_keeps_its_kind_only(self, database):
        with pytest.raises(DatabaseError) as caught:
            db.execute("INSERT INTO users (name, email) VALUES (%(name)s, 'x')", name=planted("row"))
        assert str(caught.value) == "NotNullViolation 23502 users.password"
        assert caught.value.__cause__ is None

    def test_a_traceback_shows_no_values(self, logged):
        assert "no luck" in logged[0]
        assert "planted-local-4711" not in logged[0]

    def test_nobody_writes_lines_of_their_own_into_the_log(self, logged):
        assert logged[1].count("\n") == 1
        assert "forged" in logged[1]
        assert "\x1b" not in logged[1]

    @pytest.mark.parametrize("name", ["REDIS_URL", "OPENAI_BASE_URL", "TTS_BASE_URL", "AZURE_AI_PROJECT_ENDPOINT"])
    def test_a_setting_that_is_refused_shows_no_password(self, name):
        with pytest.raises(StartError) as refusal:
            config.load({name: f"wrong://user:{planted('setting')}@host:x/0"})
        assert name in str(refusal.value)
        assert not leaks.leaked(str(refusal.value))

    def test_settings_print_no_secret(self):
        secret = planted("printed")
        names = ("openai_api_key", "tts_api_key", "azure_ai_api_key", "email_password", "database_url")
        settings = settings_for(**dict.fromkeys(names, secret))
        assert secret not in repr(settings) + str(settings) + json.dumps(settings.model_dump(mode="json"))


TRIES = 200
# The chance that the slower of two answers is of an account that exists: ½ when the clock tells nothing, with a standard
# deviation of 0.04 over 200 tries. Six of them off happens once in a billion runs.
NOISE = 0.25


def told_by_the_clock(try_, pause=lambda: None, clock=time.process_time):
    """How much likelier than not the time of an answer tells that there is such an account: 0 to ½.

    The clock is the processor's: a stopwatch on a machine that does nothing else. In no order, as what a try leaves to be
    done makes the next one slower.
    """
    tries = [True, False] * (TRIES // 2)
    random.Random(4711).shuffle(tries)
    times = {True: [], False: []}
    for exists in [True, False, *tries]:
        pause()
        start = clock()
        try_(exists)
        times[exists].append(clock() - start)
    pairs = [known > unknown for known in times[True][1:] for unknown in times[False][1:]]  # the first ones warm up
    return abs(sum(pairs) / len(pairs) - 0.5)


class TestTheClock:
    @pytest.fixture
    def known(self, person, app):
        """An address with an account, whose password costs what new ones do."""
        email = person("Known").email
        db.execute(
            "UPDATE users SET password = %(hash)s WHERE email = %(email)s",
            hash=security.hash_password(PASSWORD, 6),
            email=email,
        )
        accounts._usual_cost.cache_clear()
        return email

    @pytest.fixture
    def login(self, anyone, known):
        def login(exists):
            body = {"email": known if exists else "nobody@example.com", "password": "Wr0ngPassword"}
            assert anyone.post("/api/auth/login", json=body).status_code == 401

        return login

    @pytest.fixture
    def forgot(self, anyone, known):
        def forgot(exists):
            body = {"email": known if exists else "nobody@example.com"}
            assert anyone.post("/api/auth/forgot-password", json=body).status_code == 200

        return forgot

    def test_login_takes_as_long_for_an_unknown_account(self, login):
        assert told_by_the_clock(login) < NOISE

    @pytest.mark.practice
    @pytest.mark.parametrize("cost", [4, 7])
    def test_login_takes_as_long_where_hashes_cost_something_else_than_new_ones(self, login, cost):
        db.execute("UPDATE users SET password = %(hash)s", hash=security.hash_password(PASSWORD, cost))
        accounts._usual_cost.cache_clear()
        assert told_by_the_clock(login) < NOISE

    @pytest.mark.practice
    def test_login_takes_as_long_for_an_account_without_a_usable_password(self, login, known):
        db.execute("UPDATE users SET password = 'clear text' WHERE email = %(email)s", email=known)
        assert told_by_the_clock(login) < NOISE

    @pytest.mark.practice
    def test_without_the_hash_of_nobody_it_would_tell(self, login, monkeypatch):
        def careless(password, hashed, _cost):
            return hashed is not None and bcrypt.checkpw(password.encode(), hashed.encode())

        monkeypatch.setattr(security, "password_matches", careless)
        assert told_by_the_clock(login) > NOISE

    @pytest.mark.practice
    def test_forgot_password_takes_as_long_for_an_unknown_account(self, background_done, forgot):
        assert told_by_the_clock(forgot, background_done, time.thread_time) < NOISE

    @pytest.mark.practice
    def test_done_before_the_answer_it_would_tell(self, forgot, monkeypatch):
        monkeypatch.setattr(background, "run", lambda name, work, *args: work(*args))
        assert told_by_the_clock(forgot, clock=time.thread_time) > NOISE
