"""The same way with a model in place of the rehearsal: a server that speaks OpenAI's protocol."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import served, sign_in
from tests.browser.test_learners_pages import PATIENCE, find_client
from tests.browser.test_talk import say
from tests.fakes.openai_server import FakeOpenAI

PROFILE = {
    "name": "Nora Fields",
    "age": 44,
    "occupation": "Pilot",
    "income": "$90,000",
    "family": "Married, no children",
    "familyStatus": "Married",
    "assets": ["Savings: $20,000"],
    "debts": ["Mortgage: $100,000"],
    "goals": ["Retire early"],
    "background": "Flies cargo.",
    "concerns": ["Fees"],
    "hiddenObjections": ["I want to talk to my brother first"],
}
REVIEW = {
    "overallScore": 7,
    "competencyScores": [
        {"name": "Communication Skills", "score": 7, "strengths": ["You greeted me."], "improvements": []}
    ],
    "summary": "A calm opening.",
}


def reply(body: dict[str, Any]) -> Any:
    told = str(body.get("messages") or body.get("input"))
    if "overallScore" in told:
        return REVIEW
    return PROFILE if "Write one client profile" in told else "I worry about my pension."


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with FakeOpenAI() as model:
        model.reply = reply
        settings = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "sk-fake", "TTS_PROVIDER": "local"}
        with served(tmp_path_factory.mktemp("with-a-model"), **settings) as address:
            yield address


def test_a_client_of_a_model_is_talked_with_and_the_talk_reviewed(open_page):
    page = sign_in(open_page())
    page.set_default_timeout(PATIENCE)
    find_client(page)
    expect(page.get_by_role("heading", name="Nora Fields")).to_be_visible()
    page.get_by_role("link", name="Begin the talk").click()
    expect(page.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#talk[aria-busy=false]")).to_be_attached(timeout=PATIENCE)
    say(page, "Good morning, what brings you here?")
    expect(page.locator(".turn.client").last).to_contain_text("I worry about my pension.")
    page.get_by_role("button", name="End the talk").click()
    page.get_by_role("button", name="End and read the review").click()
    page.wait_for_url("**/review")
    expect(page.get_by_text("A calm opening.")).to_be_visible()
