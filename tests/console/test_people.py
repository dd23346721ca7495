"""People as admins manage them on pages."""

import gevent
import pytest
from gevent.event import Event

from rplay import db
from rplay.db import jobs, users
from rplay.mail.outbox import Outbox
from rplay.people import enrolment, managing
from tests.conftest import PASSWORD, settings_for, swap_parts
from tests.console.conftest import shown

HEAD = "firstName,lastName,email,password"


@pytest.fixture
def browser(signed_in, admin):
    return signed_in(admin)


@pytest.fixture
def mails(app, monkeypatch):
    """A server that sends mails; here they wait in the outbox."""
    monkeypatch.setattr(Outbox, "wake", lambda _: None)
    db.execute("DELETE FROM mail_outbox")
    swap_parts(app, monkeypatch, outbox=Outbox(settings_for(email_host="127.0.0.1", email_from="a@example.com")))
    return lambda: db.rows(
        "SELECT kind, link, email FROM mail_outbox m JOIN users u ON u.id = m.user_id ORDER BY email"
    )


class TestTheList:
    def test_finds_people_by_name_address_and_role(self, browser, person):
        anna = person("Anna Quill", "trainer")
        found = shown(browser.get("/console/people?search=QUILL&role=trainer"))
        assert anna.email in found.words
        assert "1 account" in found.words
        assert anna.email not in shown(browser.get("/console/people?search=quill&role=learner")).words

    def test_comes_in_pages(self, browser):
        users.create_many(
            [users.NewUser(f"Many {n:03}", f"many{n:03}@example.com", "!", "learner", None) for n in range(60)]
        )
        first, second = (shown(browser.get(f"/console/people?search=many&page={n}")).words for n in (1, 2))
        assert "many049@example.com" in first
        assert "many050@example.com" not in first
        assert "many059@example.com" in second
        assert "many059@example.com" in shown(browser.get("/console/people?search=many&page=99")).words

    @pytest.mark.parametrize("query", ["search=%00", "page=x", "page=-4", "role=king", f"search={'x' * 3000}"])
    def test_bears_any_question(self, browser, query):
        assert browser.get(f"/console/people?{query}").status_code == 200

    def test_is_for_admins_only(self, signed_in, alice, trainer):
        for who in (alice, trainer):
            assert signed_in(who).get("/console/people").status_code == 403
            assert "/console/people" not in signed_in(who).get("/console/").text


class TestMaking:
    FIELDS = {
        "name": "Nora New",
        "email": "nora@example.com",
        "role": "trainer",
        "job_role": "Coach",
        "password": PASSWORD,
    }

    def test_makes_an_account_with_a_password(self, browser, signed_in):
        made = browser.post("/console/people/new", self.FIELDS)
        page = shown(browser.get(made.location)).words
        assert ("The account is there." in page, "trainer" in page, "nora@example.com" in page) == (True, True, True)
        assert browser.sign_in("nora@example.com").status_code == 303

    def test_says_what_is_wrong_and_never_shows_the_password_again(self, browser, alice):
        taken = browser.post("/console/people/new", {**self.FIELDS, "email": alice.email.upper()})
        assert (taken.status_code, "Somebody has this address already." in taken.text) == (409, True)
        assert PASSWORD not in taken.text
        weak = browser.post("/console/people/new", {**self.FIELDS, "email": "weak@example.com", "password": "weak"})
        assert (weak.status_code, "at least 8 characters" in weak.text) == (400, True)

    def test_without_a_password_invites(self, browser, mails):
        fields = {**self.FIELDS, "email": "ina@example.com", "password": ""}
        made = browser.post("/console/people/new", fields)
        assert "Has not chosen a password yet." in shown(browser.get(made.location)).words
        (mail,) = mails()
        assert (mail["kind"], mail["email"]) == ("invitation", "ina@example.com")
        assert mail["link"].endswith("/console/new-password")
        browser.post(made.location.split("?")[0] + "/invitation")
        assert len(mails()) == 1

    def test_asks_for_a_password_where_no_mails_are_sent(self, browser):
        answer = browser.post("/console/people/new", {**self.FIELDS, "email": "ida@example.com", "password": ""})
        assert (answer.status_code, "No mails are sent here" in answer.text) == (400, True)

    def test_company_admins_make_no_admins(self, signed_in, company_admin):
        fields = {**self.FIELDS, "email": "boss@example.com", "role": "super_admin"}
        assert signed_in(company_admin).post("/console/people/new", fields).status_code == 403


