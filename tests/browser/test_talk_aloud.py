"""A talk aloud in a browser: the client is really heard, and what the learner says is really understood."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CHROMIUM, WIDE, Watched, sign_in
from tests.browser.test_talk import PATIENCE, begun, kept, say
from tests.stt.recordings import encoded, samples_of, silence, words, wrong_words

QUESTION = "How long have you been working there?"


@pytest.fixture(scope="module")
def aloud(playwright: Any, serving: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    """Pages of a browser whose microphone hears the question again and again, with two seconds between."""
    wav = tmp_path_factory.mktemp("microphone") / "question.wav"
    Path(wav).write_bytes(
        encoded(numpy.concatenate([silence(0.5), samples_of(QUESTION), silence(2)]), "wav", "pcm_s16le")
    )
    given = [
        "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={wav}",
    ]  # fmt: skip
    watched: list[Watched] = []
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=given)

    def opened() -> Any:
        context = browser.new_context(base_url=serving, viewport=WIDE, permissions=["microphone"])
        page = context.new_page()
        page.watched = Watched(serving, context)
        watched.append(page.watched)
        return sign_in(page)

    yield opened
    browser.close()
    assert [wrong for one in watched for wrong in one.wrong] == []


def frames(page: Any) -> int:
    return int(page.locator("#talk").get_attribute("data-frames") or 0)


def test_the_client_is_heard(aloud):
    page = aloud()
    begun(page)
    say(page, QUESTION)
    expect(page.locator("#stop")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#stop")).to_be_hidden(timeout=PATIENCE)
    assert frames(page) > 10_000


def test_interrupting_keeps_only_what_was_heard(aloud):
    page = aloud()
    talk = begun(page)
    say(page, "Tell me about your family, your work, your home and what you own, please.")
    whole = page.locator(".turn.client .said").last.text_content()
    expect(page.locator("#stop")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page.locator("#stop")).to_be_hidden(timeout=PATIENCE)
    heard = page.locator(".turn.client .said").last.text_content()
    assert len(heard) < len(whole)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert kept(page, talk)[-1] == heard


def test_a_line_that_is_typed_meanwhile_leaves_the_clients_words_whole(aloud):
    page = aloud()
    begun(page)
    say(page, "Tell me about your family, your work, your home and what you own, please.")
    whole = page.locator(".turn.client .said").last.text_content()
    expect(page.locator("#stop")).to_be_visible(timeout=PATIENCE)
    say(page, QUESTION)
    assert page.locator(".turn.client .said").nth(1).text_content() == whole


def test_what_is_said_while_the_button_is_held_is_understood_and_answered(aloud):
    page = aloud()
    talk = begun(page)
    page.get_by_role("button", name="Hold to speak").focus()
    page.keyboard.down("Space")
    expect(page.locator("#line")).not_to_have_value("", timeout=PATIENCE)
    page.keyboard.up("Space")
    expect(page.locator(".turn.client")).to_have_count(2, timeout=PATIENCE)
    said = page.locator(".turn.advisor .said").text_content()
    assert wrong_words(QUESTION, " ".join(words(said)[: len(words(QUESTION))])) <= 1
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    assert said in kept(page, talk)


def test_hands_free_a_pause_ends_the_line(aloud):
    page = aloud()
    begun(page)
    page.get_by_role("button", name="Hands-free").click()
    expect(page.locator(".turn.advisor").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Hands-free").click()
    assert wrong_words(QUESTION, page.locator(".turn.advisor .said").first.text_content()) <= 1
