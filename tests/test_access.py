"""Walks every route and method of the URL map: each has an access rule, and the rule holds against everybody else.

Cases are made from the map and from the models of bodies and queries. A route that takes an id stands in one of the
lists below, or the test fails.
"""

import re
from uuid import UUID

import pytest

from rplay import create_app, db, security
from rplay.db import engagement_log, sessions, users
from rplay.db.users import ROLES
from rplay.web.views import declared
from tests.conftest import PASSWORD, error, settings_for
from tests.judged import group_of
from tests.trained import assigned, scenario_of

ID = "00000000-0000-4000-8000-000000000000"
RULES = {"public", "session", "admin", "super_admin", "session or legacy", "admin or legacy"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
SAFE = {"GET", "HEAD"}
OWN_PAGE = {"Origin": "http://localhost"}  # of the server itself: no other page may send a form
AUTHENTICATE, DEAD = (401, "Authentication required"), (401, "Invalid or expired session")

# Who may call without a session, by name; everything else needs one.
PUBLIC = {
    "auth.register", "auth.login", "auth.logout", "auth.check", "auth.forgot_password", "auth.reset_password",
    "health.health", "health.database_health", "health.ready", "health.information", "health.speech_stats",
    "docs.asyncapi", "docs.openapi", "docs.page", "docs.trial", "docs.style", "docs.script", "metrics.metrics", "agents.health",
    "competencies.every", "competencies.by_industry", "difficulty.every", "difficulty.get",
    "door.root", "door.favicon", "console.assets.file", "console.refusals.nothing",
    "console.sign_in.page", "console.sign_in.sign_in", "console.sign_in.sign_out", "console.sign_in.register_page",
    "console.sign_in.register", "console.sign_in.forgotten_page", "console.sign_in.forgotten",
    "console.sign_in.choose_page", "console.sign_in.choose",
}  # fmt: skip

# Routes with somebody's id in the path, and what a stranger is told.
OWNED = {
    "simulation.get": (403, "Not authorized to view this simulation"),
    "simulation.get_by_key": (403, "Not authorized to view this simulation"),
    "simulation.put": (403, "Not authorized to update this simulation"),
    "simulation.patch": (403, "Not authorized to update this simulation"),
    "simulation.complete": (403, "Not authorized to complete this simulation"),
    "simulation.delete": (403, "Not authorized to delete this simulation"),
    "users.get": (403, "Unauthorized to view this user"),
    "users.put": (403, "Admin access required"),
    "personal_data.export": (403, "Unauthorized to view this user"),
    "console.new_talk.client": (403, ""),
    "console.new_talk.another_client": (403, ""),
    "console.review.page": (403, ""),
    "console.review.make": (403, ""),
    "console.review.dispute": (403, ""),
    "console.review.again": (403, ""),
    "console.history.compare": (403, ""),
    "reviews.every": (403, "Not authorized to view these reviews"),
    "reviews.create": (403, "Not authorized to view these reviews"),
    "judgements.dispute": (403, "Not authorized to dispute this review"),
    "judgements.resolve": (403, "Not authorized to judge this simulation"),
    "judgements.override": (403, "Not authorized to judge this simulation"),
    "judgements.mark": (403, "Not authorized to judge this simulation"),
    "groups.get": (403, "Not authorized to view this group"),
    "console.judge.page": (403, "Not authorized to view these reviews"),
    "console.judge.mark": (403, "Not authorized to view these reviews"),
    "console.judge.override": (403, "Not authorized to view these reviews"),
    "console.judge.answer": (403, "Not authorized to view these reviews"),
    "console.groups.group": (403, "Not authorized to view this group"),
    "console.groups.table": (403, "Not authorized to view this group"),
    "console.scenarios.scenario": (403, ""),
    "console.scenarios.change": (403, ""),
    "console.scenarios.attempt": (403, ""),
    "console.scenarios.archive": (403, ""),
    "console.assignments.create": (403, ""),
    "console.assignments.page": (403, ""),
    "console.assignments.change": (403, ""),
    "console.assignments.table": (403, ""),
    "console.versions.page": (403, ""),
    "console.versions.one": (403, ""),
    "console.assignments.remove": (403, ""),
    "console.assignments.begin": (403, ""),
    "scenarios.get": (403, "Not authorized to view this scenario"),
    "scenarios.versions": (403, "Not authorized to view this scenario"),
    "scenarios.put": (403, "Not authorized to change this scenario"),
    "scenarios.delete": (403, "Not authorized to change this scenario"),
    "scenarios.attempt": (403, "Not authorized to view this scenario"),
    "assignments.get": (403, "Not authorized to view this assignment"),
    "assignments.patch": (403, "Not authorized to view this assignment"),
    "assignments.delete": (403, "Not authorized to view this assignment"),
    "assignments.attempt": (403, "Not assigned to you"),
    "console.talk.page": (403, "Not authorized to view this simulation"),
}
# Routes whose path names nothing that is anybody's.
SHARED = {
    "competencies.get", "difficulty.get", "parameters.api.get", "parameters.without_api.get",
    "console.assets.file", "console.refusals.nothing",
    "docs.script",
}  # fmt: skip

# The same for ids in bodies and queries: refused, or answered with the caller's own.
REFUSED = {
    ("auth.change_password", "userId"): (403, "Not authorized to change this password"),
    ("feedback.create", "simulationId"): (404, "Simulation not found"),
    ("feedback.listed", "userId"): (403, "Not authorized to view this feedback"),
    ("engagement_log.score", "sessionId"): (403, "Not authorized to view this session"),
    ("judgements.dispute", "reviewId"): (404, "Simulation not found"),
    ("judgements.override", "reviewId"): (404, "Simulation not found"),
    ("assignments.create", "scenarioId"): (403, "Trainer access required"),
    ("assignments.create", "groupId"): (403, "Trainer access required"),
    ("assignments.create", "userId"): (403, "Trainer access required"),
}
OWN_ONLY = {("feedback.listed", "simulationId"), ("engagement.stats", "userId"), ("engagement.history", "userId")}
# Competencies and categories are everybody's; the other ids are only written into the caller's own rows.
HARMLESS = {
    ("feedback.create", "competencyId"), ("feedback.listed", "competencyId"),
    ("engagement.create", "simulationId"), ("engagement.create", "sessionId"),
    ("engagement_log.log", "simulationId"), ("engagement_log.log", "sessionId"),
    ("engagement_log.entries", "sessionId"), ("parameters.api.every", "categoryId"),
    ("parameters.without_api.every", "categoryId"),
    ("chat.client_response", "sessionId"), ("chat.client_response_stream", "sessionId"),
    ("chat.expert_response", "sessionId"), ("agents.chat_with_client", "sessionId"),
    ("agents.chat_with_client_stream", "sessionId"), ("agents.chat_with_expert", "sessionId"),
}  # fmt: skip
BODIES = {
    "simulation.put": {"conversationHistory": []},
    "simulation.patch": {"conversation_history": [], "total_xp": 1},
    "simulation.complete": {"total_xp": 1},
    "users.put": {"name": "Mallory", "email": "mallory@example.com", "role": "learner"},
    "auth.change_password": {"currentPassword": PASSWORD, "newPassword": "Changed0ne"},
    "feedback.create": {"rating": 0},
    "judgements.dispute": {"reviewId": ID, "competency": "overall", "reason": "Unfair"},
    "judgements.resolve": {"resolution": "kept", "reason": "Fair"},
    "judgements.override": {"reviewId": ID, "competency": "overall", "reason": "Mine", "score": 10},
    "judgements.mark": {"scores": {"overall": 10}},
    "scenarios.put": {"scenario": {"name": "Mine"}},
    "assignments.create": {"scenarioId": ID},
    "assignments.patch": {"attempts": 9},
}


def routes(app):
    """Every rule with each method that it answers but OPTIONS, its view and a path with an id of nobody's."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"OPTIONS"}):
            yield rule, method, app.view_functions[rule.endpoint], rule.build(dict.fromkeys(rule.arguments, ID))[1]


def refused(answer, refusal):
    """A page says it in words of its own, and leads whoever has to sign in to where that is done."""
    if answer.request.path.startswith("/console/"):
        signs_in = answer.status_code == 303 and answer.location.startswith("/console/sign-in?next=")
        return answer.status_code == refusal[0] or (refusal[0] == 401 and answer.request.method in SAFE and signs_in)
    return answer.status_code == refusal[0] if answer.request.method == "HEAD" else error(answer) == refusal


def ids_of(view):
    """The names of those fields of its body, its form and its query that look like ids, as clients write them."""
    for model in (declared(view).body, declared(view).form, declared(view).query):
        for name, info in model.model_fields.items() if model else ():
            if name == "id" or name.endswith("_id"):
                yield info.alias or name


@pytest.fixture(scope="module")
def strict(app, data_dir):
    """The same application without calls that need no session."""
    return create_app(settings_for(data_dir=data_dir, legacy_frontend=False))


class TestRules:
    def test_every_route_has_one(self, app):
        for rule, _, view, _ in routes(app):
            assert declared(view).access in RULES, rule.endpoint

    def test_only_the_routes_on_the_list_are_public(self, app):
        assert {rule.endpoint for rule, _, view, _ in routes(app) if declared(view).access == "public"} == PUBLIC

    def test_every_id_in_a_path_is_somebodys_or_shared(self, app):
        """A new route with an id has to come into one of the lists."""
        with_ids = {
            rule.endpoint for rule, _, view, _ in routes(app) if rule.arguments and "admin" not in declared(view).access
        }
        assert with_ids == set(OWNED) | SHARED

    def test_every_id_in_a_body_or_query_was_thought_about(self, app):
        named = {
            (rule.endpoint, name)
            for rule, _, view, _ in routes(app)
            if declared(view).access not in ("admin", "super_admin", "public")
            for name in ids_of(view)
        }
        assert named == set(REFUSED) | OWN_ONLY | HARMLESS

    def test_no_route_takes_an_address_to_call(self, app):
        for rule, _, view, _ in routes(app):
            for model in (declared(view).body, declared(view).form, declared(view).query):
                for name in model.model_fields if model else ():
                    assert not re.search("ur[il]|host|endpoint|callback|hook|proxy", name), (rule.endpoint, name)


class TestWithoutASession:
    def test_every_other_route_refuses(self, app, anyone):
        for _, method, view, path in routes(app):
            if declared(view).access != "public" and "legacy" not in declared(view).access:
                answer = anyone.open(
                    path, method=method, data="{bad", content_type="application/json", headers=OWN_PAGE
                )
                assert refused(answer, AUTHENTICATE), (method, path)

    def test_so_do_the_old_frontends_where_it_is_not_served(self, strict):
        stranger = strict.test_client(use_cookies=False)
        for _, method, view, path in routes(strict):
            if declared(view).access != "public":
                answer = stranger.open(
                    path, method=method, data="{bad", content_type="application/json", headers=OWN_PAGE
                )
                assert refused(answer, AUTHENTICATE), (method, path)

    def test_the_old_frontend_gets_in_only_where_it_is_served(self, app, anyone):
        opened = {
            rule.endpoint
            for rule, method, view, path in routes(app)
            if "legacy" in declared(view).access and anyone.open(path, method=method).status_code != 401
        }
        assert opened == {rule.endpoint for rule, _, view, _ in routes(app) if "legacy" in declared(view).access}

    def test_a_preflight_tells_nothing(self, app, anyone):
        for _, _, _, path in routes(app):
            answer = anyone.options(path)
            assert (answer.status_code, answer.data) == (204, b""), path


KINDS = (
    "expired", "signed out", "of a deleted account", "renewed", "with an old password",
    "what the database keeps of a live one", "cut", "in another case", "two", "empty", "SQL", "very long", "not ASCII", "NUL",
)  # fmt: skip


@pytest.fixture(scope="module")
def dead_tokens(person, admin):
    """Tokens of every kind that lets nobody in."""
    expired, signed_out, deleted, renewed, changed, alive = (person(name, "super_admin") for name in "ABCDEF")
    db.execute(
        "UPDATE sessions SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 second' WHERE user_id = %(id)s",
        id=expired.id,
    )
    signed_out.post("/api/auth/logout")
    assert admin.delete(f"/api/users/{deleted.id}").status_code == 200
    fresh = renewed.post("/api/auth/refresh").get_json()["data"]["token"]
    body = {"name": "E", "email": changed.email, "role": "super_admin", "password": "Changed0ne"}
    assert admin.put(f"/api/users/{changed.id}", body).status_code == 200
    assert alive.get("/api/auth/me").status_code == 200
    tokens = {
        "expired": expired.token,
        "signed out": signed_out.token,
        "of a deleted account": deleted.token,
        "renewed": renewed.token,
        "with an old password": changed.token,
        "what the database keeps of a live one": security.token_hash(alive.token),
        "cut": alive.token[:-1],
        "in another case": alive.token.swapcase(),
        "two": f"{fresh} {fresh}",
        "empty": "",
        "SQL": "' OR '1'='1",
        "very long": "x" * 7000,
        "not ASCII": "tök€n",
        "NUL": "a\0b",
    }
    assert set(tokens) == set(KINDS)
    return tokens


class TestDeadTokens:
    @pytest.mark.sampled(2)
    @pytest.mark.parametrize("kind", KINDS)
    def test_let_nobody_in_anywhere(self, app, anyone, dead_tokens, kind):
        for _, method, view, path in routes(app):
            if declared(view).access != "public" and method != "HEAD":
                headers = {"Authorization": f"Bearer {dead_tokens[kind]}", **OWN_PAGE}
                answer = anyone.open(path, method=method, headers=headers, data="{bad")
                assert refused(answer, DEAD), (method, path)

    @pytest.mark.parametrize("kind", KINDS)
    def test_nor_to_ones_own_account(self, anyone, dead_tokens, kind):
        headers = {"Authorization": f"Bearer {dead_tokens[kind]}"}
        assert refused(anyone.get("/api/auth/me", headers=headers), DEAD)

    @pytest.mark.sampled(1)
    @pytest.mark.parametrize("sent", ["{token}", "Basic {token}", "Bearer", "Token {token}", "Bearer{token}", ""])
    def test_nor_does_a_live_one_under_another_scheme(self, app, anyone, alice, sent):
        for _, method, view, path in routes(app):
            if declared(view).access != "public":
                headers = {"Authorization": sent.format(token=alice.token), **OWN_PAGE}
                assert refused(anyone.open(path, method=method, headers=headers), DEAD), (method, path)

    def test_as_cookies_they_let_nobody_in_either(self, app, anyone, dead_tokens):
        for kind in ("expired", "of a deleted account"):
            for _, method, view, path in routes(app):
                if declared(view).access != "public" and method != "HEAD":
                    headers = {"Cookie": f"session_token={dead_tokens[kind]}", **OWN_PAGE}
                    assert refused(anyone.open(path, method=method, headers=headers), DEAD), (kind, method, path)

    def test_keep_nobody_out_of_what_is_public(self, app, anyone):
        for _, method, view, path in routes(app):
            if declared(view).access == "public":
                answer = anyone.open(path, method=method, headers={"Authorization": "Bearer dead", **OWN_PAGE})
                assert answer.status_code not in (401, 403), (method, path)


class TestCookies:
    @pytest.mark.sampled(2)
    @pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://localhost:3000.evil.example", ""])
    def test_from_a_foreign_page_change_nothing(self, app, anyone, admin, origin):
        for _, method, view, path in routes(app):
            if method in UNSAFE and declared(view).access != "public":
                headers = {
                    "Cookie": f"session_token={admin.token}",
                    **({"Origin": origin} if origin is not None else {}),
                }
                answer = anyone.open(path, method=method, headers=headers, data="{bad", content_type="application/json")
                refusal = (403, "") if declared(view).page else DEAD
                assert refused(answer, refusal), (method, path)

    def test_from_an_allowed_page_are_as_good_as_the_header(self, anyone, alice):
        headers = {"Cookie": f"session_token={alice.token}", "Origin": "http://localhost:3000"}
        body = {"industry": "insurance", "difficulty": "beginner"}
        assert anyone.post("/api/simulation", json=body, headers=headers).status_code == 201
        assert anyone.get("/api/auth/me", headers={"Cookie": f"session_token={alice.token}"}).status_code == 200

    def test_the_header_wins_over_the_cookie(self, anyone, alice):
        headers = {"Cookie": f"session_token={alice.token}", "Authorization": "Bearer dead"}
        assert error(anyone.get("/api/auth/me", headers=headers)) == DEAD


class TestRoles:
    def test_admin_routes_refuse_everybody_below(self, app, alice, trainer, company_admin):
        for _, method, view, path in routes(app):
            callers = [alice, trainer] if "admin" in declared(view).access else []
            callers += [company_admin] if declared(view).access == "super_admin" else []
            for caller in callers:
                answer = caller.call(method, path, data="{bad", content_type="application/json")
                assert refused(answer, (403, "Admin access required")), (method, path)

    def test_trainers_pages_refuse_learners(self, app, alice):
        rooms = ("scenarios", "versions", "groups", "assignments", "queue", "judge")
        for rule, method, _, path in routes(app):
            room = rule.endpoint.removeprefix("console.").partition(".")[0]
            own = rule.endpoint.endswith(("assignments.mine", "assignments.attempt", "assignments.begin"))
            if room in rooms and not own and rule.endpoint != "groups.every" and method != "HEAD":
                body = None if path.startswith("/console/") else BODIES.get(rule.endpoint, {})
                answer = alice.call(method, path, body, headers=OWN_PAGE)
                there_is_none = 404 if room == "judge" else 400 if method == "POST" else 403
                assert answer.status_code in (403, there_is_none), (method, path)

    def test_a_demoted_admin_loses_them_at_once(self, app, person):
        was = person("Was", "super_admin")
        assert was.get("/api/users").status_code == 200
        db.execute("UPDATE users SET role = 'learner' WHERE id = %(id)s", id=was.id)
        for _, method, view, path in routes(app):
            if "admin" in declared(view).access:
                answer = was.call(method, path, data="{bad", content_type="application/json")
                assert refused(answer, (403, "Admin access required")), (method, path)

    def test_a_role_in_a_body_or_header_is_not_believed(self, anyone, alice):
        body = {"name": "M", "email": "m@example.com", "password": PASSWORD, "role": "super_admin", "isAdmin": True}
        made = anyone.post("/api/auth/register", json=body).get_json()["data"]
        assert made["user"]["role"] == "learner"
        assert alice.get("/api/users", headers={"X-User-Role": "super_admin"}).status_code == 403
        change = {"name": "Alice", "email": alice.email, "role": "super_admin"}
        assert error(alice.put(f"/api/users/{alice.id}", change)) == (403, "Admin access required")

    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_only_super_admins_touch_admins(self, person, company_admin, role):
        target = person("Target", role)
        change = {"name": "T", "email": target.email, "role": role}
        for answer in (
            company_admin.put(f"/api/users/{target.id}", change),
            company_admin.delete(f"/api/users/{target.id}"),
            company_admin.post("/api/users", {**change, "email": f"new-{target.email}", "password": PASSWORD}),
        ):
            assert (answer.status_code == 403) == (role in ("super_admin", "company_admin"))


class Alices:
    """What is Alice's, with a word of hers in all of it."""

    WORD = "marmalade"

    def __init__(self, alice, tess, admin):
        self.alice, self.tess = alice, tess
        body = {"industry": "insurance", "difficulty": "beginner", "clientProfile": {"name": self.WORD}}
        self.talk = alice.post("/api/simulation", body).get_json()["data"]
        path = f"/api/simulation/{self.talk['id']}"
        alice.put(path, {"conversationHistory": [{"role": "user", "content": f"Do you like {self.WORD}?"}]})
        alice.post(f"{path}/complete", {"performance_review": {"overallScore": 5, "summary": self.WORD}})
        review = alice.get(f"{path}/reviews").get_json()["data"]["current"]
        doubt = {"reviewId": review, "competency": "overall", "reason": self.WORD}
        dispute = alice.post(f"{path}/disputes", doubt).get_json()["data"]["id"]
        self.ids = {
            "simulation_id": self.talk["id"],
            "user_id": alice.id,
            "dispute_id": dispute,
            "version": "1",
            "group_id": group_of(admin, f"Lovers of {self.WORD}", tess, alice),
        }
        self.ids["scenario_id"] = scenario_of(tess, name=f"The cost of {self.WORD}")
        self.ids["assignment_id"] = assigned(tess, self.ids["scenario_id"], userId=alice.id)
        self.fields = {
            "simulationId": self.talk["simulation_id"],
            "userId": alice.id,
            "sessionId": "sitting of Alice",
            "reviewId": review,
            "groupId": self.ids["group_id"],
            "scenarioId": self.ids["scenario_id"],
        }
        alice.post("/api/feedback", {"simulationId": self.talk["id"], "rating": 90, "comments": self.WORD})
        alice.post("/api/engagement", {"eventType": "page_view", "eventData": {"page": self.WORD}})
        for number in range(3):
            key = self.talk["simulation_id"]
            engagement_log.add(f"note {number}", "sitting of Alice", key, UUID(alice.id), {}, None)

    def path(self, rule):
        by_key = rule.endpoint == "simulation.get_by_key"
        return rule.build({**self.ids, **({"simulation_id": self.talk["simulation_id"]} if by_key else {})})[1]

    def insider(self, rule):
        """Somebody who may look there."""
        trainers = rule.endpoint.removeprefix("console.").split(".")[0]
        return self.tess if trainers in ("groups", "judge", "scenarios", "versions", "assignments") else self.alice


@pytest.fixture(scope="module")
def tess(person):
    """The trainer of Alice's group."""
    return person("Tess", "trainer")


@pytest.fixture(scope="module")
def theo(person, admin, bob):
    """The trainer of another group."""
    theo = person("Theo", "trainer")
    group_of(admin, "Bob's", theo, bob)
    return theo


@pytest.fixture(scope="module")
def alices(alice, tess, admin):
    return Alices(alice, tess, admin)


def everything_of(person):
    data = person.get(f"/api/users/{person.id}/export").get_json()["data"]
    return {name: rows for name, rows in data.items() if name not in ("exported_at", "sessions")}


class TestStrangers:
    """Bob, a learner, a trainer without a group and Theo, another group's, call with ids of Alice's, which are there."""

    def test_every_route_with_an_id_works_for_its_owner(self, app, alices):
        for rule, method, _, _ in routes(app):
            if rule.endpoint in OWNED and method == "GET":
                assert alices.insider(rule).get(alices.path(rule)).status_code == 200, rule

    def test_every_route_with_an_id_refuses_them(self, app, alice, bob, trainer, theo, alices):
        before = everything_of(alice)
        for rule, method, _, _ in routes(app):
            if rule.endpoint in OWNED:
                for stranger in (bob, trainer, theo):
                    answer = stranger.call(method, alices.path(rule), BODIES.get(rule.endpoint), headers=OWN_PAGE)
                    assert refused(answer, OWNED[rule.endpoint]), (method, rule)
                    assert Alices.WORD not in answer.text
        assert everything_of(alice) == before

    def test_ids_in_bodies_and_queries_are_refused_or_ignored(self, app, alice, bob, alices):
        before = everything_of(alice)
        for rule, method, view, path in routes(app):
            for name in ids_of(view):
                if (rule.endpoint, name) in REFUSED | dict.fromkeys(OWN_ONLY):
                    sent = {name: alices.fields[name]}
                    if method in UNSAFE:
                        answer = bob.call(method, path, {**BODIES.get(rule.endpoint, {}), **sent})
                    else:
                        answer = bob.call(method, path, query_string=sent)
                    expected = REFUSED.get((rule.endpoint, name))
                    assert refused(answer, expected) if expected else answer.status_code == 200, (rule, name)
                    assert Alices.WORD not in answer.text
                    assert alice.id not in answer.text
        assert everything_of(alice) == before

    @pytest.mark.usefixtures("alices")
    def test_lists_show_none_of_hers(self, app, bob, trainer, theo):
        for rule, method, view, path in routes(app):
            if method == "GET" and "session" in declared(view).access and not rule.arguments:
                for stranger in (bob, trainer, theo):
                    assert Alices.WORD not in stranger.get(path).text, path

    def test_what_they_write_about_her_talk_stays_their_own(self, alice, bob, alices):
        event = {"eventType": "interaction", "simulationId": alices.talk["id"], "user_id": alice.id}
        assert bob.post("/api/engagement", event).get_json()["engagement"]["user_id"] == bob.id
        assert alice.get("/api/engagement/stats").get_json()["stats"]["eventsByType"].get("interaction") is None


def test_an_old_session_row_does_not_let_its_hash_in(anyone, person):
    """A session of the old backend holds the token itself: neither form of a new one may be taken for it."""
    old = person("Old")
    assert sessions.create("a" * 64, users.by_email(old.email, old.email), 1)
    assert error(anyone.get("/api/auth/me", headers={"Authorization": f"Bearer {'a' * 64}"})) == DEAD
