"""What `make` does before it does what it is asked, with a uv that only writes down what it is given."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.live import ROOT

# As the real one: its programs name the folder that they were made in.
UV = """#!/bin/sh
echo "$@" >> "$CALLS"
mkdir -p .venv/bin
[ -e .venv/bin/rplay ] || cat > .venv/bin/rplay <<END
#!/bin/sh
exec "$PWD/.venv/bin/python" -c "echo served in '$PWD'"
END
ln -sf /bin/sh .venv/bin/python
chmod +x .venv/bin/rplay
"""


class Clone:
    def __init__(self, folder: Path, calls: Path) -> None:
        self.folder, self.calls = folder, calls

    def make(self, target: str = "serve") -> str:
        env = {"PATH": f"{self.folder.parent}/bin:{os.environ['PATH']}", "CALLS": str(self.calls)}
        done = subprocess.run(["make", target], cwd=self.folder, env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def synced(self) -> int:
        return len(self.calls.read_text().splitlines())


@pytest.fixture(params=["clone", "a clone"])
def clone(tmp_path: Path, request: pytest.FixtureRequest) -> Clone:
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV)
    uv.chmod(0o755)
    folder = tmp_path / request.param
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, folder)
    return Clone(folder, tmp_path / "calls")


def test_serve_works_in_a_folder_that_was_moved(clone: Clone) -> None:
    assert clone.make() == f"served in {clone.folder}"
    clone.folder = clone.folder.rename(clone.folder.with_name("moved clone"))
    clone.make("help")
    assert clone.make() == f"served in {clone.folder}"


def test_serve_works_in_a_moved_folder_whose_environment_an_earlier_makefile_made(clone: Clone) -> None:
    clone.make()
    (clone.folder / ".venv/ready").write_text("")
    assert clone.make() == f"served in {clone.folder}"
    assert clone.synced() == 1
    clone.folder = clone.folder.rename(clone.folder.with_name("moved"))
    assert clone.make() == f"served in {clone.folder}"


def test_the_environment_is_made_once(clone: Clone) -> None:
    for _ in range(3):
        clone.make()
    assert clone.synced() == 1
