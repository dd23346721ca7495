"""Pictures of the main pages for README and docs: `make screenshots` writes them into docs/pictures."""

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import NARROW, sign_in
from tests.browser.test_learners_pages import PATIENCE, find_client
from tests.browser.test_talk import say
from tests.live import ROOT

PICTURES = ROOT / "docs/pictures"
LINES = (
    "Good morning, I'm Jo from Harbor Advisory. What brings you here today?",
    "That sounds like a lot. What worries you most about it?",
    "May I ask what you earn in a year? I ask because the cover should follow what your family needs.",
    "So if I understand you, the house has to be safe whatever happens to you. Is that right?",
    "There is one drawback I should name: the premium rises after ten years. What would that mean for you?",
    "Let me sum up, and then we meet next Tuesday and look at two ways side by side. Does that suit you?",
)


def kept(page: Any, name: str, **options: Any) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / f"{name}.png", **options)


def test_the_main_pages_have_their_pictures(open_page: Any) -> None:
    Path(PICTURES).mkdir(exist_ok=True)
    page = open_page("/console/sign-in", reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    kept(page, "sign-in")
    sign_in(page)
    page.goto("/console/new-talk")
    kept(page, "new-talk")
    find_client(page)
    kept(page, "client")
    page.get_by_role("link", name="Begin the talk").click()
    expect(page.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#talk[aria-busy=false]")).to_be_attached(timeout=PATIENCE)
    for words in LINES[:3]:
        say(page, words)
    kept(page, "talk")
    page.set_viewport_size(NARROW)
    kept(page, "talk-phone")
    page.set_viewport_size({"width": 1280, "height": 820})
    for words in LINES[3:]:
        say(page, words)
    page.get_by_role("button", name="End the talk").click()
    page.get_by_role("button", name="End and read the review").click()
    page.wait_for_url("**/review", timeout=PATIENCE)
    kept(page, "review")
    page.emulate_media(color_scheme="dark")
    kept(page, "review-dark")
    page.emulate_media(color_scheme="light")
    page.locator("details.doubt").first.wait_for()
    page.goto("/console/")
    kept(page, "home")
    page.goto("/console/history")
    kept(page, "history")
    page.goto("/console/account")
    kept(page, "account")
