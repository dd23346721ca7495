"""An admin's pages in a browser: a list imported, one of its people changed and deleted."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import looked_at, sign_in
from tests.browser.test_talk import begun, say
from tests.browser.test_trainers import ADMIN

LIST = "Wer,E-Mail-Adresse,Passwort\nPaula Plan,paula@example.com,Plan1234\nOhne Adresse,nirgends,Plan1234\n"


def test_a_list_is_imported_and_one_of_its_people_changed(open_page: Any, tmp_path: Path) -> None:
    page = sign_in(open_page(), *ADMIN)
    page.get_by_role("link", name="People").click()
    looked_at(page)
    page.get_by_role("link", name="Import a list").click()
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    page.get_by_label("File").set_input_files(tmp_path / "list.csv")
    page.watched.expected.add(400)
    page.get_by_text("By passwords in the list").click()
    page.get_by_role("button", name="Look at the list").click()
    for column, ours in (("Wer", "Whole name"), ("E-Mail-Adresse", "E-mail address"), ("Passwort", "Password")):
        page.get_by_label(column, exact=True).select_option(ours)
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("heading", name="1 account would be made, 1 row refused")).to_be_visible()
    looked_at(page)
    with page.expect_download() as before:
        page.get_by_role("button", name="All refused rows as a file").click()
    assert "nirgends" in Path(before.value.path()).read_text(encoding="utf-8")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 account was made.")).to_be_visible(timeout=60_000)
    looked_at(page)
    with page.expect_download() as after:
        page.get_by_role("link", name="All refused rows as a file").click()
    assert "Invalid email format" in Path(after.value.path()).read_text(encoding="utf-8")

    page.get_by_role("link", name="To the people").click()
    page.get_by_label("Name or e-mail address").fill("paula")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Paula Plan").click()
    page.get_by_label("Role").select_option("trainer")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    looked_at(page)
    page.get_by_text("Delete this account").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The account is gone")).to_be_visible()
    page.get_by_role("link", name="New person").click()
    looked_at(page)


def test_use_and_opinion_are_looked_at(open_page: Any) -> None:
    page = sign_in(open_page(), *ADMIN)
    begun(page)
    say(page, "Good morning, I'm Dana. What matters most to you today?")
    page.get_by_role("link", name="Insight").click()
    expect(page.get_by_role("heading", name="What the AI takes")).to_be_visible()
    looked_at(page)
    page.get_by_text("By day", exact=True).first.click()
    page.get_by_label("The last").select_option("7")
    page.wait_for_url("**days=7**")
    looked_at(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV What the AI takes").click()
    assert "provider" in Path(download.value.path()).read_text(encoding="utf-8")


def test_how_the_server_stands(open_page: Any) -> None:
    page = sign_in(open_page(), *ADMIN)
    page.get_by_role("link", name="System").click()
    expect(page.get_by_text("Ready to serve.")).to_be_visible()
    looked_at(page)


def test_a_rule_is_tried_and_changed(open_page: Any) -> None:
    page = sign_in(open_page(), *ADMIN)
    page.get_by_role("link", name="Rules").click()
    looked_at(page)
    page.get_by_role("link", name="Guaranteed or assured returns").click()
    page.get_by_label("Overall at most").fill("2")
    page.get_by_role("button", name="Try on the last 5").click()
    page.wait_for_url("**trial=**")
    expect(page.get_by_role("heading", name="What would move")).to_be_visible(timeout=60_000)
    assert page.get_by_label("Overall at most").input_value() == "2"
    looked_at(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds for reviews from now on.")).to_be_visible()
    page.get_by_role("link", name="Friendly").first.click()
    looked_at(page)
    page.get_by_role("link", name="Changes").click()
    expect(page.locator("td code", has_text="compliance.change").first).to_be_visible()
    looked_at(page)


def test_a_long_list_tells_how_far_it_is_while_other_pages_are_read(open_page: Any, tmp_path: Path) -> None:
    page = sign_in(open_page(), *ADMIN)
    rows = "".join(f"Many {n},many{n}@example.com,Plan1234\n" for n in range(250))
    (tmp_path / "long.csv").write_text(f"name,email,password\n{rows}", encoding="utf-8")
    page.goto("/console/people/import")
    page.get_by_label("File").set_input_files(tmp_path / "long.csv")
    page.get_by_text("By passwords in the list").click()
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    looked_at(page)
    address = page.url
    page.goto("/console/people")
    page.goto(address)
    expect(page.get_by_text("250 accounts were made.")).to_be_visible(timeout=120_000)


# Every page of an admin's that an address without an id leads to, and of the others one.
PAGES = (
    "people", "people/new", "people/import", "insight", "insight?days=365", "insight/sessions", "rules", "rules/compliance/new",
    "rules/compliance/misrepresentation", "rules/rubrics/communication/beginner", "competencies", "competencies/new",
    "competencies/communication", "industries", "industries/insurance", "industries/insurance/life-health",
    "industries/insurance/difficulties/advanced", "parameters", "personality", "personality/quirk/new", "changes",
    "system",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_light_and_fits_a_phone_and_twice_the_size(open_page: Any, path: str) -> None:
    page = sign_in(open_page(), *ADMIN)
    answer = page.goto(f"/console/{path}")
    assert answer.status == 200
    assert len(answer.body()) < 100_000
    looked_at(page)
    page.set_viewport_size({"width": 640, "height": 400})  # as 1280 by 800 at 200 %
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_a_parameter_is_changed_by_keyboard_alone(open_page: Any) -> None:
    page = sign_in(open_page(), *ADMIN)
    page.goto("/console/parameters")
    page.get_by_role("link", name="Answer length").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Answer length").wait_for()
    looked_at(page)
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]")
        assert at[1] != "none", at
        reached.append(at[0])
        if at[0] == "value":
            break
    assert reached[-1] == "value"
    page.keyboard.press("Control+A")
    page.keyboard.type("one sentence")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. Agents are told from now on.")).to_be_visible()
    expect(page.locator("pre")).to_contain_text("= one sentence:")


def test_what_was_typed_outlasts_a_reload_and_a_session_that_has_ended(open_page: Any) -> None:
    page = sign_in(open_page(), *ADMIN)
    page.goto("/console/competencies/needs-assessment")
    page.get_by_label("What it is").fill("Asks before it tells.")
    page.reload()
    expect(page.get_by_label("What it is")).to_have_value("Asks before it tells.")
    page.context.clear_cookies()
    page.watched.expected.add(401)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Please sign in again").wait_for()
    sign_in(page, *ADMIN)
    page.goto("/console/competencies/needs-assessment")
    expect(page.get_by_label("What it is")).to_have_value("Asks before it tells.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
