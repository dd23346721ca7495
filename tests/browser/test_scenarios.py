"""A scenario in a browser: made in the workshop, tried, assigned to a group, practised and reviewed."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import looked_at, sign_in
from tests.browser.test_talk import PATIENCE, asked, say

ADMIN = ("admin@example.com", "Admin1234")
TARA = {"name": "Tara Trainer", "email": "tara@example.com", "password": "Trainer123", "role": "trainer"}


def test_a_scenario_is_made_assigned_practised_and_reviewed(open_page: Any) -> None:
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
        ("Number to reach", "1"),
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

    trainer.get_by_role("link", name="The cover that nobody reads").first.click()
    trainer.wait_for_url("**/assignments/*")
    expect(trainer.get_by_text("passed", exact=True)).to_be_visible()
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
    page.clock.install()
    page.get_by_role("link", name="Begin the talk").click()
    expect(page.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#limit")).to_have_text(re.compile(r"(10:00|9:\d\d) left"))
    page.get_by_text("What this talk asks of you").click()
    expect(page.get_by_text("Name the price")).to_be_visible()
    looked_at(page)
    say(page, "Good morning Nora.")
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
