"""A new talk: choosing its subject, and showing the client as the advisor would know them beforehand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import AfterValidator, Field

from rplay.agents.types import Difficulty
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import led, talk_address, to
from rplay.console.rendering import page as rendered
from rplay.console.words import N_, gettext
from rplay.db import scenarios, simulation_origins, simulations
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.errors import AINotConfigured, Forbidden, NotConfigured, NotFound
from rplay.training import assigning
from rplay.training import scenarios as training
from rplay.training.scenario import stored
from rplay.web import casting, talks
from rplay.web.auth import signed_in
from rplay.web.body import Title, problem, with_id
from rplay.web.disconnect import while_waited_for
from rplay.web.fields.training import DifficultyLevel, Names, difficulty_of
from rplay.web.limits import limited
from rplay.web.parts import parts

bp = Blueprint("new_talk", __name__)

DIFFICULTIES = (
    ("beginner", N_("Friendly"), N_("One clear question. What one can know beforehand is on the table.")),
    ("intermediate", N_("Reserved"), N_("Has a view already. Figures and goals have to be found out.")),
    ("advanced", N_("Sceptical"), N_("Has been let down before. Every fact has to be earned.")),
)
NOBODY = N_("Nobody could make up a client just now. Please try again in a minute.")
# Rows of a client's card: the name of the detail in the difficulty settings, its key in the profile, and its label.
CARD = (
    ("age", "age", N_("Age")),
    ("occupation", "occupation", N_("Work")),
    ("familyStatus", "family", N_("Family")),
    ("income", "income", N_("Income")),
    ("assets", "assets", N_("Assets")),
    ("debt", "debts", N_("Debts")),
    ("primaryGoals", "goals", N_("Goals")),
)


def _known_kind(text: str) -> str:
    if tuple(text.partition("/")[::2]) not in {(kind.industry, kind.subcategory) for kind in kinds()}:
        raise problem("Invalid industry")
    return text


class NewTalk(FormBody):
    """The form of a new talk. `kind` is industry/subcategory."""

    several = frozenset({"focus"})

    kind: Annotated[Title, AfterValidator(_known_kind)]
    difficulty: DifficultyLevel
    focus: Names = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """A subcategory of an industry, with its focus areas."""

    industry: str
    subcategory: str
    name: str
    focus: tuple[tuple[str, str], ...]

    @property
    def value(self) -> str:
        return f"{self.industry}/{self.subcategory}"


@bp.get("/new-talk")
@signed_in
def page(user: SignedIn) -> Response:
    every = list(kinds())
    asked = request.args
    usual = {"kind": every[0].value if every else "", "difficulty": "beginner", "focus": asked.getlist("focus")}
    chosen = {name: asked[name] for name in ("kind", "difficulty") if name in asked}
    return _page(user, Form({**usual, **chosen}))


@bp.post("/new-talk")
@signed_in
@limited("ai", "ai_address")
@takes_form(NewTalk)
@while_waited_for
def begin(user: SignedIn, form: Form[NewTalk]) -> Response:
    """Create a client and a talk; the talk itself begins after the learner has seen the client."""
    if form.body is None:
        return _page(user, form, 400)
    industry, _, subcategory = form.body.kind.partition("/")
    focus = tuple(form.body.focus)
    found = _cast(user, industry, subcategory, form.body.difficulty, focus)
    if found is None:
        return _page(user, form.refuse("kind", gettext(NOBODY)), 503)
    talk = talks.begin(user, industry, subcategory, form.body.difficulty, found.profile, focus)
    return to("console.new_talk.client", simulation_id=talk.id)


@bp.get("/talks/<simulation_id>/client")
@signed_in
@with_id("simulation")
def client(user: SignedIn, simulation_id: UUID) -> Response:
    return _card(user, own(user, simulation_id))


@bp.post("/talks/<simulation_id>/client")
@signed_in
@limited("ai", "ai_address")
@with_id("simulation")
@takes_no_fields
@while_waited_for
def another_client(user: SignedIn, simulation_id: UUID) -> Response:
    """Replace the client of a talk that has no messages yet."""
    talk = own(user, simulation_id)
    difficulty = difficulty_of(talk.difficulty) or "beginner"
    origin = simulation_origins.of_simulation(talk.id)
    if origin and origin.scenario_id:
        return to("console.new_talk.client", simulation_id=talk.id)
    focus = tuple(origin.focus_areas) if origin else ()
    former = talk.client_profile if isinstance(talk.client_profile, dict) else {}
    found = _cast(user, talk.industry, talk.subcategory, difficulty, focus, former)
    if found is None:
        return _card(user, talk, gettext(NOBODY), 503)
    if not talks.recast(user, talk, difficulty, found.profile):
        return led(talk_address(talk.id))
    return to("console.new_talk.client", simulation_id=talk.id)


def own(user: SignedIn, simulation_id: UUID) -> Simulation:
    """Return the user's own talk. Other people's talks are shown by the review pages instead."""
    talk = simulations.get(simulation_id)
    if talk is None:
        raise NotFound("Simulation not found")
    if talk.user_id != user.id:
        raise Forbidden("Not authorized to view this simulation")
    return talk


def kinds() -> Iterator[Kind]:
    """Yield every industry with each of its subcategories, as admins have set them."""
    data = parts().data
    metadata, lists = data.industry_metadata(), data.industry_competencies()
    for industry, about in metadata.items():
        for subcategory in about.get("subcategories") or {"default": {}}:
            areas = lists.get(industry, {}).get(subcategory, {}).get("focusAreas", {})
            focus = tuple((area, _title(area)) for area, one in areas.items() if one.get("enabled", True))
            yield Kind(industry, subcategory, kind_name(metadata, industry, subcategory), focus)


def kind_name(metadata: Mapping[str, Any], industry: str, subcategory: str | None) -> str:
    about = metadata.get(industry, {})
    name = about.get("displayName") or _title(industry)
    known = (about.get("subcategories") or {}).get(subcategory) or {}
    return f"{name}: {known['displayName']}" if known.get("displayName") else name


def difficulty_name(difficulty: str) -> str:
    known = difficulty_of(difficulty)
    return next((gettext(name) for value, name, _ in DIFFICULTIES if value == known), difficulty)


def card_of(profile: Mapping[str, Any], visible: Mapping[str, bool]) -> list[tuple[str, list[str]]]:
    """Return what an advisor knows before the meeting, as labels with their texts."""
    shown = ((label, profile.get(key)) for detail, key, label in CARD if visible.get(detail))
    return [(gettext(label), _texts(value)) for label, value in shown if value]


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _cast(
    user: SignedIn,
    industry: str,
    subcategory: str | None,
    difficulty: Difficulty,
    focus: tuple[str, ...],
    former: Mapping[str, Any] | None = None,
) -> casting.Cast | None:
    existing = [former] if former else []
    names = [_title(area) for area in focus]
    try:
        return casting.client(user, industry, subcategory, difficulty, focus_areas=names, existing=existing)
    except AINotConfigured:
        raise NotConfigured("No AI provider is configured") from None


def _page(user: SignedIn, form: Form[Any], status: int = 200) -> Response:
    difficulties = [(value, gettext(name), gettext(sentence)) for value, name, sentence in DIFFICULTIES]
    every = list(kinds())
    chosen = next((kind for kind in every if kind.value == form.values.get("kind")), None)
    return rendered(
        "new_talk.html",
        user,
        status,
        form=form,
        kind_options=[(kind.value, kind.name) for kind in every],
        focus_options=[(area, name, None) for area, name in chosen.focus] if chosen else [],
        difficulties=difficulties,
    )


def _card(user: SignedIn, talk: Simulation, wrong: str | None = None, status: int = 200) -> Response:
    profile = talk.client_profile if isinstance(talk.client_profile, dict) else {}
    data = parts().data
    level = data.difficulty_setting(talk.industry, talk.difficulty)
    kept = scenarios.of_simulation(talk.id)
    scenario = stored(kept.content) if kept else None
    return rendered(
        "client.html",
        user,
        status,
        talk=talk,
        name=str(profile.get("name") or gettext("The client")),
        card=card_of(profile, level.get("visibleDetails", {})),
        task=scenario.task if scenario else level.get("objectives") or "",
        scenario=scenario,
        shows_points=scenario is not None and training.shows_points_to(user, scenario),
        mine=assigning.begun_with(user, talk.id) if scenario else None,
        kind=kind_name(data.industry_metadata(), talk.industry, talk.subcategory),
        difficulty=difficulty_name(talk.difficulty),
        untouched=not talk.completed_at and not simulations.history(talk.id),
        wrong=wrong,
    )


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()