class TestOne:
    def test_is_changed(self, browser, person):
        carl = person("Carl")
        fields = {"name": "Carla", "email": carl.email, "role": "trainer", "job_role": ""}
        assert browser.post(f"/console/people/{carl.id}", fields).status_code == 303
        found = users.by_id(carl.id)
        assert (found.name, found.role) == ("Carla", "trainer")

    def test_a_new_password_ends_the_sessions(self, browser, person):
        dora = person("Dora")
        fields = {"name": "Dora", "email": dora.email, "role": "learner", "password": "Changed0ne"}
        assert browser.post(f"/console/people/{dora.id}", fields).status_code == 303
        assert dora.get("/api/auth/me").status_code == 401

    def test_cannot_take_anothers_address(self, browser, person, alice):
        emil = person("Emil")
        answer = browser.post(f"/console/people/{emil.id}", {"name": "E", "email": alice.email, "role": "learner"})
        assert (answer.status_code, "Somebody has this address already." in answer.text) == (409, True)

    def test_the_last_super_admin_stays_one(self, browser, admin):
        db.execute("UPDATE users SET role = 'learner' WHERE role = 'super_admin' AND id <> %(id)s", id=admin.id)
        answer = browser.post(f"/console/people/{admin.id}", {"name": "A", "email": admin.email, "role": "learner"})
        assert (answer.status_code, "The last super admin" in answer.text) == (409, True)

    def test_is_signed_out_everywhere_and_the_admin_stays_in(self, browser, person, admin):
        fred = person("Fred")
        assert browser.post(f"/console/people/{fred.id}/sessions").status_code == 303
        assert fred.get("/api/auth/me").status_code == 401
        browser.post(f"/console/people/{admin.id}/sessions")
        assert browser.get("/console/people").status_code == 200

    def test_is_deleted(self, browser, person, admin):
        gone = person("Gone")
        assert browser.post(f"/console/people/{gone.id}/delete").status_code == 303
        assert users.by_id(gone.id) is None
        assert browser.get(f"/console/people/{gone.id}").status_code == 404
        assert browser.post(f"/console/people/{admin.id}/delete").status_code == 400

    def test_admins_are_closed_to_company_admins(self, signed_in, company_admin, admin):
        browser = signed_in(company_admin)
        assert "super admins only" in browser.get(f"/console/people/{admin.id}").text
        fields = {"name": "Mine", "email": admin.email, "role": "learner"}
        for path, body in (("", fields), ("/sessions", {}), ("/delete", {})):
            assert browser.post(f"/console/people/{admin.id}{path}", body).status_code == 403


def send(browser, path, text, **fields):
    data = {"file": (__import__("io").BytesIO(text.encode()), "list.csv"), "how": "passwords", **fields}
    return browser.client.post(
        f"/console/people/import{path}",
        data=data,
        content_type="multipart/form-data",
        headers={"Origin": "http://localhost"},
    )


def imported(browser, text, **fields):
    """The page that the import leads to, once it is done."""
    led = send(browser, "", text, **fields)
    assert led.status_code == 303, led.text
    for _ in range(200):
        page = browser.get(led.location)
        if "aria-busy" not in page.text:
            return page
        gevent.sleep(0.05)
    raise AssertionError(page.text)


