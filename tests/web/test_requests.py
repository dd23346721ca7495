"""What holds for every request: bodies, ids, CORS, errors."""

import io
import re
from datetime import datetime, timedelta, timezone

import pytest

from rplay import db
from rplay.errors import TooMany
from rplay.web.json import timestamp
from rplay.web.limits import Counters, Limits
from tests.conftest import error, settings_for
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

    def test_answer_429_with_the_time_to_wait(self, app, anyone, monkeypatch):
        limited = Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=2))
        monkeypatch.setattr(app.extensions["rplay"], "limits", limited)
        answers = [anyone.get("/api") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert error(answers[2]) == (429, "Too many requests")
        assert int(answers[2].headers["Retry-After"]) > 0
        assert anyone.get("/health").status_code == 200
