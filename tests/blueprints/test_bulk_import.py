"""POST /api/users/bulk-import, as a client sees it."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from rplay import db
from tests.addresses import REFUSED as ADDRESSES_TO_REFUSE
from tests.conftest import PASSWORD, error, settings_for
from tests.web.test_forms import WEBKIT, form

B, U, LOGIN = "/api/users/bulk-import", "/api/users", "/api/auth/login"
HEADER = "firstName,lastName,email,password,role,jobRole,company\n"
TAKEN = "Email already registered"
NOTHING = (400, "Invalid import method or no data provided")
NOBODY = (400, "No users provided or invalid format")


@pytest.fixture(scope="module")
def settings(data_dir):
    return settings_for(data_dir=data_dir, import_max_rows=60)


@pytest.fixture
def mail(request):
    """Makes addresses of this test's own."""
    return lambda name: f"{name}.{abs(hash(request.node.nodeid))}@example.com"


def row(email, **more):
    return {"firstName": "Ann", "lastName": "Lee", "email": email, "password": PASSWORD, **more}


def csv_body(text):
    return {"importMethod": "csv", "csvData": text}


def results(answer):
    assert answer.status_code == 200, answer.text
    return answer.get_json()["results"]


def found(admin, email):
    users = admin.get(f"{U}?search={email}").get_json()["users"]
    return users[0] if users else None


def log_in(client, email, password=PASSWORD):
    return client.post(LOGIN, json={"email": email, "password": password}).status_code


class TestCsv:
    def test_makes_accounts_of_good_rows_and_says_what_is_wrong_with_the_others(self, admin, anyone, mail):
        text = HEADER + "".join(
            f"{line}\n"
            for line in (
                f"C1,L1,{mail('c1')},{PASSWORD},trainer,Rep,Acme",
                f"C2,L2,{mail('c2')},{PASSWORD},,,",
                f"C3,,{mail('c3')},{PASSWORD},,,",
                f"C4,L4,bademail,{PASSWORD},,,",
                f"C5,L5,{mail('c5')},weak,,,",
                f"C6,L6,{mail('c6')},{PASSWORD},wizard,,",
                f"C7,L7,{mail('c1').upper()},{PASSWORD},,,",
            )
        )
        assert results(admin.post(B, csv_body(text))) == {
            "success": 2,
            "failed": 5,
            "errors": [
                f"User {mail('c3')}: Missing required fields",
                "User bademail: Invalid email format",
                f"User {mail('c5')}: Password must be at least 8 characters long",
                f"User {mail('c6')}: Invalid role. Must be one of: super_admin, company_admin, trainer, learner",
                f"User {mail('c1').upper()}: {TAKEN}",
            ],
        }
        made = found(admin, mail("c1"))
        assert (made["name"], made["role"], made["job_role"]) == ("C1 L1", "trainer", "Rep")
        assert found(admin, mail("c2"))["role"] == "learner"
        assert [log_in(anyone, mail(name)) for name in ("c1", "c2", "c5")] == [200, 200, 401]

    def test_stores_a_hash_and_the_address_in_lower_case(self, admin, mail):
        address = mail("low")
        assert results(admin.post(B, csv_body(HEADER + f"A,B,{address.upper()},{PASSWORD},,,\n")))["success"] == 1
        stored = db.row("SELECT password, job_role FROM users WHERE email = %(email)s", email=address)
        assert stored["password"].startswith("$2b$04$")
        assert stored["job_role"] is None

    def test_refuses_addresses_that_are_none_and_trims_what_nobody_sees(self, admin, mail):
        rows = [row(email) for email in ADDRESSES_TO_REFUSE]
        found = results(admin.post(B, {"users": [*rows, row(f"\u200b{mail('unseen')}\u00ad")]}))
        assert (found["success"], found["failed"]) == (1, len(rows))
        assert all(line.endswith(": Invalid email format") for line in found["errors"])
        assert db.value("SELECT count(*) FROM users WHERE email = %(email)s", email=mail("unseen")) == 1

    def test_takes_short_rows_and_refuses_long_ones_singly(self, admin, mail):
        text = HEADER + f"C1,L1,{mail('s1')},{PASSWORD}\nC2,L2\nC3,L3,{mail('s3')},{PASSWORD},,,Acme,more\n"
        text += f"C4,L4,{mail('s4')},{PASSWORD},,,,,\nC5,L5,{mail('s5')},{PASSWORD} ,,,\n"
        assert results(admin.post(B, csv_body(text))) == {
            "success": 2,
            "failed": 3,
            "errors": [
                "User unknown: Missing required fields",
                f"User {mail('s3')}: Too many fields",
                f"User {mail('s5')}: Password must not begin or end with a blank",
            ],
        }

    def test_takes_what_a_european_excel_writes(self, admin, anyone, mail):
        text = f"\ufeffsep=;\r\nFirst Name;Last Name;E-Mail;Password\r\nJürgen;Müller;{mail('de')};{PASSWORD}\r\n"
        assert results(admin.post(B, csv_body(text)))["success"] == 1
        assert found(admin, mail("de"))["name"] == "Jürgen Müller"
        assert log_in(anyone, mail("de")) == 200

    @pytest.mark.parametrize("text", ["", "  \n", None])
    def test_needs_something_to_read(self, admin, text):
        assert error(admin.post(B, csv_body(text))) == NOTHING

    @pytest.mark.parametrize(
        ("text", "refusal"),
        [
            (HEADER, NOBODY),
            (5, (400, "Invalid value for csvData")),
            (HEADER + "a\0,b,c,d,,,\n", (400, "Invalid value for csvData")),
            (
                "name;email\n",
                (
                    400,
                    "Invalid CSV: line 1 must name the columns firstName, lastName, email, password: it has no password",
                ),
            ),
        ],
    )
    def test_is_refused_as_a_whole_when_it_cannot_be_read(self, admin, text, refusal):
        assert error(admin.post(B, csv_body(text))) == refusal


