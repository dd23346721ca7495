"""The learner's way by keyboard alone, at twice the size, and how much of it is script."""

import gzip
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from rplay.console.assets import every
from tests.browser.conftest import sign_in
from tests.browser.test_talk import PATIENCE, begun, say

HALF = {"width": 640, "height": 410}  # of a window of 1280 × 820
LINE = "Good morning, I'm Dana. What matters most to you today?"


def reach(page: Any, name: str, most: int = 60) -> None:
    """Presses Tab until what has the focus is called so; it must be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        words = page.evaluate("() => (document.activeElement.innerText || '').trim()")
        if words == name:
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", name
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_a_talk_is_held_ended_and_its_review_read_by_keyboard(open_page: Any) -> None:
    page = sign_in(open_page())
    begun(page)
    page.keyboard.type(LINE)  # the field has the focus
    page.keyboard.press("Enter")
    expect(page.locator(".turn.client")).to_have_count(2, timeout=PATIENCE)
    reach(page, "End the talk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    reach(page, "End and read the review")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review", timeout=PATIENCE)
    reach(page, "Try again")


@pytest.mark.parametrize("path", ["/console/", "/console/new-talk", "/console/history", "/console/account"])
def test_twice_the_size_nothing_is_scrolled_sideways(open_page: Any, path: str) -> None:
    page = sign_in(open_page(viewport=HALF))
    page.goto(path)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= HALF["width"]


def test_twice_the_size_a_talk_and_its_review_are_read(open_page: Any) -> None:
    page = sign_in(open_page(viewport=HALF))
    begun(page)
    say(page, LINE)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= HALF["width"]
    page.get_by_role("button", name="End the talk").click()
    page.get_by_role("button", name="End and read the review").click()
    page.wait_for_url("**/review", timeout=PATIENCE)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= HALF["width"]


def test_the_scripts_of_the_talk_are_small(open_page: Any) -> None:
    page = open_page()
    fetched: set[str] = set()
    page.on("request", lambda request: fetched.add(request.url) if request.resource_type == "script" else None)
    begun(sign_in(page))
    names = {match[1] for url in fetched if (match := re.search(r"/static/\w+/(.+\.js)$", url))}
    assert "talk/main.js" in names
    assert sum(len(gzip.compress(every()[name].content, 9)) for name in names) < 60_000
