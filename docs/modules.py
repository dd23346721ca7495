"""docs/modules.md, made from what each module says of itself: `make docs`."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "modules.md"
HEAD = """# Modules

Every module and the first sentence it says of itself, room by room: `make docs` makes this page. Which subject belongs
in which room is in [architecture.md](architecture.md), what the words mean in [words.md](words.md).
"""


def modules() -> str:
    rooms: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((ROOT / "rplay").rglob("*.py")):
        rooms[path.parent.relative_to(ROOT).as_posix()].append(path)
    return HEAD + "".join(line for room in sorted(rooms) for line in _section(room, rooms[room]))


def _section(room: str, paths: list[Path]) -> Iterator[str]:
    yield f"\n## {room}/\n\n| module | |\n|---|---|\n"
    for path in paths:
        if said := _first_sentence(path):
            yield f"| `{path.name}` | {said} |\n"


def _first_sentence(path: Path) -> str:
    said = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    return re.split(r"(?<=[.!?]) (?=[A-Z`])", said, maxsplit=1)[0].replace("|", "\\|")


if __name__ == "__main__":
    TARGET.write_text(modules(), encoding="utf-8")
    sys.stderr.write(f"{TARGET} is up to date.\n")
