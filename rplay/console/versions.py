"""Earlier versions of a scenario: what each contained, and what it changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from rplay.console.new_talk import difficulty_name, kind_name
from rplay.console.rendering import page as rendered
from rplay.console.reviews_shown import UNLOCKS
from rplay.console.words import N_, gettext, number
from rplay.console.workshop import FAILS, POINTS, shown_point, shown_taboo
from rplay.db import scenarios as stored_scenarios
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.training import scenarios
from rplay.training.scenario import Content, Secret, stored
from rplay.web.auth import signed_in
from rplay.web.body import with_id
from rplay.web.parts import parts

bp = Blueprint("versions", __name__, url_prefix="/scenarios/<scenario_id>/versions")

NUMBER = re.compile("[0-9]{1,6}")
CLIENT = {
    "name": N_("Name of the client"), "age": N_("Age"), "occupation": N_("Work"), "family": N_("Family"),
    "income": N_("Income"), "background": N_("Story"), "assets": N_("Assets"), "debts": N_("Debts"),
    "goals": N_("Goals"), "concerns": N_("Worries"), "hiddenObjections": N_("Doubts"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a version. `before` is its content in the previous version, None if it is unchanged."""

    label: str
    lines: list[str]
    before: list[str] | None


@bp.get("")
@signed_in
@with_id("scenario")
def page(user: SignedIn, scenario_id: UUID) -> Response:
    found = scenarios.seen_by(user, scenario_id)
    return rendered("versions.html", user, there=found, versions=stored_scenarios.versions(scenario_id))


@bp.get("/<version>")
@signed_in
@with_id("scenario")
def one(user: SignedIn, scenario_id: UUID, version: str) -> Response:
    newest = scenarios.seen_by(user, scenario_id)
    found = stored_scenarios.of_version(scenario_id, int(version)) if NUMBER.fullmatch(version) else None
    if found is None:
        raise NotFound("Scenario not found")
    former = stored_scenarios.of_version(scenario_id, found.version - 1)
    every = list(rows(stored(found.content), stored(former.content) if former else None))
    return rendered("version.html", user, there=found, newest=newest.version, rows=every, has_former=former is not None)


def rows(content: Content, former: Content | None) -> Iterator[Row]:
    """Yield the fields in the order of the workshop, including those that only the former version has."""
    now = dict(_said(content))
    then = now if former is None else dict(_said(former))
    for label in [*now, *(label for label in then if label not in now)]:
        lines, before = now.get(label, []), then.get(label, [])
        if lines or before:
            yield Row(label, lines, None if lines == before else before)


def _said(content: Content) -> Iterator[tuple[str, list[str]]]:
    yield gettext("Name"), [content.name]
    yield gettext("What it is about"), [kind_name(_industries(), content.industry, content.subcategory)]
    yield gettext("The client"), [difficulty_name(content.difficulty)]
    yield gettext("What the learner reads"), content.task.splitlines()
    yield gettext("Minutes"), _number(content.minutes)
    for key in [*CLIENT, *(key for key in content.client if key not in CLIENT)]:
        yield gettext(CLIENT[key]) if key in CLIENT else key, _texts(content.client.get(key))
    for place, secret in enumerate(content.secrets, 1):
        yield gettext("Secret %(number)s", number=place), _secret(secret)
    yield gettext("Facts about the product"), content.product
    yield gettext("Must be said"), [shown_point(point) for point in content.must_say]
    yield gettext("Must not be said"), [shown_taboo(point) for point in content.must_not_say]
    yield gettext("Learners read these points"), [gettext(dict(POINTS)["yes" if content.points_shown else ""])]
    yield gettext("Number to reach"), _number(content.pass_mark)
    yield gettext("A broken rule fails it"), [gettext(dict(FAILS)[content.fails_from or ""])]
    yield gettext("Attempts"), _number(content.attempts)


def _industries() -> dict[str, Any]:
    return parts().data.industry_metadata()


def _number(value: float | None) -> list[str]:
    return [] if value is None else [number(value)]


def _texts(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [str(text) for text in several if text not in (None, "")]


def _secret(secret: Secret) -> list[str]:
    words = f" ({', '.join(secret.words)})" if secret.words else ""
    return [f"{secret.about}{words}", *secret.says, "; ".join(gettext(UNLOCKS[one]) for one in secret.unlock)]
