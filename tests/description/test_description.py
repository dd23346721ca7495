"""The descriptions of API and socket, as tools read them: clean, and clients made from them work. `make description`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.live import Live, live_server

pytestmark = [pytest.mark.description, pytest.mark.timeout(400)]

TOOLS = Path(__file__).parents[2] / ".ci" / "description"
SCRIPT = Path(__file__).with_name("main_job.ts")
COMPILED = {
    "compilerOptions": {
        "strict": True,
        "exactOptionalPropertyTypes": False,
        "target": "es2022",
        "module": "nodenext",
        "types": [],
        "lib": ["es2022", "dom"],
        "skipLibCheck": True,
    },
    "files": ["main_job.ts", "node.d.ts"],
}
NODE = "declare const process: { argv: string[] };\n"


@pytest.fixture(scope="module")
def server(database: str, data_dir: Path) -> Iterator[Live]:
    with live_server(database, data_dir) as server:
        yield server


@pytest.fixture(scope="module")
def api(server: Live) -> dict[str, Any]:
    found: dict[str, Any] = server.call("GET", "/api/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def folder(server: Live, api: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both documents, and the tools from npm that read them."""
    folder = tmp_path_factory.mktemp("description")
    for name in ("package.json", "package-lock.json", "redocly.yaml"):
        (folder / name).write_bytes((TOOLS / name).read_bytes())
    (folder / "openapi.json").write_text(json.dumps(api), encoding="utf-8")
    (folder / "asyncapi.json").write_text(server.call("GET", "/api/asyncapi.json").text, encoding="utf-8")
    run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    return folder


def run(folder: Path, *words: str) -> str:
    """What it says; it must succeed."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "REDOCLY_TELEMETRY": "off",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.lower().startswith(("npm_config", "node_extra")) or "proxy" in name.lower()
    }
    done = subprocess.run(words, cwd=folder, env={**env, **kept}, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_openapi_is_valid(api: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(api).iter_errors()] == []


@pytest.mark.parametrize("document", ["openapi.json", "asyncapi.json"])
def test_redocly_finds_nothing(folder: Path, document: str) -> None:
    found = json.loads(run(folder, "node_modules/.bin/redocly", "lint", document, "--format=json"))
    assert [(one["ruleId"], one["message"]) for one in found["problems"]] == []


def test_a_client_in_typescript_compiles_and_does_the_main_job(folder: Path, server: Live) -> None:
    run(folder, "node_modules/.bin/openapi-typescript", "openapi.json", "-o", "api.ts")
    (folder / "main_job.ts").write_bytes(SCRIPT.read_bytes().replace(b'"./api"', b'"./api.js"'))
    (folder / "node.d.ts").write_text(NODE, encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps(COMPILED), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    run(folder, "node_modules/.bin/tsc", "-p", ".")
    done = json.loads(run(folder, "node", "main_job.js", server.base, "typescript@example.com"))
    assert done["profile"].split()[0] in done["said"]
    assert 1 <= done["score"] <= 10
    assert done["names"]


def test_a_client_in_python_is_typed_and_does_the_main_job(
    folder: Path, server: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = Path(sys.executable)
    words = ["generate", "--path", "openapi.json", "--meta", "none", "--output-path", "made_client", "--overwrite"]
    run(folder, str(python.with_name("openapi-python-client")), *words)
    run(folder, str(python), "-m", "mypy", "--no-error-summary", "--follow-imports=silent", "made_client/api/auth")
    monkeypatch.syspath_prepend(folder)
    client, models = import_module("made_client"), import_module("made_client.models")
    register = import_module("made_client.api.auth.post_auth_register")
    with client.Client(base_url=server.base) as anybody:
        body = models.Registration(name="Typed Python", email="python@example.com", password="Described1")
        token = register.sync(client=anybody, body=body).data.token
    with client.AuthenticatedClient(base_url=server.base, token=token) as learner:
        me = import_module("made_client.api.auth.get_auth_me").sync(client=learner)
        assert me.user.email == "python@example.com"
        made = import_module("made_client.api.agents.post_agents_generate_profile")
        wish = models.ProfileRequest.from_dict({"industry": "insurance", "difficulty": "beginner"})
        assert made.sync(client=learner, body=wish).profile.occupation
        assert import_module("made_client.api.simulation.get_simulation_mine").sync(client=learner).total == 0
