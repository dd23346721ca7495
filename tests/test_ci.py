"""What CI runs, with programs in place of make and apt that only write down what they are given."""

import os
import shutil
import subprocess

import pytest

from tests.live import ROOT

KEPT = {
    "https_proxy": "http://proxy.example:3128",
    "NO_PROXY": "localhost",
    "PIP_INDEX_URL": "https://pypi.example/simple",
    "UV_INDEX_URL": "https://pypi.example/simple",
    "npm_config_registry": "https://npm.example",
    "SSL_CERT_FILE": "/etc/one.pem",
    "SSL_CERT_DIR": "/etc/ssl",
    "REQUESTS_CA_BUNDLE": "/etc/two.pem",
    "NODE_EXTRA_CA_CERTS": "/etc/three.pem",
}
HIDING = {"PYTHONUNBUFFERED": "1", "DATABASE_URL": "postgresql://somewhere", "NODE_ENV": "production", "LANG": "de_DE"}


@pytest.fixture
def folder(tmp_path):
    for name in (".ci", "deploy", "bin"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    for program in ("bin/make", "deploy/test-packages"):
        (tmp_path / program).write_text('#!/bin/sh\necho "$0 $*" >>ran\nenv >environment\n')
        (tmp_path / program).chmod(0o755)
    return tmp_path


def run(folder, **environment):
    path = f"{folder}/bin:{os.environ['PATH']}"
    subprocess.run([folder / ".ci/run"], env={"PATH": path, "HOME": "/somebody", **environment}, check=True)
    lines = (folder / "environment").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith(("_=", "PWD=", "SHLVL=", "OLDPWD=")))


def test_only_what_reaches_registries_comes_through(folder):
    seen = run(folder, **KEPT, **HIDING)
    assert seen.pop("HOME") not in {"/somebody", os.environ.get("HOME")}
    assert seen.pop("PATH").startswith(f"{folder}/bin")
    assert seen == {**KEPT, "LANG": "C.UTF-8", "CI": "true"}


def test_the_programs_for_tests_come_before_the_tests(folder):
    run(folder)
    words = [line.rpartition("/")[2] for line in (folder / "ran").read_text().splitlines()]
    assert words == [
        "test-packages ",
        "make test",
        "make operations",
        "make practice",
        "make models",
        "make browser",
        "make description",
        "make lint",
        "make types",
    ]
