"""A real browser on a real server, in rehearsal with the local voice: `make browser` runs these."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.conftest import free_port
from tests.live import ROOT

# `make test` has no browser: what imports playwright is not even collected.
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
AXE = (Path(__file__).with_name("vendor") / "axe.min.js").read_text(encoding="utf-8")
PATIENCE = 60_000  # milliseconds; on a slow machine much takes three times as long, and playwright expects it in 5 s
SCHEMES = ("light", "dark")
WIDE, NARROW = {"width": 1280, "height": 820}, {"width": 320, "height": 640}
TWICE = {"width": 640, "height": 410}  # what the wide one shows at 200 %


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`rplay serve` as anybody starts it, in a folder of its own; its address."""
    # All these people sign in from one address within minutes.
    with served(tmp_path_factory.mktemp("serving"), RATE_LIMIT_ENABLED="false") as address:
        yield address


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[str]:
    port = free_port()
    folder.chmod(0o755)
    words = [str(Path(sys.executable).with_name("rplay")), "serve", "--port", str(port)]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "INSTANCE_DIR": str(folder), "LANG": "C.UTF-8", **settings}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://127.0.0.1:{port}/api/health/ready", process, folder / "log")
            yield f"http://127.0.0.1:{port}"
            text = (folder / "log").read_text(encoding="utf-8", errors="replace")
            assert "Traceback" not in text, text[-4000:]
        finally:
            process.terminate()
            process.wait(60)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(address, timeout=60) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass  # it does not listen yet
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Any) -> Iterator[Any]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


class Watched:
    """What went wrong in a browser that no page shows: errors in the console, answers of 500, other hosts."""

    def __init__(self, base: str, context: Any) -> None:
        self.base, self.wrong = base, list[str]()
        self.expected: set[int] = set()  # statuses that a test makes on purpose
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: Any) -> None:
        refused = any(f"status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not refused:
            self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.base, self.base.replace("http", "ws"), "data:", "blob:")):
            self.wrong.append(f"asked another host: {request.url}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500 and response.status not in self.expected:
            self.wrong.append(f"{response.status}: {response.url}")


@pytest.fixture
def open_page(chromium: Any, serving: str) -> Iterator[Callable[..., Any]]:
    """Opens a page of the server in a new profile of the browser; whatever goes wrong there fails the test."""
    opened = []

    def make(path: str = "/console/", **options: Any) -> Any:
        context = chromium.new_context(base_url=serving, **{"viewport": WIDE, **options})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.watched = Watched(serving, context)
        opened.append((context, page.watched))
        page.goto(path)
        return page

    yield make
    for context, _ in opened:
        context.close()
    assert [one for _, watched in opened for one in watched.wrong] == []


def sign_in(page: Any, email: str = "demo@example.com", password: str = "Demo1234") -> Any:
    page.goto("/console/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/")
    return page


def looked_at(page: Any) -> None:
    """No violation that axe knows, light and dark; nothing to scroll sideways on a phone or at 200 %."""
    page.evaluate(AXE)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is on its way
        found = page.evaluate("async () => (await axe.run()).violations")
        problems = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]
        assert problems == [], (page.url, scheme)
    for size in (NARROW, TWICE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (page.url, size)
    page.set_viewport_size(WIDE)
