"""This version and a later one on one database: side by side, back, and forth again."""

import shutil
import subprocess
import sys
import time

import pytest

from tests.live import ROOT, live_server
from tests.tts.running import eventually

PROGRAM = ("rplay", "wsgi.py", "cli.py", "gunicorn.conf.py")
ADDS = """-- additive
ALTER TABLE users ADD COLUMN nickname text;
ALTER TABLE simulations ADD COLUMN mood text NOT NULL DEFAULT 'calm';
CREATE TABLE moods (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE);
"""
BREAKS = """-- breaking: people have other names
ALTER TABLE users RENAME COLUMN name TO full_name;
"""
TALK = {"industry": "insurance", "difficulty": "beginner", "clientProfile": {"name": "John"}}
PASSWORD = "Passw0rdX"
NAME, LATER = "AI Simulation Platform API", "A later version"  # what each says of itself


@pytest.fixture
def later(tmp_path):
    """Makes a copy of this version with one more migration."""

    def make(name, sql):
        root = tmp_path / name
        root.mkdir()
        for part in PROGRAM:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, root / part)  # with what is compiled: that takes four seconds
            else:
                shutil.copy(ROOT / part, root / part)
        (root / f"rplay/db/migrations/{name}.sql").write_text(sql)
        health = root / "rplay/blueprints/health.py"
        health.write_text(health.read_text().replace(NAME, LATER))
        return root

    return make


def command(root, url, *words):
    done = subprocess.run(
        [sys.executable, root / "cli.py", *words],
        cwd=root,
        env={"PATH": "/usr/bin:/bin", "HOME": str(root), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def serving(new_database, tmp_path):
    """Starts a server of a version on one database."""
    url = new_database()
    (tmp_path / "data").mkdir()

    def start(root):
        return live_server(url, tmp_path / "data", anew=root != ROOT, root=root)

    start.url = url
    return start


def register(server, name):
    body = {"name": name, "email": f"{name.lower()}@example.com", "password": PASSWORD}
    return server.call("POST", "/api/auth/register", body).json()["data"]["token"]


def learns_on(first, second, token):
    """Somebody's talk goes on, from one server to the other, to its end; its id."""
    made = first.call("POST", "/api/simulation", TALK, token).json()["data"]["id"]
    said = [{"role": "user", "content": "Good morning"}]
    saved = second.call("PATCH", f"/api/simulation/{made}", {"conversation_history": said}, token)
    assert saved.json()["data"]["conversation_history"] == said, saved.text
    assert first.call("POST", f"/api/simulation/{made}/complete", {}, token).status_code == 200
    assert second.call("GET", f"/api/simulation/{made}", token=token).json()["simulation"]["completed_at"]
    return made


def stays_ready(server):
    """Longer than a probe's answer is kept."""
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        answer = server.call("GET", "/api/health/ready")
        assert answer.status_code == 200, answer.text


@pytest.mark.operations
def test_an_additive_migration_lets_both_work_side_by_side_and_back_and_forth(serving, later):
    newer = later("9001_moods", ADDS)
    with serving(ROOT) as this:
        before = register(this, "Before")
        assert command(newer, serving.url, "db", "upgrade")[:2] == (0, "9001_moods\n")
        stays_ready(this)
        with serving(newer) as other:
            assert [one.call("GET", "/api").json()["message"] for one in (this, other)] == [NAME, LATER]
            during = register(other, "During")
            learns_on(this, other, during)
            talk = learns_on(other, this, before)
            stays_ready(this)
            stays_ready(other)
    status, listed, _ = command(ROOT, serving.url, "db", "status")
    assert (status, "newer\t9001_moods" in listed) == (0, True)
    assert command(ROOT, serving.url, "db", "upgrade")[0] == 0
    with serving(ROOT) as back:
        stays_ready(back)
        assert back.call("GET", f"/api/simulation/{talk}", token=before).status_code == 200
        learns_on(back, back, during)
    assert command(newer, serving.url, "db", "upgrade")[:2] == (0, "")
    with serving(newer) as forth:
        learns_on(forth, forth, register(forth, "Afterwards"))


@pytest.mark.operations
def test_a_breaking_migration_ends_the_service_of_this_version_in_a_sentence(serving, later):
    newer = later("9001_names", BREAKS)
    with serving(ROOT) as this:
        assert command(newer, serving.url, "db", "upgrade")[0] == 0
        told = eventually(
            lambda: (answer := this.call("GET", "/api/health/ready")).status_code == 503 and answer.json()
        )
        assert told["checks"]["migrations"] == "newer"
        assert "database_is_newer" in this.log()
    for words in (["db", "upgrade"], ["serve", "--port", "0"]):
        status, _, said = command(ROOT, serving.url, *words)
        assert status == 1
        [sentence] = said.splitlines()
        assert sentence.startswith("Error: The database has migration 9001_names, which this version of rplay does not")
