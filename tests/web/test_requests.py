"""What holds for every request: bodies, ids, CORS, errors."""

import io
import re
from datetime import datetime, timedelta, timezone

import pytest
from limits import parse

from rplay import create_app, db
from rplay.errors import TooMany
from rplay.runtime.json import timestamp
from rplay.web.limits import TABLE, Counters, Limits
from rplay.web.probes import Probes
from rplay.web.views import declared
from tests.conftest import PASSWORD, error, settings_for, swap_parts
from tests.test_access import routes as every_route

LOGIN = "/api/auth/login"
MISSING = (400, "Missing required fields: email, password")
ORIGIN, FOREIGN = "http://localhost:3000", "http://evil.example"
PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization,content-type"}


class TestBody:
    @pytest.mark.parametrize(
        ("raw", "refusal"),
        [
            (b"{bad json", (400, "Invalid JSON in request body")),
            (b'{"email":"a@b.co"} x', (400, "Invalid JSON in request body")),
            (b'{"email":NaN}', (400, "Invalid JSON in request body")),
            (b'{"email":"\xff\xfe"}', (400, "Invalid JSON in request body")),
            (b'{"email":' + b"[" * 50_000 + b"]" * 50_000 + b"}", (400, "Invalid JSON in request body")),
            (
                b'{"email":"\\ud800",' + b'"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
                (400, "Invalid JSON in request body"),
            ),
            (b'"text"', (400, "Request body must be a JSON object")),
            (b"[]", (400, "Request body must be a JSON object")),
            (b"null", (400, "Request body must be a JSON object")),
            (b"", MISSING),
            (b"{}", MISSING),
        ],
    )
    def test_is_a_json_object(self, anyone, raw, refusal):
        assert error(anyone.post(LOGIN, data=raw, content_type="application/json")) == refusal

    @pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
    def test_may_be_labelled_in_any_case(self, anyone, kind):
        assert error(anyone.post(LOGIN, data="{}", content_type=kind)) == MISSING

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""]
    )
    def test_of_another_type_is_refused_unless_it_is_empty(self, anyone, kind):
        refusal = (415, "Content-Type must be application/json")
        for raw, answer in ((b"email=a", refusal), (b"", MISSING)):
            sent = {"input_stream": io.BytesIO(raw), "content_length": len(raw), "content_type": kind}
            assert error(anyone.post(LOGIN, **sent)) == answer

    def test_over_the_limit_is_refused_where_the_limit_is(self, anyone, alice):
        refusal = (413, "Request body too large")
        large = {"email": "x" * 1_200_000, "password": "y"}
        assert error(anyone.post(LOGIN, json=large)) == refusal
        assert error(alice.patch("/api/simulation/x", large)) == (400, "Invalid simulation ID format")
        path = f"/api/simulation/{'0' * 8}-0000-4000-8000-{'0' * 12}"
        assert error(alice.patch(path, large)) == (404, "Simulation not found")
        assert error(alice.patch(path, {"x": "x" * 11_000_000})) == refusal

    def test_takes_a_number_beyond_64_bits_for_bad_input(self, alice):
        body = b'{"industry":"insurance","difficulty":1,"clientProfile":{"n":' + b"9" * 400 + b"}}"
        answer = alice.call("POST", "/api/simulation", data=body, content_type="application/json")
        assert answer.status_code in {201, 400}

    def test_is_the_same_everywhere(self, app, admin):
        """Also where none is needed; order: 413, 415, JSON, an object."""
        refusals = {
            (b"{bad", "application/json"): (400, "Invalid JSON in request body"),
            (b"[]", "application/json"): (400, "Request body must be a JSON object"),
            (b"{}", "text/plain"): (415, "Content-Type must be application/json"),
            (b'{"x":"' + b"x" * 11_000_000 + b'"}', "application/json"): (413, "Request body too large"),
        }
        recordings = "/api/speech/transcriptions"
        for _, method, view, path in every_route(app):
            if method in {"POST", "PUT", "PATCH"} and not declared(view).page and path != recordings:
                for (raw, kind), refusal in refusals.items():
                    answer = admin.call(method, path, data=raw, content_type=kind)
                    assert error(answer) == refusal, (method, path)

    @pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"9" * 400, b"NaN", b"Infinity"])
    @pytest.mark.parametrize("beside", [b"", b'"x":"\\ud800",'])
    def test_holds_no_number_beyond_all_numbers(self, alice, number, beside):
        """Half a surrogate pair beside it makes the second parser read the body."""
        made = alice.post("/api/simulation", {"industry": "insurance", "difficulty": 1}).get_json()["data"]
        body = b"{" + beside + b'"performance_review":{"overallScore":' + number + b"}}"
        answer = alice.call(
            "POST", f"/api/simulation/{made['id']}/complete", data=body, content_type="application/json"
        )
        assert error(answer)[0] == 400
        shown = alice.get(f"/api/simulation/{made['id']}").get_json()["simulation"]
        assert shown["completed_at"] is None


