"""Folders for servers of a test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rplay.postgres import embedded_home


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """Not pytest's tmp_path: its parent is closed, so as root the data would go elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="rplay-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def state(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands for /var/lib."""
    state = open_folder / "state"
    state.mkdir(exist_ok=True)
    monkeypatch.setattr(embedded_home, "STATE_PARENTS", (open_folder / "none", state))
    return state
