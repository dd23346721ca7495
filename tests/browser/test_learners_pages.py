"""A learner's whole way: a client found, talked with, reviewed, tried again; every page looked at."""

import pytest
from playwright.sync_api import expect

from browser.conftest import NARROW, looked_at, sign_in

LINES = (
    "Good morning, I'm Jo from Acme. What brings you here today?",
    "I can guarantee you eight percent a year, no risk.",
)
PATIENCE = 60_000  # milliseconds: the machine may be busy


def find_client(page):
    page.get_by_role("link", name="New talk").first.click()
    page.get_by_label("Reserved").check()
    page.get_by_role("button", name="Find a client").click()
    page.wait_for_url("**/client", timeout=PATIENCE)


def say(page, words):
    before = page.locator(".advisor").count()
    page.get_by_label("What you say").fill(words)
    page.get_by_role("button", name="Say it").click()
    page.wait_for_function("n => document.querySelectorAll('.advisor').length > n", arg=before, timeout=PATIENCE)
    page.wait_for_function("() => !document.querySelector('#send').disabled", timeout=PATIENCE)


@pytest.fixture
def learner(open_page):
    page = sign_in(open_page())
    page.set_default_timeout(PATIENCE)
    return page


def test_from_a_new_client_to_the_review_and_once_more(learner):
    page = learner
    looked_at(page)
    page.goto("/console/new-talk")
    looked_at(page)
    find_client(page)
    looked_at(page)
    page.get_by_role("button", name="Another client").click()
    page.wait_for_url("**/client")
    page.get_by_role("link", name="Begin the talk").click()
    for words in LINES:
        say(page, words)
    page.get_by_role("button", name="End the talk").click()
    page.get_by_role("button", name="End and read the review").click()
    page.wait_for_url("**/review", timeout=PATIENCE)
    page.get_by_role("heading", name="Rules of the trade that were broken").wait_for()
    looked_at(page)
    page.get_by_role("link", name="Line 4").first.click()
    assert page.evaluate("location.hash") == "#line-4"
    page.locator("#line-4 .marks a").first.click()
    assert page.evaluate("location.hash").startswith("#text-")
    page.get_by_text("Dispute this number").first.click()
    page.get_by_label("What speaks against it?").first.fill("I took it back at once.")
    page.get_by_role("button", name="Send to a trainer").first.click()
    page.get_by_text("Your doubt is noted").wait_for()
    page.get_by_role("button", name="Try again", exact=True).click()
    looked_at(page)  # with the dialog open
    page.get_by_role("button", name="From the start").click()
    page.get_by_label("What you say").wait_for()
    page.goto("/console/history")
    looked_at(page)
    page.go_back()
    page.goto("/console/")
    looked_at(page)


def test_what_can_be_practised_follows_the_kind(learner):
    page = learner
    page.goto("/console/new-talk")
    page.get_by_label("What it is about").select_option("insurance/property-casualty")
    expect(page.get_by_label("Homeowners insurance")).to_be_attached(timeout=PATIENCE)  # htmx has swapped them
    page.get_by_text("Choose what to practise").click()
    page.get_by_label("Homeowners insurance").check()
    page.get_by_role("button", name="Find a client").click()
    page.wait_for_url("**/client", timeout=PATIENCE)


def test_by_keyboard_alone_a_client_is_found(learner):
    page = learner
    page.goto("/console/new-talk")
    page.get_by_label("What it is about").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Reserved").is_checked()
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Find a client"
    page.keyboard.press("Enter")
    page.wait_for_url("**/client", timeout=PATIENCE)


def test_history_and_a_review_can_be_read_without_a_script(open_page):
    page = sign_in(open_page(java_script_enabled=False))
    page.goto("/console/history")
    done = page.locator("td:has(.level)").first
    assert done.count(), "the talk of the first test"
    page.locator("tr:has(.level) th a").first.click()
    assert page.get_by_role("heading", name="The talk").is_visible()
    page.set_viewport_size(NARROW)
    assert page.get_by_role("heading", name="Communication Skills").is_visible()


def test_every_page_is_small(learner):
    page = learner
    page.goto("/console/history")
    addresses = ["/console/", "/console/new-talk", "/console/history", "/console/account"]
    addresses += [link.get_attribute("href") for link in page.locator("tr:has(.level) th a").all()[:1]]
    style = len(page.request.get(page.locator("link[rel=stylesheet]").get_attribute("href")).body())
    for address in addresses:
        assert len(page.request.get(address).body()) + style < 100_000, address
