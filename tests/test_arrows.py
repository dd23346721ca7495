"""Which room may know which: the arrows of the architecture go down only, and each is on this list."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = sorted(
    path.stem for path in (ROOT / "rplay").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
)
# What anybody may know.
GROUND = {"config", "errors", "model_end_dates"}
# Room by room, from the ground up: what else it may know. `__init__` and wsgi.py put everything together.
ALLOWED: dict[str, set[str]] = {
    "config": {"errors", "values"},
    "errors": set(),
    "background": set(),
    "values": set(),
    "model_end_dates": set(),
    "shown_settings": {"values"},
    "runtime": {"agents", "background", "data", "db"},
    "security": set(),
    "data": set(),
    "db": set(),
    "postgres": {"db"},
    "people": {"db", "mail", "runtime", "security", "values"},
    "mail": {"background", "db", "security"},
    "connections": set(),
    "agents": {"connections", "threads", "values"},
    "threads": set(),
    "tts": {"connections", "threads"},
    "stt": {"threads", "values"},
    "briefing": {"agents", "data"},
    "reviews": {"agents", "briefing", "data", "db"},
    "training": {"agents", "db", "mail", "values"},
    "demo": {"agents", "background", "briefing", "data", "db", "reviews"},
    "web": {
        "agents", "background", "briefing", "data", "db", "mail", "people", "reviews", "runtime", "security", "stt",
        "threads", "training", "tts", "values",
    },
    "blueprints": {
        "agents", "background", "briefing", "data", "db", "demo", "mail", "people", "reviews", "runtime", "security", "stt",
        "threads", "training", "values", "web",
    },
    "console": {
        "agents", "background", "data", "db", "demo", "mail", "people", "reviews", "security", "shown_settings", "stt",
        "training", "tts", "values", "web",
    },
    "terminal": {"agents", "background", "briefing", "data", "runtime", "stt", "tts"},
    "server": {
        "agents", "background", "data", "db", "mail", "postgres", "runtime", "security", "stt", "training", "tts", "values",
        "web",
    },
    "commands": {
        "agents", "background", "data", "db", "demo", "mail", "people", "postgres", "reviews", "runtime", "security",
        "server", "shown_settings", "stt", "terminal", "training", "tts", "values",
    },
}  # fmt: skip
# Libraries that belong to some rooms only.
LIBRARIES = {
    "flask": {"web", "blueprints", "console", "mail", "server", "runtime", "commands", "wsgi"},
    "werkzeug": {"web", "blueprints", "console"},
    "psycopg": {"db", "postgres", "people", "server", "commands", "runtime"},
}


def modules():
    for path in sorted((ROOT / "rplay").rglob("*.py")):
        room = path.relative_to(ROOT / "rplay").parts[0].removesuffix(".py")
        if room != "__init__":
            yield path, room


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strays(path, room):
    """What this module imports and should not."""
    names = set(imported(ast.parse(path.read_text(encoding="utf-8"))))
    ours = {name for name in names if name.startswith("rplay.")}
    rooms = {name.split(".")[1] for name in ours} & set(ROOMS)
    libraries = {name.split(".")[0] for name in names} & set(LIBRARIES)
    return (rooms - {room} - ALLOWED[room] - GROUND) | {one for one in libraries if room not in LIBRARIES[one]}


def test_imports_point_down():
    found = list(modules())
    assert len(found) > 500
    assert {str(path): wrong for path, room in found if (wrong := strays(path, room))} == {}


def test_the_list_names_every_room_and_no_other():
    assert set(ALLOWED) - {"briefing"} == set(ROOMS) - {"__init__", "briefing"}


def test_no_two_rooms_know_one_another():
    both = {
        (one, other)
        for one, known in ALLOWED.items()
        for other in known
        if one < other and one in ALLOWED.get(other, ())
    }
    assert both == set()


@pytest.mark.operations
def test_a_server_that_asks_nobody_imports_no_sdk(tmp_path):
    """They take from 0.3 s of processor (openai) to 2.4 (azure) of each start."""
    script = "import sys, wsgi; print({'azure', 'hibari', 'numpy', 'onnxruntime', 'openai'} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "set()"
