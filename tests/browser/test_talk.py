"""A talk in a browser: in writing, with the coach, and through what goes wrong."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import looked_at, sign_in

LINES = ("Good morning, I'm Dana. What brings you here today?", "How long have you been doing your work?")
PATIENCE = 30_000  # ms


def begun(page: Any) -> Any:
    """A talk with a new client, whose greeting has come."""
    wish = {"industry": "insurance", "subcategory": "life-health", "difficulty": "beginner"}
    made = asked(page, "/api/agents/profile/generate", wish)["profile"]
    talk = asked(page, "/api/simulation", {**wish, "clientProfile": made})["data"]
    page.goto(f"/console/talks/{talk['id']}")
    expect(page.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    return talk


def asked(page: Any, path: str, body: Any) -> Any:
    answer = page.request.post(path, data=body, headers={"Origin": page.watched.base})
    assert answer.ok, answer.text()
    return answer.json()


def kept(page: Any, talk: Any) -> list[str]:
    """What the server has of the talk."""
    found = page.request.get(f"/api/simulation/{talk['id']}").json()["simulation"]
    return [turn["content"] for turn in found["conversation_history"]]


def say(page: Any, words: str) -> None:
    answers = page.locator(".turn.client").count()
    page.get_by_label("What you say").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".turn.client")).to_have_count(answers + 1, timeout=PATIENCE)
    expect(page.locator("#talk[aria-busy=false]")).to_be_attached(timeout=PATIENCE)


@pytest.fixture
def page(open_page):
    return sign_in(open_page())


def test_a_talk_in_writing_is_saved_as_it_goes_and_is_there_again(page):
    talk = begun(page)
    for words in LINES:
        say(page, words)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert [words for words in kept(page, talk) if words in LINES] == list(LINES)
    shown = page.locator(".turn .said").all_text_contents()
    page.reload()
    expect(page.locator(".turn")).to_have_count(len(shown))
    assert page.locator(".turn .said").all_text_contents() == shown
    looked_at(page)


def test_the_coach_stands_aside_and_marks_the_talk(page):
    talk = begun(page)
    say(page, LINES[0])
    page.get_by_text("Ask the coach").click()
    page.get_by_label("Your question").fill("What is a deductible?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#coaching .advice")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("assisted", exact=True)).to_be_visible()
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert "What is a deductible?" in kept(page, talk)
    looked_at(page)


def test_what_is_being_written_survives_a_reload(page):
    begun(page)
    page.get_by_label("What you say").fill("I was about to ask")
    page.reload()
    expect(page.get_by_label("What you say")).to_have_value("I was about to ask")


def test_without_a_network_nothing_is_lost(page):
    talk = begun(page)
    page.watched.wrong.clear()
    page.context.set_offline(True)
    page.get_by_label("What you say").fill(LINES[0])
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).to_contain_text("kept in this browser", timeout=PATIENCE)
    expect(page.locator(".turn.advisor .said")).to_have_text(LINES[0])
    page.context.set_offline(False)
    expect(page.locator(".turn.client")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert LINES[0] in kept(page, talk)
    page.watched.wrong[:] = [one for one in page.watched.wrong if "ERR_INTERNET_DISCONNECTED" not in one]


def test_signed_out_in_the_middle_one_signs_in_and_goes_on(page):
    talk = begun(page)
    page.watched.expected = {401}
    page.context.clear_cookies()
    page.get_by_label("What you say").fill(LINES[0])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign in and go on").click()
    page.get_by_label("E-mail address").fill("demo@example.com")
    page.get_by_label("Password").fill("Demo1234")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".turn.advisor .said")).to_have_text(LINES[0], timeout=PATIENCE)
    expect(page.locator(".turn.client")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert LINES[0] in kept(page, talk)


def test_two_windows_show_one_talk(page):
    talk = begun(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    say(page, LINES[0])
    expect(other.locator(".turn.client")).to_have_count(2, timeout=PATIENCE)
    answers = other.locator(".turn.client")
    other.get_by_label("What you say").fill(LINES[1])
    other.keyboard.press("Enter")
    expect(answers).to_have_count(3, timeout=PATIENCE)
    expect(page.locator(".turn.client")).to_have_count(3, timeout=PATIENCE)
    expect(other.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert [words for words in kept(page, talk) if words in LINES] == list(LINES)
