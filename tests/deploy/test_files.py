"""What lies in deploy/ fits together and passes its own checkers."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from rplay.commands.data import data
from rplay.commands.db import db
from rplay.config import Settings
from tests.live import ROOT
from tests.programs import program

DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
NGINX = (DEPLOY / "nginx/rplay.conf.template").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
BACKUP_UNIT = (DEPLOY / "systemd/rplay-backup.service").read_text(encoding="utf-8")


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


@pytest.mark.parametrize(
    "path", [DEPLOY / "Dockerfile", *(unit for unit in UNITS if unit.suffix == ".service")], ids=lambda path: path.name
)
def test_nothing_reports_to_its_maker(path):
    assert "ORT_DISABLE_TELEMETRY=1" in path.read_text(encoding="utf-8")


def test_the_image_and_the_ways_by_hand_bring_the_local_voice():
    places = [DEPLOY / "Dockerfile", ROOT / "docs/deployment.md"]
    installs = [line for path in places for line in re.findall(r"uv sync .*", path.read_text(encoding="utf-8"))]
    assert len(installs) == 6
    assert all("--no-dev" in line and "--extra voice" in line for line in installs)


def test_what_is_copied_into_the_image_is_there():
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for name in line.split()}
    sent = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_is_of_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert COMPOSE["services"]["app-a"]["image"] == f"rplay:${{RPLAY_VERSION:-{version}}}"
    assert f"ARG VERSION={version}\n" in DOCKERFILE
    assert f"-t rplay:{version} " in DOCKERFILE


def test_the_image_can_back_up_the_database_of_compose():
    server = COMPOSE["services"]["postgres"]["image"].removeprefix("postgres:")
    assert f"ARG POSTGRES={server}\n" in DOCKERFILE
    assert '"postgresql-client-${POSTGRES}"' in DOCKERFILE


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_no_log_of_compose_fills_the_disk(name):
    assert COMPOSE["services"][name]["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize(
    "text", [COMPOSE["services"]["backup"]["command"][-1], BACKUP_UNIT], ids=["compose", "systemd"]
)
def test_a_backup_is_started_as_the_commands_want_it(text):
    commands = re.findall(r"rplay (db|data) (backup|export) (.*?)(?: &&|'?$)", text, re.MULTILINE)
    assert [(group, name) for group, name, _ in commands] == [("db", "backup"), ("data", "export")]
    given = {}
    for group, name, words in commands:
        command = {"db": db, "data": data}[group].commands[name]
        with command.make_context(name, shlex.split(words)) as context:
            given[name] = context.params
    assert given["backup"]["keep"] == 14
    assert str(given["export"]["folder"]).startswith(f"{given['backup']['folder']}/data-")
    assert given["export"]["force"]


@pytest.mark.parametrize("name", ["app-a", "app-b", "upgrade", "backup"])
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