class TestBlank:
    """A field that is null or blank counts as not sent."""

    @pytest.mark.parametrize("blank", ["", "  \n", None])
    def test_is_no_value_where_a_field_is_optional(self, anyone, alice, blank):
        person = {"name": "Blank", "email": f"blank-{hash(blank)}@example.com", "password": "Passw0rdX"}
        user = anyone.post("/api/auth/register", json={**person, "jobRole": blank}).get_json()["data"]["user"]
        assert user["job_role"] is None
        talk = {"industry": "insurance", "difficulty": "beginner", "subcategory": blank}
        made = alice.post("/api/simulation", talk).get_json()["data"]
        assert made["subcategory"] is None
        given = {"simulationId": made["id"], "rating": 50, "feedbackType": blank, "comments": blank}
        assert alice.post("/api/feedback", given).get_json()["feedback"]["comments"] is None
        event = {"eventType": "login", "sessionId": blank, "simulationId": blank}
        assert alice.post("/api/engagement", event).get_json()["engagement"]["session_id"] is None

    @pytest.mark.parametrize("blank", ["", " ", None])
    def test_is_missing_where_a_field_is_required(self, anyone, blank):
        assert error(anyone.post(LOGIN, json={"email": blank, "password": "x"})) == MISSING


class TestQuery:
    @pytest.mark.parametrize("number", ["abc", "1.5", "0", "-1", "9" * 30, "1e3", "%00", "ten"])
    def test_names_a_number_that_is_none(self, alice, number):
        assert error(alice.get(f"/api/simulation?limit={number}")) == (400, "Invalid limit")

    @pytest.mark.parametrize("limit", ["", "%20", "1.0", "10000"])
    def test_takes_a_blank_number_for_none_sent(self, alice, limit):
        assert alice.get(f"/api/simulation?limit={limit}").status_code == 200

    def test_refuses_text_that_cannot_be_stored(self, admin):
        assert error(admin.get("/api/users?search=a%00b")) == (400, "Invalid value for search")
        assert admin.get("/api/users?search=%ff%ed%a0%80").get_json()["users"] == []