class TestJson:
    def test_takes_an_array_its_text_and_a_plain_list(self, admin, mail):
        bodies = [
            {"importMethod": "json", "jsonData": [row(mail("j1"), role=" TRAINER ", jobRole="X")]},
            {"importMethod": "json", "jsonData": json.dumps([row(mail("j2"))])},
            {"users": [row(mail("j3")), {"name": "One Field", "email": mail("j4"), "password": PASSWORD}]},
        ]
        assert [results(admin.post(B, body))["success"] for body in bodies] == [1, 1, 2]
        assert found(admin, mail("j1"))["role"] == "trainer"
        assert found(admin, mail("j4"))["name"] == "One Field"

    def test_names_what_is_wrong_with_each_row(self, admin, mail):
        rows = [
            None,
            5,
            {},
            row(mail("n"), password=12345678),
            row(mail("n"), firstName={"a": 1}),
            row(mail("n"), jobRole="a\0b"),
            row({"a": 1}),
            row(mail("n"), password="Aa1" + "x" * 80),
            row("a\ud800@example.com"),
            row(f"<b>x</b>@{'y' * 400}.com"),
        ]
        raw = json.dumps({"users": rows})
        answer = results(admin.post(B, data=raw, content_type="application/json"))
        assert (answer["success"], answer["failed"]) == (0, len(rows))
        assert answer["errors"] == [
            *["User unknown: Missing required fields"] * 3,
            f"User {mail('n')}: Invalid value for password",
            f"User {mail('n')}: Invalid value for firstName",
            f"User {mail('n')}: Invalid value for jobRole",
            "User unknown: Invalid value for email",
            f"User {mail('n')}: Password must be at most 72 bytes long",
            "User unknown: Invalid value for email",
            f"User <b>x</b>@{'y' * 311}: Invalid email format",
        ]

    def test_a_bad_row_does_not_take_the_address_from_a_good_one(self, admin, mail):
        rows = [row(mail("again"), password="weak"), row(mail("again")), row(mail("again"))]
        answer = results(admin.post(B, {"users": rows}))
        assert (answer["success"], answer["errors"][1:]) == (1, [f"User {mail('again')}: {TAKEN}"])

    def test_refuses_an_address_that_somebody_has_in_whatever_case(self, admin, alice, mail):
        old = mail("Old").capitalize()
        db.execute("INSERT INTO users (name, email, password) VALUES ('Old', %(email)s, 'x')", email=old)
        answer = results(admin.post(B, {"users": [row(alice.email.upper()), row(old.lower()), row(mail("new"))]}))
        assert answer == {
            "success": 1,
            "failed": 2,
            "errors": [f"User {alice.email.upper()}: {TAKEN}", f"User {old.lower()}: {TAKEN}"],
        }

    def test_makes_more_people_than_one_statement_does(self, admin, mail):
        rows = [row(mail(f"many{number}")) for number in range(59)]
        rows.insert(10, row(mail("many3")))
        answer = results(admin.post(B, {"users": rows}))
        assert answer == {"success": 59, "failed": 1, "errors": [f"User {mail('many3')}: {TAKEN}"]}
        assert len(admin.get(f"{U}?search={mail('many')[4:]}").get_json()["users"]) == 59

    def test_again_makes_nobody_twice(self, admin, mail):
        body = {"users": [row(mail("twice"))]}
        assert [results(admin.post(B, body))["success"] for _ in range(2)] == [1, 0]

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({}, NOTHING),
            ({"importMethod": "xml"}, NOTHING),
            ({"importMethod": ["csv"], "csvData": "x"}, NOTHING),
            ({"importMethod": "json"}, NOTHING),
            ({"importMethod": "json", "jsonData": ""}, NOTHING),
            ({"importMethod": "csv", "jsonData": "[]"}, NOTHING),
            ({"users": None}, NOTHING),
            ({"users": []}, NOBODY),
            ({"users": "[]"}, NOBODY),
            ({"users": {"a": 1}}, NOBODY),
            ({"importMethod": "json", "jsonData": {"a": 1}}, NOBODY),
            ({"importMethod": "json", "jsonData": []}, NOBODY),
            ({"importMethod": "json", "jsonData": "[{"},
             (400, "Invalid JSON: it cannot be read at line 1, character 3")),
        ],
    )  # fmt: skip
    def test_is_refused_as_a_whole_when_it_is_none(self, admin, body, refusal):
        assert error(admin.post(B, body)) == refusal

    def test_has_a_row_limit(self, admin):
        status, text = error(admin.post(B, {"users": [{}] * 61}))
        assert (status, "at most 60 people" in text) == (413, True)
        assert results(admin.post(B, {"users": [{}] * 60}))["failed"] == 60

    def test_has_the_large_body_limit(self, admin):
        filler = "x" * 2_000_000
        assert results(admin.post(B, {"users": [{"other": filler}]}))["failed"] == 1
        answer = admin.post(B, {"users": [{"other": filler * 6}]})
        assert error(answer) == (413, "Request body too large")


