"""PUT /api/users/:id, as a client sees it."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from rplay import db
from tests.addresses import REFUSED as ADDRESSES_TO_REFUSE
from tests.conftest import PASSWORD, error

U, LOGIN, ME = "/api/users", "/api/auth/login", "/api/auth/me"
NOBODY = "00000000-0000-4000-8000-000000000000"
KEYS = ["id", "email", "name", "role", "job_role", "created_at", "updated_at"]
MISSING = (400, "Missing required fields: firstName, lastName, email, role")
ADMINS_ONLY = (403, "Admin access required")
SUPER_ONLY = (403, "Only a super admin can manage admin accounts")


@pytest.fixture
def carol(person):
    """A learner of this test's own."""
    return person("Carol")


def change(of, **more):
    """A whole change of somebody's account, as the admin page sends it."""
    return {"name": "New Name", "email": of.email, "role": of.user["role"], "jobRole": "Lead", **more}


def log_in(client, email, password=PASSWORD):
    return client.post(LOGIN, json={"email": email, "password": password}).status_code


class TestAnAdmin:
    def test_changes_everything_but_the_password(self, admin, carol, anyone):
        body = {"firstName": "Caro", "lastName": "Line", "email": f" X{carol.email.upper()} ", "role": "trainer"}
        answer = admin.put(f"{U}/{carol.id.upper()}", {**body, "jobRole": "Coach", "id": NOBODY, "created_at": "x"})
        user = answer.get_json()["user"]
        assert answer.status_code == 200
        assert list(user) == KEYS
        assert (user["name"], user["email"]) == ("Caro Line", f"x{carol.email}")
        assert (user["role"], user["job_role"], user["id"]) == ("trainer", "Coach", carol.id)
        assert user["updated_at"] > user["created_at"]
        assert admin.get(f"{U}/{carol.id}").get_json()["user"]["role"] == "trainer"
        assert carol.get(ME).get_json()["user"]["name"] == "Caro Line"
        assert log_in(anyone, user["email"]) == 200

    def test_sets_a_password_which_ends_the_sessions(self, admin, carol, anyone):
        assert admin.put(f"{U}/{carol.id}", change(carol, password="Changed1Pass")).status_code == 200
        assert error(carol.get(ME)) == (401, "Invalid or expired session")
        assert log_in(anyone, carol.email) == 401
        assert log_in(anyone, carol.email, "Changed1Pass") == 200

    @pytest.mark.parametrize("password", [None, "", "  "])
    def test_leaves_password_and_sessions_when_none_is_given(self, admin, carol, anyone, password):
        assert admin.put(f"{U}/{carol.id}", change(carol, password=password)).status_code == 200
        assert carol.get(ME).status_code == 200
        assert log_in(anyone, carol.email) == 200

    @pytest.mark.parametrize(
        ("sent", "kept"), [({}, "Lead"), ({"jobRole": ""}, None), ({"jobRole": None}, None), ({"jobRole": "x"}, "x")]
    )
    def test_leaves_the_job_role_when_it_is_not_sent_and_can_empty_it(self, admin, carol, sent, kept):
        admin.put(f"{U}/{carol.id}", change(carol))
        body = {"name": "N", "email": carol.email, "role": "learner", **sent}
        assert admin.put(f"{U}/{carol.id}", body).get_json()["user"]["job_role"] == kept

    @pytest.mark.parametrize(
        ("sent", "refusal"),
        [
            ({"name": None}, MISSING),
            ({"name": None, "firstName": "Only"}, MISSING),
            ({"name": "  "}, MISSING),
            ({"email": None}, MISSING),
            ({"role": None}, MISSING),
            ({"role": ""}, MISSING),
            ({"name": None, "email": "bad"}, MISSING),
            ({"email": "bad"}, (400, "Invalid email format")),
            ({"role": "king"}, (400, "Invalid role. Must be one of: super_admin, company_admin, trainer, learner")),
            ({"password": "abc"}, (400, "Password must be at least 8 characters long")),
            ({"password": 12345678}, (400, "Invalid value for password")),
            ({"name": 5}, (400, "Invalid value for name")),
            ({"name": "a\0b"}, (400, "Invalid value for name")),
            ({"jobRole": ["x"]}, (400, "Invalid value for jobRole")),
        ],
    )
    def test_is_refused(self, admin, carol, sent, refusal):
        assert error(admin.put(f"{U}/{carol.id}", change(carol, **sent))) == refusal
        assert carol.get(ME).get_json()["user"] == carol.user

    @pytest.mark.parametrize("email", ADDRESSES_TO_REFUSE)
    def test_is_refused_an_address_that_is_none(self, admin, carol, email):
        assert error(admin.put(f"{U}/{carol.id}", change(carol, email=email))) == (400, "Invalid email format")

    def test_is_refused_a_used_address_in_any_case(self, admin, carol, bob):
        for email in (bob.email, bob.email.upper()):
            refusal = error(admin.put(f"{U}/{carol.id}", change(carol, email=email)))
            assert refusal == (409, "Email already registered")

    def test_is_told_who_does_not_exist(self, admin, carol):
        assert error(admin.put(f"{U}/{NOBODY}", change(carol))) == (404, "User not found")
        assert error(admin.put(f"{U}/{NOBODY}", {})) == MISSING
        assert error(admin.put(f"{U}/not-an-id", change(carol))) == (400, "Invalid user ID format")

    def test_may_change_their_own_role_as_a_super_admin(self, person):
        leaving = person("Leaving", "super_admin")
        body = change(leaving, role="trainer")
        assert leaving.put(f"{U}/{leaving.id}", body).get_json()["user"]["role"] == "trainer"
        assert error(leaving.get(U)) == ADMINS_ONLY


