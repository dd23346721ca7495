"""A scenario in a browser: made in the workshop, tried, assigned, practised, reviewed, disputed and corrected; by mouse and by
keyboard alone, and nothing typed is lost."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import looked_at, sign_in
from tests.browser.test_talk import PATIENCE, asked, say
from tests.browser.test_whole_way import reach

ADMIN = ("admin@example.com", "Admin1234")
TARA = {"name": "Tara Trainer", "email": "tara@example.com", "password": "Trainer123", "role": "trainer"}


def test_a_scenario_is_made_assigned_practised_reviewed_disputed_and_corrected(open_page: Any) -> None:
    admin = sign_in(open_page(), *ADMIN)
    asked(admin, "/api/users", TARA)
    admin.get_by_role("link", name="Groups").click()
    admin.get_by_label("Name").fill("The Tuesday group")
    admin.get_by_role("button", name="Make the group").click()
    for email, role in (("demo@example.com", "learner"), (TARA["email"], "trainer")):
        admin.get_by_label("E-mail address").fill(email)
        admin.get_by_label("As", exact=True).select_option(role)
        admin.get_by_role("button", name="Add to the group").click()
        expect(admin.locator(".members")).to_contain_text(email)

    trainer = sign_in(open_page(), TARA["email"], TARA["password"])
    trainer.get_by_role("link", name="Scenarios").click()
    looked_at(trainer)
    trainer.get_by_role("link", name="New scenario").click()
    looked_at(trainer)
    for label, text in (
        ("Name", "The cover that nobody reads"),
        ("What the learner reads", "Find out what happens to the family if the income fails."),
        ("Name of the client", "Nora Feld"),
        ("Number to reach", "9"),
    ):
        trainer.get_by_label(label, exact=True).fill(text)
    trainer.get_by_label("What it is about").nth(1).fill("my heart")
    trainer.get_by_label("What the client says then").first.fill("I was in hospital in May.")
    trainer.get_by_label("give a reason for asking").first.check()
    trainer.get_by_label("Must be said").fill("Name the waiting time: waiting time")
    trainer.get_by_role("button", name="Make the scenario").click()
    expect(trainer.get_by_text("Version 1.")).to_be_visible()
    looked_at(trainer)
    trainer.get_by_role("button", name="Try it").click()
    expect(trainer.get_by_text("Name the waiting time")).to_be_visible()
    looked_at(trainer)
    trainer.get_by_role("link", name="Groups").click()
    trainer.get_by_role("link", name="The Tuesday group").click()
    trainer.get_by_role("button", name="Assign").click()
    looked_at(trainer)

    learner = sign_in(open_page())
    expect(learner.get_by_role("heading", name="Assigned to you")).to_be_visible()
    looked_at(learner)
    learner.get_by_role("button", name="Begin").click()
    learner.get_by_role("link", name="Begin the talk").click()
    expect(learner.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    expect(learner.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    say(learner, "Good morning Nora. There is a waiting time, I should say so first.")
    learner.get_by_role("button", name="End the talk").click()
    learner.get_by_role("button", name="End and read the review").click()
    learner.wait_for_url("**/review")
    expect(learner.get_by_text("What the scenario asked for")).to_be_visible()
    looked_at(learner)

    learner.get_by_text("Dispute this number").first.click()
    learner.get_by_label("What speaks against it?").first.fill("I said what has to be said.")
    learner.reload()
    expect(learner.get_by_label("What speaks against it?").first).to_have_value("I said what has to be said.")
    learner.get_by_role("button", name="Send to a trainer").first.click()
    expect(learner.get_by_text("Your doubt is noted.")).to_be_visible()

    trainer.get_by_role("link", name="The cover that nobody reads").first.click()
    trainer.wait_for_url("**/assignments/*")
    assignment = trainer.url
    expect(trainer.locator("td", has_text="begun")).to_be_visible()
    looked_at(trainer)
    trainer.get_by_role("link", name="Review queue").click()
    trainer.get_by_label("Why they wait").select_option("disputed")
    trainer.wait_for_url("**disputed**")
    looked_at(trainer)
    trainer.locator(f'a[href*="{learner.url.split("/")[-2]}"]').click()
    trainer.get_by_label("Overall").fill("8")
    trainer.get_by_label("Notes").fill("Named the waiting time at once.")
    trainer.reload()
    expect(trainer.get_by_label("Overall")).to_have_value("8")
    expect(trainer.get_by_label("Notes")).to_have_value("Named the waiting time at once.")
    trainer.get_by_role("button", name="Keep my marks").click()
    expect(trainer.get_by_text("(blind)")).to_be_visible()
    trainer.get_by_label("Another number").first.fill("9")
    trainer.get_by_label("Your answer to the learner").first.fill("You did, and at the right moment.")
    trainer.reload()
    expect(trainer.get_by_label("Your answer to the learner").first).to_have_value("You did, and at the right moment.")
    trainer.get_by_role("button", name="Answer").first.click()
    expect(trainer.get_by_text("The learner reads your answer")).to_be_visible()
    looked_at(trainer)

    learner.reload()
    expect(learner.get_by_text("You did, and at the right moment.").first).to_be_visible()
    learner.goto("/console/")
    expect(learner.locator("td", has_text="passed").first).to_be_visible()
    trainer.goto(assignment)
    expect(trainer.locator("td", has_text="passed").first).to_be_visible()
    with trainer.expect_download() as download:
        trainer.get_by_role("link", name="Results (CSV)").click()
    assert "9" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    trainer.goto("/console/scenarios")
    trainer.get_by_role("link", name="The cover that nobody reads").click()
    trainer.get_by_label("Minutes").fill("45")
    trainer.get_by_role("button", name="Keep as the next version").click()
    expect(trainer.get_by_text("Version 2.")).to_be_visible()
    trainer.get_by_role("link", name="Versions").click()
    looked_at(trainer)
    trainer.get_by_role("link", name="Version 2").click()
    expect(trainer.get_by_role("heading", name="What it changed")).to_be_visible()
    looked_at(trainer)


def test_a_talk_with_a_time_limit_ends_kindly_and_keeps_what_was_typed(open_page: Any) -> None:
    page = open_page()
    sign_in(page, *ADMIN)
    page.goto("/console/scenarios/new")
    for label, text in (
        ("Name", "Ten minutes at the counter"),
        ("What the learner reads", "Be quick."),
        ("Minutes (optional)", "10"),
        ("Name of the client", "Nora Feld"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Must be said").fill("Name the price: price")
    page.get_by_role("button", name="Make the scenario").click()
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("link", name="Begin the talk").click()
    expect(page.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#saved")).to_have_text("Saved", timeout=PATIENCE)
    say(page, "Good morning Nora.")
    # From here on the clock is the test's; what goes by the time of day is begun anew with it.
    page.clock.install()
    page.reload()
    expect(page.locator("#limit")).to_have_text(re.compile(r"(10:00|9:\d\d) left"))
    page.get_by_text("What this talk asks of you").click()
    expect(page.get_by_text("Name the price")).to_be_visible()
    looked_at(page)
    page.clock.fast_forward("05:00")
    expect(page.get_by_text("5 minutes are left in this talk.")).to_be_visible()
    page.get_by_label("What you say").fill("What matters most to")
    page.clock.fast_forward("05:01")
    expect(page.get_by_text("The time is over, and Nora Feld has to go.")).to_be_visible()
    expect(page.get_by_label("What you say")).to_be_disabled()
    assert "Not said any more: What matters most to" in page.get_by_role("textbox", name="Notes").input_value()
    looked_at(page)
    page.locator("#over").get_by_role("button", name="Read the review").click()
    page.wait_for_url("**/review", timeout=PATIENCE)
    expect(page.get_by_text("What the scenario asked for")).to_be_visible()


NOTES = """Ivo Brandt, 58, is a baker and wants to know what his savings should do.
He hides that he owes his brother $20,000.
The fund costs 0.4 percent a year. The advisor must name the cost of the fund. Never promise a return."""


def test_a_scenario_is_drafted_and_nothing_typed_is_lost_by_a_reload(open_page: Any) -> None:
    page = open_page()
    sign_in(page, *ADMIN)
    page.goto("/console/scenarios/new")
    page.get_by_text("Have it drafted").click()
    page.get_by_label("What it is to be about").fill(NOTES)
    looked_at(page)
    page.get_by_role("button", name="Draft it").click()
    expect(page.get_by_label("Name of the client")).to_have_value("Ivo Brandt", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Draft it")).to_be_enabled()
    looked_at(page)
    page.get_by_label("Name", exact=True).fill("The savings of a baker")
    page.get_by_label("explain it so that they can follow").first.check()
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("The savings of a baker")
    expect(page.get_by_label("Name of the client")).to_have_value("Ivo Brandt")
    expect(page.get_by_label("explain it so that they can follow").first).to_be_checked()
    expect(page.get_by_label("What it is to be about").first).to_have_value(NOTES)
    page.context.clear_cookies()
    page.watched.expected.add(401)
    page.get_by_role("button", name="Make the scenario").click()
    expect(page.get_by_text("Please sign in again")).to_be_visible()
    sign_in(page, *ADMIN)
    page.goto("/console/scenarios/new")
    expect(page.get_by_label("Name", exact=True)).to_have_value("The savings of a baker")
    page.get_by_role("button", name="Make the scenario").click()
    expect(page.get_by_text("Version 1.")).to_be_visible()
    page.goto("/console/scenarios/new")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    page.get_by_text("Have it drafted").click()
    expect(page.get_by_label("What it is to be about").first).to_have_value("")


KIM = {"name": "Kim Trainer", "email": "kim@example.com", "password": "Trainer123", "role": "trainer"}


def field(page: Any, label: str, words: str, most: int = 60) -> None:
    """Presses Tab until the field of this label has the focus, and types."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if label == page.evaluate("() => (document.activeElement.labels?.[0]?.innerText || '').split('\\n')[0].trim()"):
            page.keyboard.type(words)
            return
    raise AssertionError(f"Tab does not lead to the field {label}")


