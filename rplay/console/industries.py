"""Industries, their subcategories and difficulties, as admins set them."""

from typing import Annotated, Any

from flask import Blueprint, Response, request
from pydantic import AfterValidator, Field

from rplay.console import steered
from rplay.console.forms import Form, FormBody, takes_form
from rplay.console.new_talk import CARD, difficulty_name
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import gettext
from rplay.data import DIFFICULTY_LEVELS
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.training import subjects
from rplay.web import bounds
from rplay.web.auth import admin_only, changing
from rplay.web.body import Short, Text, Title
from rplay.web.fields.names import slug_of
from rplay.web.parts import parts

bp = Blueprint("industries", __name__, url_prefix="/industries")

Named = Annotated[Title, AfterValidator(str.strip)]
Ids = Annotated[list[Short], Field(max_length=bounds.MANY, default_factory=list)]


class New(FormBody):
    name: Named


class Industry(FormBody):
    name: Named
    role_label: Title | None = None
    role_description: Text | None = None


class Subcategory(FormBody):
    """The form of a subcategory. `areas` are the focus areas on offer; each value of `trained` names a focus area
    and one of its competencies.
    """

    several = frozenset({"competencies", "areas", "trained"})

    name: Named
    competencies: Ids
    areas: Ids
    trained: Ids
    new_area: Title | None = None


class Difficulty(FormBody):
    several = frozenset({"visible"})

    description: Text | None = None
    objectives: Text | None = None
    behavior: Text | None = None
    scenario: Text | None = None
    visible: Ids


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    return _page(user, Form())


def _page(user: SignedIn, form: Form[New], status: int = 200) -> Response:
    return rendered(
        "industries.html",
        user,
        status,
        industries=parts().data.industry_metadata(),
        lists=parts().data.industry_competencies(),
        title=subjects.title,
        form=form,
        done=request.args.get("done"),
    )


@bp.post("")
@admin_only
@takes_form(New)
def create(user: SignedIn, form: Form[New]) -> Response:
    """Create an industry with one subcategory, `default`, that has all competencies."""
    slug = slug_of(form.body.name) if form.body else ""
    if form.body is None or not slug:
        return _page(user, form if form.body is None else form.refuse("name", gettext("This is not valid.")), 400)
    ids = [one["id"] for one in parts().data.competencies()]
    with changing(user, "industry-metadata", "industry-competencies") as [industries, lists]:
        if slug in industries:
            return _page(user, form.refuse("name", gettext("There is one of this name.")), 409)
        named = {"displayName": form.body.name}
        industries[slug] = {**named, "subcategories": {"default": dict(named)}}
        subjects.put(lists, slug, "default", ids)
    return to("console.industries.one", industry=slug)


@bp.get("/<industry>")
@admin_only
def one(user: SignedIn, industry: str) -> Response:
    found = _found(industry)
    label, description = found.get("aiRoleLabel") or "", found.get("aiRoleDescription") or ""
    values = {"name": found.get("displayName") or "", "role_label": label, "role_description": description}
    return _one(user, industry, Form(values))


def _one(user: SignedIn, industry: str, form: Form[Any], status: int = 200) -> Response:
    found = _found(industry)
    return rendered(
        "industry.html",
        user,
        status,
        industry=industry,
        name=_name(industry),
        subcategories={**found.get("subcategories", {}), **parts().data.industry_competencies().get(industry, {})},
        named=found.get("subcategories", {}),
        title=subjects.title,
        difficulties=list(DIFFICULTY_LEVELS),
        difficulty_name=difficulty_name,
        form=form,
        added=Form(),
        places=steered.places("industry"),
        done=request.args.get("done") == "saved",
    )


@bp.post("/<industry>")
@admin_only
@takes_form(Industry)
def change(user: SignedIn, industry: str, form: Form[Industry]) -> Response:
    body = form.body
    if body is None:
        return _one(user, industry, form, 400)
    with changing(user, "industry-metadata") as [industries]:
        _in(industries, industry).update(
            displayName=body.name, aiRoleLabel=body.role_label, aiRoleDescription=body.role_description
        )
    return to("console.industries.one", industry=industry, done="saved")


@bp.post("/<industry>/subcategories")
@admin_only
@takes_form(New)
def add_subcategory(user: SignedIn, industry: str, form: Form[New]) -> Response:
    slug = slug_of(form.body.name) if form.body else ""
    if form.body is None or not slug:
        return to("console.industries.one", industry=industry)
    with changing(user, "industry-metadata", "industry-competencies") as [industries, lists]:
        named = _in(industries, industry).setdefault("subcategories", {})
        named.setdefault(slug, {})["displayName"] = form.body.name
        if slug not in lists.get(industry, {}):
            subjects.put(lists, industry, slug, [])
    return to("console.industries.subcategory", industry=industry, subcategory=slug)


@bp.get("/<industry>/<subcategory>")
@admin_only
def subcategory(user: SignedIn, industry: str, subcategory: str) -> Response:
    name, lists = _subcategory(industry, subcategory)
    areas = lists.get("focusAreas", {})
    values = {
        "name": name,
        "competencies": lists.get("competencies", []),
        "areas": [area for area, its in areas.items() if its.get("enabled", True)],
        "trained": [f"{area}/{one}" for area, its in areas.items() for one in its.get("competencies", [])],
    }
    return _one_subcategory(user, industry, subcategory, Form(values))