class TestAnAddressOfFormerDays:
    """Earlier versions took what is not taken any more; it is there, and must not be in the way."""

    @pytest.fixture(params=["{}<at@corp.example>", "\u200b{}@corp.example", "'{}@corp.example'", "{}@corp.example."])
    def owner(self, request, person):
        owner = person("Former")
        owner.email = request.param.format(owner.id)
        db.execute("UPDATE users SET email = %(email)s WHERE id = %(id)s", email=owner.email, id=owner.id)
        return owner

    def test_may_come_back_unchanged(self, owner, admin):
        for caller in (owner, admin):
            answer = caller.put(f"{U}/{owner.id}", change(owner))
            assert (answer.status_code, answer.get_json()["user"]["email"]) == (200, owner.email)

    def test_may_not_be_had_anew(self, owner, carol, admin):
        for caller in (carol, admin):
            answer = caller.put(f"{U}/{carol.id}", change(carol, email="new" + owner.email))
            assert error(answer) == (400, "Invalid email format")

    def test_gives_way_to_a_good_one(self, owner, admin):
        good = f"{owner.id}@example.com"
        answer = admin.put(f"{U}/{owner.id}", change(owner, email=f"\ufeff{good.upper()}\u200b"))
        assert answer.get_json()["user"]["email"] == good