class TestForm:
    def send(self, caller, *parts, content_type="application/json"):
        return caller.post(B, data=form(WEBKIT, *parts), content_type=content_type)

    @pytest.mark.parametrize("content_type", ["application/json", f"multipart/form-data; boundary={WEBKIT}"])
    def test_brings_a_csv_file_also_under_the_wrong_label(self, admin, anyone, mail, content_type):
        file = ("file", "u.csv", f"\ufeff{HEADER}Zoë,张,{mail('f1')},{PASSWORD},learner,x,Acme\n".encode())
        answer = self.send(admin, ("importMethod", None, b"csv"), file, content_type=content_type)
        assert results(answer) == {"success": 1, "failed": 0, "errors": []}
        assert found(admin, mail("f1"))["name"] == "Zoë 张"
        assert log_in(anyone, mail("f1")) == 200

    def test_brings_excels_unicode_text(self, admin, mail):
        text = f"\ufefffirstName\tlastName\temail\tpassword\r\nZoë\t张\t{mail('u16')}\t{PASSWORD}\r\n"
        file = ("file", "u.txt", text.encode("utf-16-le"))
        assert results(self.send(admin, ("importMethod", None, b"csv"), file))["success"] == 1
        assert found(admin, mail("u16"))["name"] == "Zoë 张"

    def test_brings_json_as_a_field_or_a_file(self, admin, mail):
        method = ("importMethod", None, b"json")
        field = ("jsonData", None, json.dumps([row(mail("f2"))]).encode())
        file = ("file", "u.json", json.dumps([row(mail("f3"))]).encode())
        assert [results(self.send(admin, part, method))["success"] for part in (field, file)] == [1, 1]

    @pytest.mark.parametrize(
        ("parts", "refusal"),
        [
            ([("importMethod", None, b"csv")], NOTHING),
            ([("importMethod", None, b"csv"), ("file", "u.csv", b"")], NOTHING),
            ([("file", "u.csv", HEADER.encode())], NOTHING),
            ([("importMethod", None, b"csv"), ("file", "u.csv", HEADER.encode())], NOBODY),
            ([("importMethod", None, b"csv"), ("file", "u.csv", HEADER.encode() + b"\xff,")],
             (400, "Invalid CSV: line 2 is not UTF-8. Save the file as CSV UTF-8")),
            ([("importMethod", None, b"json"), ("jsonData", None, b"[{")],
             (400, "Invalid JSON: it cannot be read at line 1, character 3")),
        ],
    )  # fmt: skip
    def test_is_refused(self, admin, parts, refusal):
        assert error(self.send(admin, *parts)) == refusal

    def test_cut_off_is_refused(self, admin):
        raw = form(WEBKIT, ("importMethod", None, b"csv"))[:-20]
        answer = admin.post(B, data=raw, content_type="application/json")
        assert error(answer) == (400, "Invalid form data in request body")

    def test_is_taken_nowhere_else(self, admin):
        raw = form(WEBKIT, ("importMethod", None, b"csv"))
        answer = admin.post(U, data=raw, content_type="application/json")
        assert error(answer) == (400, "Invalid JSON in request body")

    def test_of_another_type_is_refused(self, admin):
        answer = admin.post(B, data=HEADER, content_type="text/csv")
        assert error(answer) == (415, "Content-Type must be application/json")