def test_by_keyboard_alone_a_scenario_is_made_assigned_and_its_rules_changed(open_page: Any) -> None:
    admin = sign_in(open_page(), *ADMIN)
    kim = asked(admin, "/api/users", KIM)["user"]
    group = asked(admin, "/api/groups", {"name": "The Wednesday group"})["data"]["id"]
    people = admin.request.get("/api/users").json()["users"]
    demo = next(one["id"] for one in people if one["email"] == "demo@example.com")
    for person in (kim["id"], demo):
        asked(admin, f"/api/groups/{group}/members", {"userId": person})
    page = sign_in(open_page(), KIM["email"], KIM["password"])
    reach(page, "Scenarios")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scenarios")
    reach(page, "New scenario")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new")
    for label, words in (
        ("Name", "Typed from end to end"),
        ("What the learner reads", "Be kind."),
        ("Name of the client", "Nora Feld"),
        ("Must be said (optional)", "Name the price: price"),
    ):
        field(page, label, words)
    reach(page, "Make the scenario")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Version 1.")).to_be_visible()
    reach(page, "Groups")
    page.keyboard.press("Enter")
    page.wait_for_url("**/groups")
    reach(page, "The Wednesday group")
    page.keyboard.press("Enter")
    page.wait_for_url("**/groups/*")
    field(page, "Scenario", "Typed from")
    field(page, "For", "Demo")
    field(page, "Attempts (optional)", "2")
    reach(page, "Assign")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Typed from end to end")).to_be_visible()
    reach(page, "Typed from end to end")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assignments/*")
    looked_at(page)
    field(page, "Days before which a mail reminds (optional)", "3")
    page.reload()
    expect(page.get_by_label("Days before which a mail reminds")).to_have_value("3")
    reach(page, "Change")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Days before which a mail reminds")).to_have_value("3")
    reach(page, "Take back")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/groups"))
