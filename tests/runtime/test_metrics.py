"""What is counted, who may see it, and that the dashboard asks for what exists."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from structlog.testing import capture_logs

from rplay import create_app
from rplay.config import load
from rplay.errors import TooMany
from rplay.server import gauges
from rplay.web.limits import Limits
from tests.conftest import error, settings_for
from tests.live import UNASKED_VOICE, live_server
from tests.tts.running import Listener, eventually

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "rplay.json"
PUBLIC, PRIVATE = {"REMOTE_ADDR": "203.0.113.5"}, {"REMOTE_ADDR": "10.1.2.3"}
KEY = "metrics-key"


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


class TestWhoMaySee:
    @pytest.fixture
    def client(self, data_dir):
        return lambda **given: create_app(settings_for(data_dir=data_dir, **given)).test_client()

    def test_by_default_this_machine_only(self, client):
        near = client()
        assert near.get("/metrics").status_code == 200
        assert error(near.get("/metrics", environ_base=PUBLIC)) == (403, "Not authorized to read the metrics")
        assert near.get("/metrics", environ_base=PRIVATE).status_code == 403

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
    def test_nobody_through_a_proxy_on_this_machine_that_nobody_told_us_of(self, client, header):
        assert client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 403

    def test_whom_a_trusted_proxy_names(self, client):
        behind = client(trusted_proxies=1)
        assert behind.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 403
        assert behind.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1, 203.0.113.5"}).status_code == 403
        assert behind.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5, 127.0.0.1"}).status_code == 200

    def test_a_network_that_is_allowed(self, client):
        inside = client(metrics_networks=load({"METRICS_NETWORKS": "10.0.0.0/8"}).metrics_networks)
        assert inside.get("/metrics", environ_base=PRIVATE).status_code == 200
        assert inside.get("/metrics").status_code == 403

    @pytest.mark.parametrize(
        ("given", "status"), [(f"Bearer {KEY}", 200), ("Bearer wrong", 403), (KEY, 403), ("Bearer ", 403)]
    )
    def test_whoever_has_the_key(self, client, given, status):
        guarded = client(metrics_key=SecretStr(KEY))
        answer = guarded.get("/metrics", headers={"Authorization": given}, environ_base=PUBLIC)
        assert answer.status_code == status

    def test_without_a_key_an_empty_one_opens_nothing(self, client):
        answer = client().get("/metrics", headers={"Authorization": "Bearer "}, environ_base=PUBLIC)
        assert answer.status_code == 403


class TestRequests:
    def test_are_counted_by_route_not_by_path(self, anyone):
        labels = {"method": "GET", "route": "/api/simulation/<simulation_id>"}
        before = value("rplay_requests_total", **labels, status="401")
        for number in range(3):
            anyone.get(f"/api/simulation/{number}")
        assert value("rplay_requests_total", **labels, status="401") == before + 3
        assert value("rplay_request_seconds_count", **labels) >= 3

    def test_of_no_route_are_one_series(self, anyone):
        before = value("rplay_requests_total", method="any", route="none", status="404")
        for path in ("/a", "/b"):
            anyone.get(path)
        assert value("rplay_requests_total", method="any", route="none", status="404") == before + 2

    def test_refused_are_counted_by_limit(self):
        limits = Limits(settings_for(rate_limit_enabled=True, rate_limit_max_requests=1))
        before = value("rplay_rate_limit_refusals_total", limit="request")
        limits.count_request("10.0.0.1")
        with pytest.raises(TooMany):
            limits.count_request("10.0.0.1")
        assert value("rplay_rate_limit_refusals_total", limit="request") == before + 1

    def test_that_are_slow_are_told(self, data_dir, database, monkeypatch):
        now = [0.0]
        monkeypatch.setattr("rplay.web.requests.time", SimpleNamespace(perf_counter=lambda: now[0]))
        monkeypatch.setattr("rplay.blueprints.health.version", lambda _: now.append(now.pop() + 0.6) or "1")
        client = create_app(settings_for(data_dir=data_dir, slow_request_seconds=0.5)).test_client()
        with capture_logs() as logs:
            client.get("/api")
            client.get("/health")
        slow = [line for line in logs if line["event"] == "slow_request"]
        assert [(line["method"], line["route"]) for line in slow] == [("GET", "/api")]
        assert slow[0]["ms"] == 600


def test_a_look_around_sets_the_gauges(app):
    gauges.look(app.extensions["rplay"])
    assert value("rplay_db_connections", state="idle") + value("rplay_db_connections", state="busy") > 0
    assert REGISTRY.get_sample_value("rplay_db_waiting") == 0
    assert value("rplay_ai_breaker", provider="local", agent="evaluation") == 0
    assert REGISTRY.get_sample_value("rplay_redis_up", {"server": "redis"}) is None


def test_two_workers_tell_their_sum(new_database, tmp_path):
    with live_server(new_database(), tmp_path, WEB_CONCURRENCY="2", **UNASKED_VOICE) as server:
        for _ in range(40):  # a new connection each, which either worker takes
            assert server.call("GET", "/api").status_code == 200

        def told():
            families = text_string_to_metric_families(server.call("GET", "/metrics").text)
            return {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}

        assert told()["rplay_requests_total", "/api", "200", "GET"] == 40
        # What a worker measures by itself is there a second after its start.
        eventually(lambda: told().get(("rplay_db_connections", "idle"), 0) >= 2)
        eventually(lambda: told().get(("rplay_hub_delay_seconds_count",), 0) > 0)
        with Listener(server) as listener:
            assert listener.heard
            eventually(lambda: told().get(("rplay_speech_connections",)) == 1)
        eventually(lambda: told().get(("rplay_speech_connections",)) == 0)


def test_the_dashboard_asks_for_what_exists():
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = {
        name
        for panel in board["panels"]
        for target in panel.get("targets", [])
        for name in re.findall(r"rplay_\w+", target["expr"])
    }
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    ours = [family for family in REGISTRY.collect() if family.name.startswith("rplay_")]
    there = {family.name + suffix for family in ours for suffix in suffixes[family.type]}
    assert asked <= there
    unseen = {
        family.name for family in ours if not any(family.name + suffix in asked for suffix in suffixes[family.type])
    }
    assert unseen == set()
