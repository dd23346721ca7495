"""What holds for every request: bodies, ids, CORS, errors."""

import io
import re
from datetime import datetime, timedelta, timezone

import pytest
from limits import parse

from rplay import create_app, db
from rplay.errors import TooMany
from rplay.web.json import timestamp
from rplay.web.limits import CONNECTIONS, TABLE, Counters, Limits
from tests.conftest import PASSWORD, error, settings_for
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
        for _, method, _, path in every_route(app):
            if method in {"POST", "PUT", "PATCH"}:
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
        assert set(body) == {"status", "timestamp", "environment", "tts", "agents"}
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

    def test_with_tokens_that_are_none_count_for_the_address(self, app, alice, anyone, monkeypatch):
        monkeypatch.setattr(
            app.extensions["rplay"], "limits", Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=3))
        )
        tokens = [{"Authorization": f"Bearer made-up-{number}"} for number in range(4)]
        statuses = [anyone.get("/api/simulation", headers=token).status_code for token in tokens]
        assert statuses == [401] * 3 + [429]
        assert alice.get("/api/simulation").status_code == 200

    def test_of_a_user_are_their_own_at_a_shared_address(self, app, alice, bob, anyone, monkeypatch):
        monkeypatch.setattr(
            app.extensions["rplay"], "limits", Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=3))
        )
        assert [alice.get("/api/simulation").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert bob.get("/api/simulation").status_code == 200
        assert anyone.get("/api").status_code == 200

    def test_of_tokens_made_up_without_end_are_those_of_the_address(self, app, anyone, monkeypatch):
        limits = Limits(settings_for(rate_limit_enabled=True))
        limits.items["flood"] = parse("5 per minute")
        monkeypatch.setattr(app.extensions["rplay"], "limits", limits)
        tokens = [{"Authorization": f"Bearer made-up-{number}"} for number in range(6)]
        statuses = [anyone.get("/api/simulation", headers=token).status_code for token in tokens]
        assert statuses == [401] * 5 + [429]

    def test_answer_429_with_the_time_to_wait(self, app, anyone, monkeypatch):
        limited = Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=2))
        monkeypatch.setattr(app.extensions["rplay"], "limits", limited)
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
    "flood": ("GET", "/api/auth/me"),
}


class TestEachLimit:
    @pytest.fixture
    def limits(self, app, monkeypatch):
        """Those in force, with all but one of them too high to matter; that one lets two calls through."""

        def only(name):
            limits = Limits(settings_for(rate_limit_enabled=True))
            limits.items = {one: parse("1000000 per hour") for one in TABLE} | {name: parse("2 per minute")}
            monkeypatch.setattr(app.extensions["rplay"], "limits", limits)
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
        assert limits("speech").connection_refusal("10.0.0.1", CONNECTIONS - 1) is None
        assert limits("speech").connection_refusal("10.0.0.1", CONNECTIONS) == "Too many connections"
        for name, call in {
            "speech": lambda one: one.connection_refusal("10.0.0.1", 0),
            "speech_text": lambda one: one.speech_refusal("alice", "10.0.0.1"),
            "speech_address": lambda one: one.speech_refusal("alice", "10.0.0.1"),
        }.items():
            counting = limits(name)
            assert [call(counting) for _ in range(3)] == [None, None, "Too many requests"]

    def test_has_its_test(self):
        assert LIMITED.keys() | SIGNED_IN.keys() | {"speech", "speech_text", "speech_address"} == TABLE.keys()

    def test_tells_how_much_is_left(self, limits, anyone):
        limits("login")
        wrong = {"email": "left@example.com", "password": "Wrong-1234"}
        answer = anyone.post("/api/auth/login", json=wrong)
        assert answer.headers["RateLimit-Policy"] == '"login";q=2;w=60, "login_address";q=1000000;w=3600'
        assert re.fullmatch(r'"login";r=1;t=\d+, "login_address";r=999999;t=\d+', answer.headers["RateLimit"])

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
