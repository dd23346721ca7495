"""Which part may know which: the arrows of the architecture go down only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {
    "rplay/agents": (
        "rplay.commands",
        "flask",
        "psycopg",
        "rplay.db",
        "rplay.web",
        "rplay.blueprints",
        "rplay.tts",
        "rplay.mail",
    ),
    "rplay/tts": (
        "rplay.commands",
        "flask",
        "psycopg",
        "rplay.db",
        "rplay.web",
        "rplay.blueprints",
        "rplay.agents",
        "rplay.mail",
    ),
    "rplay/db": (
        "rplay.commands",
        "flask",
        "werkzeug",
        "rplay.web",
        "rplay.blueprints",
        "rplay.agents",
        "rplay.tts",
        "rplay.mail",
    ),
    "rplay/web": ("rplay.commands", "rplay.blueprints"),
    "rplay/server": ("rplay.commands",),
    "rplay/terminal": ("rplay.commands", "rplay.blueprints", "rplay.db"),
    "rplay/commands": ("flask", "rplay.blueprints"),
    "rplay/blueprints": ("rplay.commands", "rplay.blueprints", "psycopg"),
    "rplay/config.py": ("rplay.commands", "rplay.db", "rplay.web", "rplay.agents", "rplay.tts", "flask"),
}


def modules():
    for room, forbidden in FORBIDDEN.items():
        folder = ROOT / room
        for path in [folder] if folder.suffix else sorted(folder.rglob("*.py")):
            yield pytest.param(path, forbidden, id=str(path.relative_to(ROOT)))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("path", "forbidden"), list(modules()))
def test_imports_point_down(path, forbidden):
    names = set(imported(ast.parse(path.read_text(encoding="utf-8"))))
    assert not [name for name in names for bad in forbidden if name == bad or name.startswith(f"{bad}.")]
