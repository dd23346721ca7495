"""Walks every route: each has an access rule, and the rule holds."""

import pytest

from tests.conftest import error

ID = "00000000-0000-4000-8000-000000000000"

# Who may call without a session, by name; everything else needs one.
PUBLIC = {
    "auth.register", "auth.login", "auth.logout", "auth.check", "auth.forgot_password", "auth.reset_password",
    "health.health", "health.database_health", "health.ready", "health.information", "health.speech_stats",
    "docs.openapi", "docs.page", "agents.health",
    "competencies.every", "competencies.by_industry", "difficulty.every", "difficulty.get",
}  # fmt: skip


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method, rule.build(dict.fromkeys(rule.arguments, ID))[1]


def test_every_route_has_a_rule(app):
    rules = {"public", "session", "admin", "super_admin", "session or legacy", "admin or legacy"}
    for rule, _, _ in routes(app):
        assert getattr(app.view_functions[rule.endpoint], "access", None) in rules, rule.endpoint


def test_only_the_routes_on_the_list_are_public(app):
    public = {rule.endpoint for rule, _, _ in routes(app) if app.view_functions[rule.endpoint].access == "public"}
    assert public == PUBLIC


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer dead"}])
def test_every_other_route_refuses_who_is_not_signed_in(app, anyone, headers):
    refusal = (401, "Invalid or expired session" if headers else "Authentication required")
    for rule, method, path in routes(app):
        access = app.view_functions[rule.endpoint].access
        if access != "public" and ("legacy" not in access or headers):
            answer = anyone.open(path, method=method, headers=headers, data="{bad", content_type="application/json")
            assert error(answer) == refusal, (method, path)


def test_every_admin_route_refuses_learners_and_trainers(app, alice, trainer, company_admin):
    for rule, method, path in routes(app):
        access = app.view_functions[rule.endpoint].access
        refused = [alice, trainer] if "admin" in access else []
        refused += [company_admin] if access == "super_admin" else []
        for caller in refused:
            answer = caller.call(method, path, data="{bad", content_type="application/json")
            assert error(answer) == (403, "Admin access required"), (method, path)