def _one_subcategory(user: SignedIn, industry: str, subcategory: str, form: Form[Any], status: int = 200) -> Response:
    name, lists = _subcategory(industry, subcategory)
    return rendered(
        "subcategory.html",
        user,
        status,
        industry=industry,
        industry_name=_name(industry),
        subcategory=subcategory,
        name=name,
        areas=list(lists.get("focusAreas", {})),
        title=subjects.title,
        competencies=[(one["id"], one["name"], None) for one in parts().data.competencies()],
        form=form,
        done=request.args.get("done") == "saved",
    )


@bp.post("/<industry>/<subcategory>")
@admin_only
@takes_form(Subcategory)
def change_subcategory(user: SignedIn, industry: str, subcategory: str, form: Form[Subcategory]) -> Response:
    body = form.body
    _subcategory(industry, subcategory)
    if body is None:
        return _one_subcategory(user, industry, subcategory, form, 400)
    ids = subjects.known(parts().data.competencies(), body.competencies)
    pairs = [one.partition("/")[::2] for one in body.trained]
    subjects.known(parts().data.competencies(), [one for _, one in pairs])
    with changing(user, "industry-metadata", "industry-competencies") as [industries, lists]:
        named = _in(industries, industry).setdefault("subcategories", {})
        named.setdefault(subcategory, {})["displayName"] = body.name
        subjects.put(lists, industry, subcategory, ids)
        areas = lists[industry][subcategory].setdefault("focusAreas", {})
        new = slug_of(body.new_area or "")
        for area in [*areas, *([new] if new and new not in areas else [])]:
            trained = [one for its, one in pairs if its == area] if area in areas else ids
            enabled = area in body.areas or area == new
            subjects.put_area(lists, industry, subcategory, area, trained, enabled=enabled)
    return to("console.industries.subcategory", industry=industry, subcategory=subcategory, done="saved")


@bp.get("/<industry>/difficulties/<difficulty>")
@admin_only
def difficulty(user: SignedIn, industry: str, difficulty: str) -> Response:
    known = parts().data.difficulty_setting(industry, difficulty)
    objectives = known.get("objectives") or ""
    values = {
        "description": known.get("description") or "",
        "objectives": "\n".join(objectives) if isinstance(objectives, list) else objectives,
        "behavior": known.get("clientBehavior") or "",
        "scenario": known.get("sampleScenario") or "",
        "visible": [detail for detail, shown in known.get("visibleDetails", {}).items() if shown],
    }
    return _difficulty(user, industry, difficulty, Form(values))


def _difficulty(user: SignedIn, industry: str, difficulty: str, form: Form[Any], status: int = 200) -> Response:
    _known_difficulty(difficulty)
    return rendered(
        "difficulty.html",
        user,
        status,
        industry=industry,
        industry_name=_name(industry),
        difficulty=difficulty,
        name=difficulty_name(difficulty),
        details=[(detail, gettext(label), None) for detail, _, label in CARD],
        form=form,
        places=[place for what in ("difficulty", "behavior", "visible") for place in steered.places(what)],
        done=request.args.get("done") == "saved",
    )


@bp.post("/<industry>/difficulties/<difficulty>")
@admin_only
@takes_form(Difficulty)
def change_difficulty(user: SignedIn, industry: str, difficulty: str, form: Form[Difficulty]) -> Response:
    body = form.body
    _found(industry)
    if body is None:
        return _difficulty(user, industry, difficulty, form, 400)
    _known_difficulty(difficulty)
    with changing(user, "difficulty-settings") as [settings]:
        setting = settings.setdefault(industry, {}).setdefault(difficulty, {})
        setting.update(description=body.description, clientBehavior=body.behavior, sampleScenario=body.scenario)
        setting["objectives"] = body.objectives
        setting["visibleDetails"] = {
            **setting.get("visibleDetails", {}),
            **{detail: detail in body.visible for detail, _, _ in CARD},
        }
    return to("console.industries.difficulty", industry=industry, difficulty=difficulty, done="saved")


def _in(industries: dict[str, Any], industry: str) -> dict[str, Any]:
    if industry not in industries:
        raise NotFound("Industry not found")
    found: dict[str, Any] = industries[industry]
    return found


def _found(industry: str) -> dict[str, Any]:
    return _in(parts().data.industry_metadata(), industry)


def _name(industry: str) -> str:
    return _found(industry).get("displayName") or subjects.title(industry)


def _subcategory(industry: str, subcategory: str) -> tuple[str, dict[str, Any]]:
    """Return the display name of a subcategory, and its lists."""
    named = _found(industry).get("subcategories", {})
    lists = parts().data.industry_competencies().get(industry, {})
    if subcategory not in named and subcategory not in lists:
        raise NotFound("Industry not found")
    name = named.get(subcategory, {}).get("displayName") or subjects.title(subcategory)
    return name, lists.get(subcategory, {})


def _known_difficulty(difficulty: str) -> None:
    if difficulty not in DIFFICULTY_LEVELS:
        raise NotFound("Difficulty level not found")
