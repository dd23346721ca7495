"""A talk in a browser whose server is killed in the middle of a reply, with a model that says each word on demand."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDE, Watched, _wait, sign_in
from tests.browser.test_talk import LINES, PATIENCE, begun, kept, say
from tests.browser.test_with_a_model import PROFILE
from tests.conftest import free_port
from tests.fakes.openai_server import FakeOpenAI
from tests.live import ROOT

WORDS = "I worry about my pension."


class Server:
    """`rplay serve` on one port and in one folder, however often it is started."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.chmod(0o755)
        self.folder, self.port = folder, free_port()
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "INSTANCE_DIR": str(folder), **settings}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        words = [str(Path(sys.executable).with_name("rplay")), "serve", "--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                words, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        _wait(f"{self.address}/api/health/ready", self.process, self.folder / "log")

    def kill(self) -> None:
        """Server and workers at once, as when the power fails."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture
def model():
    with FakeOpenAI() as fake:
        yield fake


@pytest.fixture
def server(tmp_path, model):
    server = Server(tmp_path, OPENAI_BASE_URL=model.url, OPENAI_API_KEY="k", ENABLE_AI_EVALUATION="false")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(chromium: Any, server: Server):
    context = chromium.new_context(base_url=server.address, viewport=WIDE)
    page = context.new_page()
    page.watched = Watched(server.address, context)
    yield sign_in(page)
    context.close()


@pytest.fixture
def talk(page: Any, model: FakeOpenAI) -> Any:
    model.reply = lambda body: PROFILE if "Write one client profile" in str(body) else WORDS
    return begun(page)


def test_a_server_that_is_killed_in_mid_reply_and_started_again_loses_nothing(page, model, server, talk):
    say(page, LINES[0])
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    model.mode("step")
    page.get_by_label("What you say").fill(LINES[1])
    page.keyboard.press("Enter")
    for _ in range(3):
        model.step()
    expect(page.locator(".turn.client").nth(2)).to_contain_text("I worry", timeout=PATIENCE)
    server.kill()
    model.mode("ok")
    server.start()
    expect(page.locator("#talk[aria-busy=false]")).to_be_attached(timeout=PATIENCE)
    expect(page.locator(".turn.advisor .said").nth(1)).to_have_text(LINES[1], timeout=PATIENCE)
    expect(page.locator(".turn.client").nth(2)).to_contain_text(WORDS, timeout=PATIENCE)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert [words for words in kept(page, talk) if words in LINES] == list(LINES)


def test_back_and_forward_again_show_the_whole_talk(page, talk):
    say(page, LINES[0])
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    shown = page.locator(".turn .said").all_text_contents()
    page.go_back()
    page.wait_for_url("**/console/")
    page.go_forward()
    expect(page.locator(".turn")).to_have_count(len(shown), timeout=PATIENCE)
    assert page.locator(".turn .said").all_text_contents() == shown
    say(page, LINES[1])
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert [words for words in kept(page, talk) if words in LINES] == list(LINES)
