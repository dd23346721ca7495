"""A trainer's pages in a browser: a group, its learner's talk marked blind, and the number that the learner disputed."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import looked_at, sign_in
from tests.browser.test_talk import asked, begun, say

ADMIN = ("admin@example.com", "Admin1234")
TESS = {"name": "Tess Trainer", "email": "tess@example.com", "password": "Trainer123", "role": "trainer"}


def test_a_talk_is_marked_blind_disputed_and_answered(open_page: Any) -> None:
    learner = sign_in(open_page())
    talk = begun(learner)
    say(learner, "Good morning, I'm Dana. What matters most to you today?")
    learner.get_by_role("button", name="End the talk").click()
    learner.get_by_role("button", name="End and read the review").click()
    learner.wait_for_url("**/review")
    learner.get_by_text("Dispute this number").first.click()
    learner.get_by_label("What speaks against it?").first.fill("I asked what matters.")
    learner.get_by_role("button", name="Send to a trainer").first.click()
    expect(learner.get_by_text("Your doubt is noted.")).to_be_visible()

    admin = sign_in(open_page(), *ADMIN)
    asked(admin, "/api/users", TESS)
    admin.get_by_role("link", name="Groups").click()
    admin.get_by_label("Name").fill("The Monday group")
    admin.get_by_role("button", name="Make the group").click()
    for email, role in (("demo@example.com", "learner"), (TESS["email"], "trainer")):
        admin.get_by_label("E-mail address").fill(email)
        admin.get_by_label("As").select_option(role)
        admin.get_by_role("button", name="Add to the group").click()
        expect(admin.locator(".members")).to_contain_text(email)
    looked_at(admin)

    trainer = sign_in(open_page(), TESS["email"], TESS["password"])
    trainer.get_by_role("link", name="Review queue").click()
    trainer.get_by_label("Why they wait").select_option("disputed")
    trainer.locator(f'a[href*="{talk["id"]}"]').click()
    looked_at(trainer)
    trainer.get_by_label("Overall").fill("6")
    trainer.get_by_role("button", name="Keep my marks").click()
    expect(trainer.get_by_text("(blind)")).to_be_visible()
    trainer.get_by_label("Another number").first.fill("5.5")
    trainer.get_by_label("Your answer to the learner").first.fill("You asked, and did not ask on.")
    trainer.get_by_role("button", name="Answer").first.click()
    expect(trainer.get_by_text("The learner reads your answer")).to_be_visible()
    looked_at(trainer)
    for name in ("Review queue", "Groups"):
        trainer.get_by_role("link", name=name).click()
        looked_at(trainer)

    learner.reload()
    expect(learner.get_by_text("You asked, and did not ask on.").first).to_be_visible()
