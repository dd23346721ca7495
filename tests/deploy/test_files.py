"""What lies in deploy/ fits together and passes its own checkers."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from rplay.config import Settings
from tests.live import ROOT
from tests.programs import program

DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
NGINX = (DEPLOY / "nginx/rplay.conf.template").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
UNITS = sorted((DEPLOY / "systemd").iterdir())


def checked(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_hadolint_finds_nothing_in_the_dockerfile():
    checked(BIN / "hadolint", DEPLOY / "Dockerfile")


def test_systemd_finds_nothing_in_the_units(tmp_path):
    analyze = program("systemd-analyze")
    for unit in UNITS:
        here = unit.read_text(encoding="utf-8").replace("/opt/rplay/.venv/bin", str(BIN))
        (tmp_path / unit.name).write_text(here)
    checked(analyze, "verify", "--man=no", *(tmp_path / unit.name for unit in UNITS))


@pytest.mark.parametrize("path", [DEPLOY / "Dockerfile", *UNITS], ids=lambda path: path.name)
def test_nothing_reports_to_its_maker(path):
    assert "ORT_DISABLE_TELEMETRY=1" in path.read_text(encoding="utf-8")


def test_the_image_and_the_ways_by_hand_bring_the_local_voice():
    places = [DEPLOY / "Dockerfile", ROOT / "docs/deployment.md"]
    installs = [line for path in places for line in re.findall(r"uv sync .*", path.read_text(encoding="utf-8"))]
    assert len(installs) == 5
    assert all("--no-dev" in line and "--extra voice" in line for line in installs)


def test_what_is_copied_into_the_image_is_there():
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for name in line.split()}
    sent = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.parametrize("name", ["app-a", "app-b", "upgrade"])
def test_compose_sets_what_the_server_knows(name):
    known = {field.upper() for field in Settings.model_fields}
    assert {key.removesuffix("_FILE") for key in COMPOSE["services"][name]["environment"]} <= known


def test_nginx_finds_the_servers_of_compose():
    nginx = COMPOSE["services"]["nginx"]["environment"]
    for route in "ab":
        app = COMPOSE["services"][f"app-{route}"]
        assert app["environment"]["SOCKET_ROUTE"] == route
        assert nginx[f"SERVER_{route.upper()}"] == f"{app['networks']['default']['ipv4_address']}:3001"
        assert rf"~^{route}\.   rplay_{route};" in NGINX
    assert set(re.findall(r"\$\{(\w+)\}", NGINX)) == {"LISTEN", "SERVER_A", "SERVER_B"}
    assert set(nginx) == {"LISTEN", "SERVER_A", "SERVER_B"}


def test_nginx_takes_what_the_server_takes():
    assert f"client_max_body_size {Settings().body_limit_large_kb // 1024}m;" in NGINX


def test_nginx_lets_as_many_connections_of_an_address_in_as_the_server():
    assert f"limit_conn rplay_addresses {Settings().connections_per_address};" in NGINX