class TestImport:
    LIST = f"{HEAD}\nIda,Imp,ida.imp@example.com,{PASSWORD}\nNo,Mail,nomail,{PASSWORD}\n"

    def test_is_looked_at_first_and_shows_no_password(self, browser):
        page = send(browser, "/preview", self.LIST)
        assert "1 account would be made, 1 row refused" in page.text
        assert "Invalid email format" in page.text
        assert PASSWORD not in page.text
        assert users.count(search="ida.imp@") == 0

    def test_makes_the_good_rows_and_gives_a_file_of_the_others(self, browser):
        page = shown(imported(browser, self.LIST))
        assert "1 account was made." in page.words
        (link,) = page.each("a", download="refused.csv")
        file = browser.get(link["href"]).data.decode("utf-8-sig")
        assert file.splitlines() == [
            "line,reason,firstName,lastName,name,email,role,jobRole",
            "3,Invalid email format,No,Mail,,nomail,,",
        ]
        assert users.count(search="ida.imp@") == 1
        answer = send(browser, "/refusals.csv", self.LIST)
        assert "2,Email already registered" in answer.text
        assert PASSWORD not in answer.text

    def test_columns_are_said_to_be_ours(self, browser):
        text = f"Wer,Wohin,Geheim,Was\nKlaus Karte,klaus@example.com,{PASSWORD},=1+1\n"
        assert send(browser, "/preview", text).status_code == 400
        page = send(browser, "/preview", text)
        assert {"c0", "c1", "c2", "c3"} <= {one["name"] for one in shown(page).each("select")}
        places = {"c0": "name", "c1": "email", "c2": "password", "c3": ""}
        assert "1 account would be made" in send(browser, "/preview", text, **places).text
        assert "Klaus Karte" in send(browser, "/preview", text, **places).text
        twice = send(browser, "/preview", text, **{**places, "c3": "name"})
        assert (twice.status_code, "names a column twice" in twice.text) == (400, True)
        assert "1 account was made." in imported(browser, text, **places).text

    def test_invites_who_has_no_password(self, browser, mails):
        text = "name,email\nIvo Inv,ivo@example.com\nIvy Inv,ivy@example.com\n"
        assert "2 accounts were made." in imported(browser, text, how="invite").text
        assert [one["email"] for one in mails()] == ["ivo@example.com", "ivy@example.com"]

    def test_company_admins_import_no_admins(self, signed_in, company_admin):
        text = f"{HEAD},role\nBig,Boss,big.boss@example.com,{PASSWORD},super_admin\n"
        page = imported(signed_in(company_admin), text)
        assert "0 accounts were made." in page.text
        assert users.count(search="big.boss") == 0

    def test_goes_on_when_the_page_is_left_and_says_how_far_it_is(self, browser, signed_in, company_admin, monkeypatch):
        go_on = Event()

        def create_many(*given):
            go_on.wait()
            return made_many(*given)

        made_many = managing.create_many
        monkeypatch.setattr(managing, "create_many", create_many)
        rows = "".join(f"No{n},Bar,bar{n}@example.com,{PASSWORD}\n" for n in range(60))
        path = send(browser, "", f"{HEAD}\n{rows}").location
        page = shown(browser.get(path))
        assert [(one["max"], one["value"]) for one in page.each("progress")] == [("60", "0")]
        assert signed_in(company_admin).get(path).status_code == 404
        go_on.set()
        while "aria-busy" in browser.get(path).text:
            gevent.sleep(0.01)
        assert "60 accounts were made." in browser.get(path).text

    def test_stops_when_who_began_it_is_no_admin_any_more(self, person, signed_in, monkeypatch):
        boss = person("Boss", "company_admin")
        browser = signed_in(boss)

        def hashed(*_):
            db.execute("UPDATE users SET role = 'learner' WHERE id = %(id)s", id=boss.id)
            yield from made(*_)

        made = enrolment.hashed
        monkeypatch.setattr(enrolment, "hashed", hashed)
        led = send(browser, "", f"{HEAD}\nNo,More,no.more@example.com,{PASSWORD}\n")
        job = led.location.rpartition("/")[2]
        assert jobs.get(job, boss.id).failed == "Admin access required"
        assert users.count(search="no.more@") == 0

    @pytest.mark.parametrize("text", ["", "\n\n", "a\0b", '"open', "x;y;z", "\udcff"])
    def test_says_what_is_no_list(self, browser, text):
        data = text.encode("utf-8", "surrogateescape").decode("latin-1")
        for path in ("/preview", ""):
            assert send(browser, path, data).status_code == 400
        assert browser.post("/console/people/import/preview").status_code == 400
