"""`rplay serve` from the command to the first answer of /api/health/ready, embedded PostgreSQL included."""

import signal
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from bench.common import environment, free_port, process, report


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="rplay-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root PostgreSQL runs under another account
        first, _ = once(folder)
        later = [once(folder) for _ in range(3)]
    report(
        "Start of `rplay serve`",
        ("second start until ready (best of 3)", min(start for start, _ in later), "s", 5),
        ("  slowest of 3", max(start for start, _ in later), "s", 5),
        ("first start, which makes the database", first, "s", None),
        ("end after SIGTERM, nothing running (slowest of 3)", max(end for _, end in later), "s", 10),
    )


def once(folder: Path) -> tuple[float, float]:
    """Seconds until it is ready, and seconds to end it."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("rplay")), "serve", "--port", str(port)]
    env = environment(INSTANCE_DIR=str(folder / "instance"))
    began = time.perf_counter()
    with process(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        while not ready(port):
            if child.poll() is not None or time.perf_counter() - began > 90:
                child.kill()
                raise SystemExit(f"rplay serve did not start:\n{child.communicate()[1].decode()[-2000:]}")
            time.sleep(0.02)
        took = time.perf_counter() - began
        ending = time.perf_counter()
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)
        return took, time.perf_counter() - ending


def ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main()
