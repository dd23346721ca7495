"""Steps before a view: their order, and what they hold until the view has answered."""

from contextlib import ExitStack
from pathlib import Path

import rplay
from rplay.web.views import Arguments, preceded


def noting(name: str, noted: list[str]):
    def step(arguments: Arguments, entered: ExitStack) -> Arguments:
        noted.append(name)
        entered.callback(noted.append, f"{name} is left")
        return {**arguments, name: True}

    return step


def test_those_of_upper_decorators_come_first_and_are_left_last():
    noted: list[str] = []

    def view(**arguments: bool) -> str:
        noted.append("view")
        return " ".join(arguments)

    for name in ("lower", "middle", "upper"):  # as Python applies decorators: the lowest first
        view = preceded(view, noting(name, noted))
    assert view() == "upper middle lower"
    assert noted == ["upper", "middle", "lower", "view", "lower is left", "middle is left", "upper is left"]


def test_nobody_else_wraps_a_view():
    """A wrapper between two decorators would run after the steps that stand above it, though it looks as if before."""
    folder = Path(rplay.__file__).parent
    files = [*(folder / "web").rglob("*.py"), *(folder / "blueprints").rglob("*.py")]
    assert [path.name for path in files if "wraps" in path.read_text(encoding="utf-8")] == ["views.py"]
