"""Pictures of the pages for README and docs: `make screenshots` writes them into docs/pictures, each at most 60 kB.

A page that needs no steps before it is one line in `PAGES`.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, sign_in
from tests.browser.png import small
from tests.browser.test_learners_pages import PATIENCE, find_client
from tests.browser.test_talk import say
from tests.live import ROOT

ADMIN = ("admin@example.com", "Admin1234")
TRAINER = ("trainer@example.com", "Trainer123")
TALKS = 48  # of the demo data, before pictures are taken


@dataclass(frozen=True)
class Picture:
    """`name` of the file, who looks, the address, and the links that are followed from there: the first of each name."""

    name: str
    who: tuple[str, str]
    path: str
    follow: tuple[str, ...] = ()


PAGES = (
    Picture("queue", TRAINER, "/console/queue"),
    Picture("judge", TRAINER, "/console/queue", ("Ben Okafor",)),
    Picture("group", TRAINER, "/console/groups", ("The savings group",)),
    Picture("scenarios", TRAINER, "/console/scenarios"),
    Picture("workshop", TRAINER, "/console/scenarios/new"),
    Picture("people", ADMIN, "/console/people"),
    Picture("import", ADMIN, "/console/people/import"),
    Picture("insight", ADMIN, "/console/insight"),
    Picture("rule", ADMIN, "/console/rules/compliance/guaranteed-returns"),
    Picture("industry", ADMIN, "/console/industries/insurance"),
    Picture("parameter", ADMIN, "/console/parameters", ("Answer length",)),
    Picture("system", ADMIN, "/console/system"),
    Picture("assignment", TRAINER, "/console/groups", ("The savings group", "The first shares")),
)

PICTURES = ROOT / "docs/pictures"
LINES = (
    "Good morning, I'm Jo from Harbor Advisory. What brings you here today?",
    "That sounds like a lot. What worries you most about it?",
    "May I ask what you earn in a year? I ask because the cover should follow what your family needs.",
    "So if I understand you, the house has to be safe whatever happens to you. Is that right?",
    "There is one drawback I should name: the premium rises after ten years. What would that mean for you?",
    "Let me sum up, and then we meet next Tuesday and look at two ways side by side. Does that suit you?",
)


def kept(page: Any, name: str, **options: Any) -> None:
    page.mouse.move(0, 0)
    png = page.screenshot(**options)
    (PICTURES / f"{name}.png").write_bytes(small(page.context.browser, png))


@pytest.fixture(scope="module")
def trained(chromium: Any, serving: str) -> None:
    """Demo people with talks, and a trainer with a group of them to whom a scenario is assigned."""
    context = chromium.new_context(base_url=serving)
    admin = sign_in(context.new_page(), *ADMIN).request
    origin = {"Origin": serving}

    def asked(path: str, body: Any = None) -> Any:
        answer = admin.post(path, data=body or {}, headers=origin)
        assert answer.ok, answer.text()
        return answer.json()

    while asked("/api/admin/seed-data")["data"]["stats"]["sessions"] < TALKS:
        time.sleep(2)
    made = asked("/api/users", {"name": "Tina Trainer", "email": TRAINER[0], "password": TRAINER[1], "role": "trainer"})
    group = asked("/api/groups", {"name": "The savings group"})["data"]["id"]
    people = [one["id"] for one in admin.get("/api/users").json()["users"] if one["role"] == "learner"]
    for person in (made["user"]["id"], *people[:7]):
        asked(f"/api/groups/{group}/members", {"userId": person})
    admin.post("/console/scenarios/shipped", headers=origin)
    scenarios = admin.get("/api/scenarios").json()["data"]
    first = next(one["id"] for one in scenarios if one["name"] == "The first shares")
    asked("/api/assignments", {"scenarioId": first, "groupId": group, "dueAt": "2027-01-31", "remindDays": 3})
    context.close()


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_each_page_has_its_picture(open_page: Any, one: Picture) -> None:
    page = sign_in(open_page(reduced_motion="reduce"), *one.who)
    page.goto(one.path)
    for name in one.follow:
        page.get_by_role("link", name=name).first.click()
        page.wait_for_load_state()
    kept(page, one.name)


def test_the_main_pages_have_their_pictures(open_page: Any) -> None:
    Path(PICTURES).mkdir(exist_ok=True)
    page = open_page("/console/sign-in", reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    kept(page, "sign-in")
    sign_in(page)
    page.goto("/console/new-talk")
    kept(page, "new-talk")
    find_client(page)
    kept(page, "client")
    page.get_by_role("link", name="Begin the talk").click()
    expect(page.locator(".turn.client")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#talk[aria-busy=false]")).to_be_attached(timeout=PATIENCE)
    for words in LINES[:3]:
        say(page, words)
    kept(page, "talk")
    page.set_viewport_size(NARROW)
    kept(page, "talk-phone")
    page.set_viewport_size({"width": 1280, "height": 820})
    for words in LINES[3:]:
        say(page, words)
    page.get_by_role("button", name="End the talk").click()
    page.get_by_role("button", name="End and read the review").click()
    page.wait_for_url("**/review", timeout=PATIENCE)
    kept(page, "review")
    page.emulate_media(color_scheme="dark")
    kept(page, "review-dark")
    page.emulate_media(color_scheme="light")
    page.locator("details.doubt").first.wait_for()
    page.goto("/console/")
    kept(page, "home")
    page.goto("/console/history")
    kept(page, "history")
    page.goto("/console/account")
    kept(page, "account")