class TestTimestamp:
    @pytest.mark.parametrize(
        ("moment", "text"),
        [
            (datetime(1, 2, 3), "0001-02-03T00:00:00.000Z"),
            (datetime(2026, 1, 31, 12, 0, 0, 999_999), "2026-01-31T12:00:00.999Z"),
            (datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T10:00:00.000Z"),
        ],
    )
    def test_is_in_utc_with_milliseconds(self, moment, text):
        assert timestamp(moment) == text


class TestPath:
    @pytest.mark.parametrize("path", ["/health/", "/api/", "/api/health/db/"])
    def test_takes_a_trailing_slash_without_a_redirect(self, anyone, path):
        assert anyone.get(path).status_code == 200

    def test_unknown_is_not_found_whatever_is_sent(self, anyone):
        for answer in (
            anyone.get("/"),
            anyone.get("/api/nope"),
            anyone.post("/api/nope", data="{bad"),
            anyone.get("//health"),
        ):
            assert error(answer) == (404, "Endpoint not found")

    def test_wrong_method_names_the_right_ones(self, anyone):
        answer = anyone.post("/health")
        assert error(answer) == (405, "Method not allowed")
        assert "GET" in answer.headers["Allow"]
        assert anyone.head("/health").status_code == 200

    @pytest.mark.parametrize("path", ["/api/users/%00", "/api/%E0%A4%A", "/api/simulation/by-sim-id/%FF"])
    def test_badly_encoded_is_no_crash(self, anyone, path):
        assert anyone.get(path).status_code in {400, 401, 404}


class TestRequestId:
    def test_of_the_caller_is_kept_when_it_is_sane(self, anyone):
        assert anyone.get("/nope", headers={"X-Request-ID": "check-abc-123"}).headers["X-Request-ID"] == "check-abc-123"

    @pytest.mark.parametrize("odd", [None, "x" * 1000, "a b<script>\"'"])
    def test_is_made_otherwise(self, anyone, odd):
        answer = anyone.get("/health", headers={"X-Request-ID": odd} if odd else {})
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-ID"])


class TestCors:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/health"), ("GET", "/api/users"), ("GET", "/nope"), ("DELETE", "/health"), ("POST", LOGIN)],
    )
    def test_lets_an_own_origin_read_every_answer(self, anyone, method, path):
        headers = anyone.open(path, method=method, headers={"Origin": ORIGIN}).headers
        assert headers["Access-Control-Allow-Origin"] == ORIGIN
        assert headers["Access-Control-Allow-Credentials"] == "true"
        assert "Origin" in headers["Vary"]

    @pytest.mark.parametrize(
        "origin", [FOREIGN, ORIGIN + ".evil.example", "null", "http://localhost:30000", "http://localhostx3000"]
    )
    def test_lets_no_foreign_one(self, anyone, origin):
        answer = anyone.get("/health", headers={"Origin": origin})
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]

    @pytest.mark.parametrize("path", ["/api/users", "/api/simulation/x", "/api/nope", "/parameters"])
    def test_answers_a_preflight_for_any_path_before_any_check(self, anyone, path):
        answer = anyone.options(path, headers={"Origin": ORIGIN, **PREFLIGHT})
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == {
            "GET",
            "HEAD",
            "PUT",
            "PATCH",
            "POST",
            "DELETE",
        }
        assert {h.strip().lower() for h in answer.headers["Access-Control-Allow-Headers"].split(",")} == {
            "authorization",
            "content-type",
        }

    def test_refuses_a_foreign_preflight(self, anyone):
        answer = anyone.options("/api/users", headers={"Origin": FOREIGN, **PREFLIGHT})
        assert "Access-Control-Allow-Origin" not in answer.headers


class TestFailure:
    def test_says_nothing_of_the_inside(self, anyone, monkeypatch):
        def broken(*_: object) -> None:
            raise RuntimeError("SELECT secret FROM psycopg")

        monkeypatch.setattr("rplay.blueprints.health.respond", broken)
        anyone.application.config["PROPAGATE_EXCEPTIONS"] = False
        assert error(anyone.get("/health")) == (500, "Internal server error")

    def test_of_the_database_is_told_by_its_probe(self, anyone, monkeypatch):
        monkeypatch.setattr(db, "_pool", None)
        swap_parts(anyone.application, monkeypatch, probes=Probes())
        answer = anyone.get("/api/health/db")
        assert (answer.status_code, answer.get_json()) == (
            500,
            {"status": "error", "message": "Database connection failed"},
        )
        ready = anyone.get("/api/health/ready")
        assert (ready.status_code, ready.get_json()["checks"]["database"]) == (503, "unavailable")


class TestHealth:
    def test_tells_what_runs(self, anyone):
        body = anyone.get("/health", headers={"Authorization": "Bearer dead"}).get_json()
        assert body["status"] == "healthy"
        assert set(body) == {"status", "timestamp", "environment", "tts", "stt", "agents"}
        assert anyone.get("/api/health/db").get_json()["database"] == "postgresql"
        assert anyone.get("/api/health/ready").get_json()["checks"]["migrations"] == "ok"
        assert anyone.get("/api").get_json()["endpoints"]["tts"] == "/api/tts/stats"

    def test_shows_connections_to_admins_only(self, anyone, alice, admin):
        for caller in (anyone, alice, admin):
            assert caller.get("/api/tts/stats").get_json() == {"activeConnections": 0, "connections": []}