class TestACompanyAdmin:
    @pytest.fixture
    def chief(self, person):
        return person("Chief", "company_admin")

    def test_changes_learners_and_trainers(self, company_admin, carol):
        assert company_admin.put(f"{U}/{carol.id}", change(carol, role="trainer")).status_code == 200

    @pytest.mark.parametrize("role", ["company_admin", "super_admin"])
    def test_promotes_nobody_to_an_admin(self, company_admin, carol, role):
        assert error(company_admin.put(f"{U}/{carol.id}", change(carol, role=role))) == SUPER_ONLY
        assert carol.get(ME).get_json()["user"] == carol.user

    def test_leaves_admins_alone(self, company_admin, admin, chief):
        for other in (admin, chief):
            assert error(company_admin.put(f"{U}/{other.id}", change(other))) == SUPER_ONLY
            assert error(company_admin.put(f"{U}/{other.id}", change(other, role="learner"))) == SUPER_ONLY

    def test_changes_their_own_data_but_not_their_role(self, chief):
        body = change(chief)
        assert chief.put(f"{U}/{chief.id}", body).get_json()["user"]["job_role"] == "Lead"
        body.pop("role")
        assert chief.put(f"{U}/{chief.id}", body).get_json()["user"]["role"] == "company_admin"
        for role in ("super_admin", "learner"):
            assert error(chief.put(f"{U}/{chief.id}", {**body, "role": role})) == SUPER_ONLY

    def test_is_told_of_a_missing_user_before_what_they_may_not_do(self, company_admin, carol):
        answer = company_admin.put(f"{U}/{NOBODY}", change(carol, role="super_admin"))
        assert error(answer) == (404, "User not found")


class TestOneself:
    def test_changes_name_address_and_job_role(self, carol):
        body = {"name": "Carol O'Neil 张", "email": f"new-{carol.email}", "jobRole": "Senior"}
        user = carol.put(f"{U}/{carol.id}", body).get_json()["user"]
        assert list(user) == KEYS
        assert (user["name"], user["email"], user["job_role"]) == (body["name"], body["email"], "Senior")
        assert carol.get(ME).get_json()["user"]["email"] == body["email"]

    def test_may_name_the_role_they_have(self, carol, trainer):
        for somebody in (carol, trainer):
            assert somebody.put(f"{U}/{somebody.id}", change(somebody)).status_code == 200

    @pytest.mark.parametrize("role", ["trainer", "company_admin", "super_admin"])
    def test_cannot_change_the_role(self, carol, role):
        assert error(carol.put(f"{U}/{carol.id}", change(carol, role=role))) == ADMINS_ONLY
        assert carol.get(ME).get_json()["user"] == carol.user

    @pytest.mark.parametrize("role", ["learner", "super_admin"])
    def test_cannot_change_the_password_here(self, person, anyone, role):
        somebody = person("Sneaky", role)
        status, text = error(somebody.put(f"{U}/{somebody.id}", change(somebody, password="Sneaky1Pass")))
        assert (status, "change-password" in text) == (400, True)
        assert log_in(anyone, somebody.email) == 200

    def test_is_refused_what_is_missing_or_taken(self, carol, bob):
        assert error(carol.put(f"{U}/{carol.id}", {"name": "X"})) == MISSING
        answer = carol.put(f"{U}/{carol.id}", change(carol, email=bob.email))
        assert error(answer) == (409, "Email already registered")

    def test_is_not_kept_from_it_by_an_old_row_with_the_address_in_capitals(self, carol):
        sql = "INSERT INTO users (name, email, password) VALUES ('Old', %(email)s, 'x')"
        db.execute(sql, email=carol.email.upper())
        assert carol.put(f"{U}/{carol.id}", change(carol)).status_code == 200


class TestSomebodyElse:
    def test_is_refused_before_the_body_or_the_account_is_looked_at(self, bob, trainer, carol):
        for caller in (bob, trainer):
            for path in (f"{U}/{carol.id}", f"{U}/{uuid.uuid4()}"):
                assert error(caller.put(path, change(carol))) == ADMINS_ONLY
                answer = caller.put(path, data="{bad", content_type="application/json")
                assert error(answer) == ADMINS_ONLY

    def test_needs_a_session(self, anyone, carol):
        assert error(anyone.put(f"{U}/{carol.id}", json={})) == (401, "Authentication required")


def test_two_at_once_cannot_take_one_address(admin, person):
    people = [person("Racer") for _ in range(4)]
    email = f"race-{people[0].email}"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: admin.put(f"{U}/{one.id}", change(one, email=email)), people))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
