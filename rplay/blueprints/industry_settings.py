"""/api/industry-settings: what is trained in which industry, as admins set it."""

from typing import Annotated, Any, ClassVar, NotRequired

from flask import Blueprint
from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from rplay.data import DataFiles, Name, misfit
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.training import subjects
from rplay.web import bounds, shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, changing, signed_in, signed_in_or_legacy
from rplay.web.body import Body, LargeObject, Query, Short, Title, asks, problem, takes
from rplay.web.fields.names import with_slugs
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("industry_settings", __name__, url_prefix="/api/industry-settings")

slugs_in_path = with_slugs("Invalid name")
NO_ARRAY = "competencyIds must be an array"
_STORABLE = TypeAdapter(LargeObject)


def _array(value: Any) -> Any:
    if not isinstance(value, list):
        raise problem(NO_ARRAY)
    return value


class Choice(Query):
    industry: Title | None = None
    subcategory: Title | None = None


class CompetencyIds(Body):
    missing = NO_ARRAY

    competency_ids: Annotated[list[Short], Field(max_length=bounds.MANY, fail_fast=True), BeforeValidator(_array)]


class FocusArea(CompetencyIds):
    enabled: bool | None = Field(None, strict=True)


class Settings(Body):
    """Settings that are the whole body: objects under names that admins choose."""

    model_config = ConfigDict(extra="allow")
    file: ClassVar[Name]
    refusal: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _fits(cls, settings: dict[str, Any]) -> dict[str, Any]:
        try:
            if not settings or misfit(cls.file, cls.whole(_STORABLE.validate_python(settings))):
                raise problem(cls.refusal)
        except ValidationError:
            raise problem(cls.refusal) from None
        return settings

    @classmethod
    def whole(cls, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the content of a data file with these settings, for validation."""
        return settings

    def save(self, user: SignedIn) -> None:
        with changing(user, self.file) as [content]:
            content.clear()
            content.update(self.model_extra)


class IndustryMetadata(Settings):
    file = "industry-metadata"
    refusal = "Invalid metadata format"


class IndustryCompetencies(Settings):
    file = "industry-competencies"
    refusal = "Invalid competencies format"


class DifficultySettings(Settings):
    """The difficulty settings of one industry."""

    file = "difficulty-settings"
    refusal = "Invalid difficulty settings format"

    @classmethod
    def whole(cls, settings: dict[str, Any]) -> dict[str, Any]:
        return {"industry": settings}


@bp.get("")
@signed_in_or_legacy
@asks(Choice)
@responds(
    200,
    404,
    data=dict[str, Any],
    metadata=dict[str, Any],
    focusAreas=NotRequired[list[shapes.FocusArea]],
    traits=NotRequired[dict[str, list[str]]],
)
def everything(user: SignedIn | None, query: Choice) -> Answer:  # noqa: ARG001
    """Return all settings, and if an industry is given what they say about it."""
    data = parts().data
    files = {
        "industryCompetencies": data.industry_competencies(),
        "industryMetadata": data.industry_metadata(),
        "difficultySettings": data.difficulty_settings(),
    }
    metadata = {"industry": files["industryMetadata"]}
    if query.industry is None:
        return ok(data=files, metadata=metadata)
    chosen = _chosen(data, query.industry, query.subcategory)
    return ok(
        data={**files, **chosen},
        metadata=metadata,
        focusAreas=chosen["focusAreas"],
        traits=data.industry_traits(query.industry, chosen["subcategory"]),
    )


@bp.get("/competencies")
@signed_in
@responds(200, data=dict[str, Any])
def competencies(user: SignedIn) -> Answer:  # noqa: ARG001
    return ok(data=parts().data.industry_competencies())


@bp.get("/metadata")
@signed_in
@responds(200, data=dict[str, Any])
def metadata(user: SignedIn) -> Answer:  # noqa: ARG001
    return ok(data=parts().data.industry_metadata())


@bp.get("/difficulty")
@signed_in
@responds(200, data=dict[str, Any])
def difficulty(user: SignedIn) -> Answer:  # noqa: ARG001
    return ok(data=parts().data.difficulty_settings())


@bp.put("/competencies/<industry>/<subcategory>")
@admin_only
@slugs_in_path
@takes(CompetencyIds)
@responds(200, message=str)
def put_ids(user: SignedIn, industry: str, subcategory: str, body: CompetencyIds) -> Answer:
    """Set a subcategory's competencies; industry and subcategory are created if missing, focus areas stay."""
    ids = subjects.known(parts().data.competencies(), body.competency_ids)
    with changing(user, "industry-competencies") as [industries]:
        subjects.put(industries, industry, subcategory, ids)
    return ok(message="Industry subcategory competencies updated successfully")


@bp.put("/focus-area/<industry>/<subcategory>/<focus_area>")
@admin_only
@slugs_in_path
@takes(FocusArea)
@responds(200, message=str)
def put_focus_area(user: SignedIn, industry: str, subcategory: str, focus_area: str, body: FocusArea) -> Answer:
    ids = subjects.known(parts().data.competencies(), body.competency_ids)
    with changing(user, "industry-competencies") as [industries]:
        subjects.put_area(industries, industry, subcategory, focus_area, ids, enabled=body.enabled is not False)
    return ok(message="Focus area competencies updated successfully")


@bp.put("/difficulty/<industry>")
@admin_only
@slugs_in_path
@takes(DifficultySettings)
@responds(200, message=str)
def put_difficulty(user: SignedIn, industry: str, body: DifficultySettings) -> Answer:
    with changing(user, "difficulty-settings") as [content]:
        if industry not in content and industry not in parts().data.industries():
            raise NotFound("Industry not found")
        content[industry] = body.model_extra
    return ok(message="Difficulty settings saved successfully")


@bp.put("/metadata")
@admin_only
@takes(IndustryMetadata)
@responds(200, message=str)
def put_metadata(user: SignedIn, body: IndustryMetadata) -> Answer:
    body.save(user)
    return ok(message="Industry metadata saved successfully")


@bp.put("/competencies")
@admin_only
@takes(IndustryCompetencies)
@responds(200, message=str)
def put_competencies(user: SignedIn, body: IndustryCompetencies) -> Answer:
    body.save(user)
    return ok(message="Industry competencies saved successfully")


def _chosen(data: DataFiles, industry: str, subcategory: str | None) -> dict[str, Any]:
    """Return the settings of one subcategory: the one asked for, or else `default`, or else the first."""
    about = data.industry_metadata().get(industry)
    if about is None:
        raise NotFound("Industry not found")
    lists = data.industry_competencies().get(industry, {})
    named = about.get("subcategories", {})
    subcategory = data.subcategory_of(industry, subcategory)
    ids = data.competencies_for(industry, subcategory)
    return {
        "industry": industry,
        "industryDisplayName": about.get("displayName") or subjects.title(industry),
        "subcategory": subcategory,
        "subcategoryDisplayName": named.get(subcategory, {}).get("displayName") or subjects.title(subcategory),
        "aiRoleLabel": about.get("aiRoleLabel"),
        "aiRoleDescription": about.get("aiRoleDescription"),
        "competencies": [one for one in data.competencies() if one["id"] in ids],
        "focusAreas": _focus_areas(lists.get(subcategory, {})),
    }


def _focus_areas(lists: dict[str, Any]) -> list[dict[str, Any]]:
    areas = lists.get("focusAreas", {})
    return [
        {"id": key, "name": subjects.title(key), "enabled": area.get("enabled", True)} for key, area in areas.items()
    ]