class TestLimits:
    @pytest.fixture
    def limits(self):
        return Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=5))

    def test_count_each_key_by_itself(self, limits):
        for _ in range(20):
            limits.count("login", "a@example.com 10.0.0.1")
        with pytest.raises(TooMany) as refused:
            limits.count("login", "a@example.com 10.0.0.1")
        assert 0 < refused.value.retry_after <= 300
        limits.count("login", "a@example.com 10.0.0.2")

    def test_count_requests_of_an_address(self, limits):
        for _ in range(5):
            limits.count_request("10.0.0.1")
        with pytest.raises(TooMany):
            limits.count_request("10.0.0.1")

    def test_forget_counters_that_are_over_without_a_thread(self):
        counters = Counters()
        first = counters.timer
        first.join()
        counters.incr("over", 0)
        counters._next_look = 0.0
        counters.incr("new", 60)
        assert set(counters.storage) == {"new"}
        assert counters.timer is first

    def test_are_off_where_the_setting_says_so(self):
        limits = Limits(settings_for(rate_limit_enabled=False, rate_limit_max_requests=1))
        for _ in range(50):
            limits.count_request("10.0.0.1")
            limits.count("reset", "10.0.0.1")
        assert {limits.speech_refusal("somebody", "10.0.0.1") for _ in range(500)} == {None}

    def test_with_tokens_that_are_none_count_for_the_address(self, app, alice, anyone, monkeypatch):
        swap_parts(app, monkeypatch, limits=Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=3)))
        tokens = [{"Authorization": f"Bearer made-up-{number}"} for number in range(4)]
        statuses = [anyone.get("/api/simulation", headers=token).status_code for token in tokens]
        assert statuses == [401] * 3 + [429]
        assert alice.get("/api/simulation").status_code == 200

    def test_of_a_user_are_their_own_at_a_shared_address(self, app, alice, bob, anyone, monkeypatch):
        swap_parts(app, monkeypatch, limits=Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=3)))
        assert [alice.get("/api/simulation").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert bob.get("/api/simulation").status_code == 200
        assert anyone.get("/api").status_code == 200

    def test_of_tokens_made_up_without_end_are_those_of_the_address(self, app, anyone, monkeypatch):
        limits = Limits(settings_for(rate_limit_enabled=True))
        limits.items["flood"] = parse("5 per minute")
        swap_parts(app, monkeypatch, limits=limits)
        tokens = [{"Authorization": f"Bearer made-up-{number}"} for number in range(6)]
        statuses = [anyone.get("/api/simulation", headers=token).status_code for token in tokens]
        assert statuses == [401] * 5 + [429]

    def test_answer_429_with_the_time_to_wait(self, app, anyone, monkeypatch):
        limited = Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=2))
        swap_parts(app, monkeypatch, limits=limited)
        answers = [anyone.get("/api") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert error(answers[2]) == (429, "Too many requests")
        assert int(answers[2].headers["Retry-After"]) > 0
        assert anyone.get("/health").status_code == 200
        assert answers[2].headers["RateLimit-Policy"] == '"request";q=2;w=900'
        assert re.fullmatch(r'"request";r=0;t=\d+', answers[2].headers["RateLimit"])
        assert "RateLimit" not in answers[0].headers


# What each limit of the table keeps, by a call that counts for it: (path, body, a field that changes each time).
LIMITED = {
    "login": ("/api/auth/login", {"email": "a@example.com", "password": "Wrong-1234"}, None),
    "login_address": ("/api/auth/login", {"password": "Wrong-1234"}, "email"),
    "register": ("/api/auth/register", {"name": "N", "password": "short"}, "email"),
    "register_account": ("/api/auth/register", {"name": "N", "email": "a@example.com", "password": "short"}, None),
    "forgot": ("/api/auth/forgot-password", {"email": "nobody@example.com"}, None),
    "forgot_account": ("/api/auth/forgot-password", {"email": "nobody@example.com"}, None),
    "login_failed": ("/api/auth/login", {"email": "nobody@example.com", "password": "Wrong-1234"}, None),
    "forgot_address": ("/api/auth/forgot-password", {}, "email"),
    "reset": ("/api/auth/reset-password", {"token": "x", "newPassword": "Passw0rdX"}, None),
    "ai_anonymous": ("/api/agents/chat/expert", {}, None),
    "anonymous": ("/api/engagement/log", {}, None),
}
SIGNED_IN = {
    "password": ("POST", "/api/auth/change-password"),
    "export": ("GET", "/api/users/{id}/export"),
    "ai": ("POST", "/api/chat/client-response"),
    "ai_address": ("POST", "/api/chat/client-response"),
    "listening": ("POST", "/api/speech/transcriptions"),
    "listening_address": ("POST", "/api/speech/transcriptions"),
    "flood": ("GET", "/api/auth/me"),
}


class TestEachLimit:
    @pytest.fixture
    def limits(self, app, monkeypatch):
        """Those in force, with all but one of them too high to matter; that one lets two calls through."""

        def only(name):
            limits = Limits(settings_for(rate_limit_enabled=True))
            limits.items = {one: parse("1000000 per hour") for one in TABLE} | {name: parse("2 per day")}
            swap_parts(app, monkeypatch, limits=limits)
            return limits

        return only

    @pytest.mark.parametrize("name", LIMITED)
    def test_without_a_session(self, limits, anyone, name):
        path, body, varied = LIMITED[name]
        limits(name)
        bodies = [body | ({varied: f"{number}@example.com"} if varied else {}) for number in range(3)]
        answers = [anyone.post(path, json=body) for body in bodies]
        assert [answer.status_code == 429 for answer in answers] == [False, False, True]
        assert f'"{name}";r=0;t=' in answers[2].headers["RateLimit"]
        assert int(answers[2].headers["Retry-After"]) > 0

    @pytest.mark.parametrize("name", SIGNED_IN)
    def test_of_somebody_signed_in(self, limits, alice, name):
        limits(name)
        method, path = SIGNED_IN[name]
        statuses = [alice.call(method, path.format(id=alice.id)).status_code for _ in range(3)]
        assert [status == 429 for status in statuses] == [False, False, True]

    def test_of_speech(self, limits):
        assert limits("speech").connection_refusal("10.0.0.1", 499) is None
        assert limits("speech").connection_refusal("10.0.0.1", 500) == "Too many connections"
        for name, call in {
            "speech": lambda one: one.connection_refusal("10.0.0.1", 0),
            "speech_text": lambda one: one.speech_refusal("alice", "10.0.0.1"),
            "speech_address": lambda one: one.speech_refusal("alice", "10.0.0.1"),
        }.items():
            counting = limits(name)
            assert [call(counting) for _ in range(3)] == [None, None, "Too many requests"]
        sockets = limits("socket")
        for _ in range(2):
            sockets.count_socket("10.0.0.1")
        with pytest.raises(TooMany):
            sockets.count_socket("10.0.0.1")

    def test_has_its_test(self):
        assert LIMITED.keys() | SIGNED_IN.keys() | {"speech", "speech_text", "speech_address", "socket"} == TABLE.keys()

    def test_tells_how_much_is_left(self, limits, anyone):
        limits("login")
        wrong = {"email": "left@example.com", "password": "Wrong-1234"}
        answer = anyone.post("/api/auth/login", json=wrong)
        assert answer.headers["RateLimit-Policy"] == '"login_address";q=1000000;w=3600, "login";q=2;w=86400'
        assert re.fullmatch(r'"login_address";r=999999;t=\d+, "login";r=1;t=\d+', answer.headers["RateLimit"])

    def test_of_a_guesser_does_not_lock_the_owner_out(self, limits, anyone, person):
        limits("login")
        owner = person("Owner")
        wrong, right = ({"email": owner.email, "password": word} for word in ("Wrong-1234", PASSWORD))
        guesser = {"REMOTE_ADDR": "203.0.113.5"}
        statuses = [anyone.post("/api/auth/login", json=wrong, environ_base=guesser).status_code for _ in range(3)]
        assert statuses == [401, 401, 429]
        assert anyone.post("/api/auth/login", json=right).status_code == 200

    def test_lets_200_learners_share_an_address(self, app, monkeypatch):
        """A minute in which each makes 25 calls with a session, 40 without one, 8 to an AI, and has 10 texts spoken."""
        limits = Limits(settings_for(rate_limit_enabled=True))
        for number in range(200):
            who = f"learner-{number}"
            assert limits.connection_refusal("10.0.0.1", number) is None
            limits.count("login", f"{who} 10.0.0.1")
            limits.count("login_address", "10.0.0.1")
            for _ in range(25):
                limits.count_flood("10.0.0.1")
                limits.count_request(who)
            for _ in range(40):
                limits.count("anonymous", "10.0.0.1")
            for _ in range(8):
                limits.count("ai", who)
                limits.count("ai_address", "10.0.0.1")
                limits.count("ai_anonymous", "10.0.0.1")
            for _ in range(10):
                assert limits.speech_refusal(who, "10.0.0.1") is None


def tries(client, email, address, password="Wrong-1234", times=1):
    """The statuses of so many logins from this address."""
    body = {"email": email, "password": password}
    origin = {"REMOTE_ADDR": address}
    return [client.post("/api/auth/login", json=body, environ_base=origin).status_code for _ in range(times)]


class TestGuessing:
    @pytest.fixture
    def limits(self, app, monkeypatch):
        """With fewer failed logins of an account, and as many requests as it takes."""
        limits = Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=1_000_000))
        limits.items["login_failed"] = parse("30 per hour")
        swap_parts(app, monkeypatch, limits=limits)
        return limits

    def test_from_many_addresses_of_one_customer_is_guessing_from_one(self, limits, anyone):
        found = [tries(anyone, "v6@example.com", f"2001:db8:0:7::{number:x}")[0] for number in range(1, 23)]
        assert found == [401] * 20 + [429] * 2
        assert tries(anyone, "v6@example.com", "2001:DB8:0:7:0:0:0:AAAA") == [429]
        assert tries(anyone, "v6@example.com", "2001:db8:0:8::1") == [401]

    def test_from_anywhere_ends_with_what_the_account_has(self, limits, anyone, person):
        owner = person("Owner of much guessed")  # who signed in from 127.0.0.1
        found = [tries(anyone, owner.email, f"198.51.100.{number}")[0] for number in range(31)]
        assert found == [401] * 30 + [429]
        assert tries(anyone, owner.email, "198.51.100.200", PASSWORD) == [429]
        assert tries(anyone, owner.email, "127.0.0.1", PASSWORD) == [200]
        assert tries(anyone, owner.email, "127.0.0.1") == [401]

    def test_at_an_account_that_is_none_says_the_same(self, limits, anyone):
        found = [tries(anyone, "is-none@example.com", f"198.51.100.{number}")[0] for number in range(31)]
        assert found == [401] * 30 + [429]

    def test_forgets_an_address_after_a_month(self, limits, anyone, person):
        owner = person("Owner of long ago")
        db.execute("UPDATE sign_ins SET at = at - interval '31 days' WHERE user_id = %(id)s", id=owner.id)
        for number in range(30):
            tries(anyone, owner.email, f"198.51.100.{number}")
        assert tries(anyone, owner.email, "127.0.0.1", PASSWORD) == [429]

    def test_does_not_get_more_tries_by_another_spelling(self, limits, anyone, person):
        """PostgreSQL's lower case of a capital dotted I is an i in some locales; nobody is found by it."""
        owner = person("Victim", email="victim@example.com")
        assert tries(anyone, owner.email, "203.0.113.1", times=20) == [401] * 20
        for spelling in ("V\u0130CTIM@example.com", "v\u0130ct\u0130m@example.com"):
            assert tries(anyone, spelling, "203.0.113.1", PASSWORD) == [401]
        assert tries(anyone, " VICTIM@Example.com ", "203.0.113.1") == [429]

    def test_at_made_up_accounts_leaves_no_counters(self, limits, anyone):
        limits.items["login_address"] = parse("3 per hour")
        for number in range(3):
            tries(anyone, f"real{number}@example.com", "203.0.113.2")
        before = counters(limits)
        assert [tries(anyone, f"made-up{number}@example.com", "203.0.113.2") for number in range(9)] == [[429]] * 9
        assert counters(limits) == before

    def test_at_one_account_does_not_use_up_the_address(self, limits, anyone):
        limits.items["login_address"] = parse("22 per hour")
        assert tries(anyone, "stubborn@example.com", "203.0.113.3", times=40)[-1] == 429
        assert tries(anyone, "neighbour@example.com", "203.0.113.3") == [401]


