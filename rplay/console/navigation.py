"""The navigation at the top of every page, by role."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request

from rplay.console.words import N_
from rplay.db.users import ROLES
from rplay.web.auth import ADMINS

EVERYBODY = frozenset(ROLES)
TRAINERS = ADMINS | {"trainer"}


@dataclass(frozen=True, slots=True)
class Entry:
    endpoint: str
    label: str
    roles: frozenset[str] = EVERYBODY
    also: tuple[str, ...] = ()  # other blueprints whose pages belong to this entry


ENTRIES = (
    Entry("console.home.page", N_("Home")),
    Entry("console.new_talk.page", N_("New talk")),
    Entry("console.history.page", N_("History")),
    Entry("console.queue.page", N_("Review queue"), TRAINERS),
    Entry("console.groups.page", N_("Groups"), TRAINERS),
    Entry("console.scenarios.page", N_("Scenarios"), TRAINERS),
    Entry("console.people.page", N_("People"), ADMINS),
    Entry("console.insight.page", N_("Insight"), ADMINS),
    Entry(
        "console.rules.page",
        N_("Rules"),
        ADMINS,
        tuple(f"console.{name}" for name in ("competencies", "industries", "parameters", "personality", "changes")),
    ),
    Entry("console.system.page", N_("System"), frozenset({"super_admin"})),
)


def entries(role: str) -> Iterator[tuple[Entry, bool]]:
    """Yield the entries for this role, each with True if the current page belongs to it."""
    here = (request.endpoint or "").rpartition(".")[0]
    for entry in ENTRIES:
        if role in entry.roles and entry.endpoint in current_app.view_functions:
            yield entry, here == entry.endpoint.rpartition(".")[0] or here in entry.also
