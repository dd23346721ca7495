"""The description of the API as people read it, and try it out."""

from playwright.sync_api import expect

from tests.browser.conftest import looked_at


def test_is_read_without_anything_from_elsewhere(open_page):
    page = open_page("/api/docs")
    page.locator("#post_simulation_generate_review summary").click()
    expect(
        page.locator("#post_simulation_generate_review").get_by_text("data.competencyScores.strengths")
    ).to_be_visible()
    expect(page.locator("#send-reply-audio")).to_be_attached()
    looked_at(page)


def test_calls_are_tried_out_on_this_server(open_page):
    page = open_page("/api/docs/try")
    call = page.locator("#operations-health-get_health_health")
    call.get_by_role("button").first.click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table .response").get_by_text('"healthy"')).to_be_visible(timeout=30_000)