class TestWho:
    def test_a_company_admin_imports_no_admins(self, company_admin, admin, mail):
        rows = [row(mail("ca1")), row(mail("ca2"), role="super_admin"), row(mail("ca3"), role="Company_Admin")]
        assert results(company_admin.post(B, {"users": rows})) == {
            "success": 1,
            "failed": 2,
            "errors": [f"User {mail(n)}: Only a super admin can manage admin accounts" for n in ("ca2", "ca3")],
        }
        assert found(admin, mail("ca2")) is None

    def test_a_super_admin_does(self, admin, mail):
        assert results(admin.post(B, {"users": [row(mail("sa"), role="super_admin")]}))["success"] == 1
        assert found(admin, mail("sa"))["role"] == "super_admin"

    @pytest.mark.parametrize("raw", ["{bad", form(WEBKIT, ("importMethod", None, b"csv"))])
    def test_others_are_refused_before_the_body_is_looked_at(self, alice, trainer, anyone, raw):
        for caller in (alice, trainer):
            answer = caller.post(B, data=raw, content_type="application/json")
            assert error(answer) == (403, "Admin access required")
        answer = anyone.post(B, data=raw, content_type="application/json")
        assert error(answer) == (401, "Authentication required")


@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.one_of(
        st.binary(),
        st.binary().map(lambda noise: form("x", ("importMethod", None, b"csv"), ("file", "u.csv", noise))),
        st.binary().map(lambda noise: b"--x\r\n" + noise),
        st.fixed_dictionaries(
            {
                "importMethod": st.sampled_from(["csv", "json"]),
                "csvData": st.text(),
                "jsonData": st.text() | st.integers(),
            }
        ).map(lambda body: json.dumps(body).encode()),
    )
)
def test_no_body_makes_it_fail(admin, raw):
    answer = admin.post(B, data=raw, content_type="application/json")
    assert answer.status_code in (200, 400, 413)
    if answer.status_code != 200:
        error(answer)