def counters(limits):
    return {name for name in limits._ours.storage.storage if "request" not in name}


class TestForgotten:
    def test_passwords_of_one_account_are_not_used_up_by_another_address(self, app, anyone, monkeypatch):
        limits = Limits(settings_for(rate_limit_enabled=True))
        swap_parts(app, monkeypatch, limits=limits)

        def ask(address):
            return anyone.post(
                "/api/auth/forgot-password", json={"email": "owner@example.com"}, environ_base={"REMOTE_ADDR": address}
            ).status_code

        assert [ask("203.0.113.4") for _ in range(6)] == [200] * 5 + [429]
        assert ask("127.0.0.1") == 200
        statuses = [ask(f"198.51.100.{number // 5}") for number in range(20)]
        assert statuses == [200] * 14 + [429] * 6


class TestTokensWhereNobodyLooks:
    """On public routes, and where there is no route."""

    PATHS = ("/api", "/api/docs", "/api/auth/check", "/api/competencies", "/api/nope", "/api/tts/stats")

    @pytest.fixture(autouse=True)
    def limits(self, app, monkeypatch):
        limits = Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=3))
        swap_parts(app, monkeypatch, limits=limits)

    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize(
        "sent", [{"Authorization": "x"}, {"Authorization": "Bearer made-up"}, {"Cookie": "session_token=x"}]
    )
    def test_that_are_none_count_for_the_address(self, anyone, path, sent):
        statuses = [anyone.get(path, headers=sent).status_code for _ in range(4)]
        assert statuses[:3] == [statuses[0]] * 3
        assert [status == 429 for status in statuses] == [False] * 3 + [True]

    @pytest.mark.parametrize("path", PATHS)
    def test_that_live_count_for_the_user(self, anyone, person, path):
        somebody = person("Reader")
        [anyone.get("/api") for _ in range(4)]
        statuses = [somebody.get(path).status_code for _ in range(4)]
        assert [status == 429 for status in statuses] == [False] * 3 + [True]

    def test_that_were_live_a_moment_ago_are_not_looked_up_again(self, alice, monkeypatch):
        assert alice.get("/api/auth/me").status_code == 200
        monkeypatch.setattr(db, "_pool", None)
        assert [alice.get("/api").status_code for _ in range(3)] == [200, 200, 429]

    def test_that_were_none_are_looked_up_once_they_are_live(self, anyone, alice):
        token = {"Authorization": "Bearer made-up"}
        assert [anyone.get("/api", headers=token).status_code for _ in range(4)] == [200] * 3 + [429]
        assert [alice.get("/api").status_code for _ in range(4)] == [200] * 3 + [429]

    def test_of_a_session_that_has_ended_let_nobody_in(self, person):
        gone = person("Gone")
        assert gone.get("/api").status_code == 200
        assert gone.post("/api/auth/logout").status_code == 200
        assert gone.get("/api/auth/me").status_code == 401
        assert gone.get("/api/auth/check").get_json()["authenticated"] is False

    def test_are_no_obstacle_where_the_database_is_away(self, anyone, monkeypatch):
        monkeypatch.setattr(db, "_pool", None)
        statuses = [anyone.get("/api", headers={"Authorization": "Bearer x"}).status_code for _ in range(4)]
        assert statuses == [200] * 3 + [429]


class TestSecurityHeaders:
    @pytest.mark.parametrize("path", ["/health", "/api", "/api/nope", "/api/auth/me", "/api/competencies"])
    def test_are_on_every_answer(self, anyone, path):
        headers = anyone.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"

    def test_of_the_page_allow_its_own_style_and_no_script(self, anyone):
        answer = anyone.get("/api/docs")
        assert "style-src 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.text
        assert "no-store" not in answer.headers.get("Cache-Control", "")

    def test_of_https_only_where_a_proxy_in_front_says_so(self, anyone, data_dir):
        https = {"X-Forwarded-Proto": "https"}
        assert "Strict-Transport-Security" not in anyone.get("/api", headers=https).headers
        behind = create_app(settings_for(data_dir=data_dir, trusted_proxies=1)).test_client()
        assert behind.get("/api", headers=https).headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Strict-Transport-Security" not in behind.get("/api").headers
