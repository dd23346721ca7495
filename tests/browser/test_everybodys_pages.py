"""Signing in, registering, the account: by keyboard, by eye, by machine."""

import re

import pytest

from browser.conftest import looked_at, sign_in

PUBLIC = ("sign-in", "register", "forgotten-password", "new-password?token=x", "nothing-here")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_accessible(open_page, path):
    page = open_page("/console/sign-in")
    page.watched.expected = {404}
    page.goto(f"/console/{path}")
    looked_at(page)


@pytest.mark.parametrize("path", ["", "account"])
def test_pages_of_who_is_signed_in_are_accessible(open_page, path):
    page = sign_in(open_page())
    page.goto(f"/console/{path}")
    looked_at(page)


def test_one_signs_in_and_out_by_keyboard(open_page):
    page = open_page("/")
    page.wait_for_url(re.compile("/console/sign-in"))
    page.keyboard.type("demo@example.com")  # the field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("Demo1234")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    page.get_by_role("heading", name="Good to see you").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#page"
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/sign-in")


def test_a_wrong_password_is_said_beside_the_field(open_page):
    page = open_page("/console/sign-in")
    page.watched.expected = {401}
    page.get_by_label("E-mail address").fill("demo@example.com")
    page.get_by_label("Password").fill("Wrong0ne")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("is not right").wait_for()
    assert page.get_by_label("E-mail address").input_value() == "demo@example.com"
    looked_at(page)


def test_a_new_learner_registers_chooses_german_and_dark_and_erases_everything(open_page):
    page = open_page("/console/register")
    page.get_by_label("Your name").fill("Nina Neu")
    page.get_by_label("E-mail address").fill("nina@example.com")
    page.get_by_label("Password").fill("Passw0rdX")
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/console/")
    page.get_by_role("link", name="Nina Neu").click()
    page.get_by_label("Language").select_option("de")
    page.get_by_label("Theme").select_option("dark")
    page.locator("form", has=page.get_by_label("Theme")).get_by_role("button").click()
    page.get_by_role("heading", name="Konto", exact=True).wait_for()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    looked_at(page)
    page.get_by_text("Mein Konto und alle meine Daten löschen").click()
    page.get_by_label("Ihr Kennwort, damit").fill("Passw0rdX")
    page.get_by_role("button", name="Alles löschen").click()
    page.wait_for_url("**/console/sign-in")


def test_signing_in_works_without_a_script(open_page):
    page = sign_in(open_page(java_script_enabled=False))
    assert "Demo Learner" in page.inner_text("header")
