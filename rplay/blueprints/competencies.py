"""/api/competencies: what learners are measured by."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import BeforeValidator

from rplay.data import Row
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest
from rplay.training import subjects
from rplay.web import shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, changing, public, signed_in
from rplay.web.body import Body, Query, Text, Title, asks, problem, takes
from rplay.web.fields.names import Name, slug_of, with_slugs
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("competencies", __name__, url_prefix="/api/competencies")

slug_in_path = with_slugs("Invalid competency ID format")


def _weight(value: Any) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value is not None and not (is_number and 0 <= value <= 100):
        raise problem("Weight must be between 0 and 100")
    return value


Weight = Annotated[int | float | None, BeforeValidator(_weight)]


class Choice(Query):
    industry: Title | None = None
    category: Title | None = None


class NewCompetency(Body):
    name: Name
    category: Name
    description: Text | None = None
    weight: Weight = None
    industry: Name | None = None


class CompetencyPatch(Body):
    clearable = frozenset({"description"})

    name: Name | None = None
    category: Name | None = None
    description: Text | None = None
    weight: Weight = None


@bp.get("")
@public
@asks(Choice)
@responds(200, competencies=list[shapes.Competency])
def every(query: Choice) -> Answer:
    """Return all competencies, or those of an industry, or those of a category."""
    data = parts().data
    found = data.competencies()
    if query.industry is not None:
        ids = data.competencies_for(query.industry)
        found = [one for one in found if one["id"] in ids]
    elif query.category is not None:
        found = [one for one in found if one["category"] == query.category]
    return ok(competencies=found)


@bp.get("/industry")
@public
@responds(200, data=Row, industryCompetencies=Row, industryMetadata=Row)
def by_industry() -> Answer:
    """Return the industries' competencies and metadata.

    Both appear twice, as two pages read them from different keys.
    """
    data = parts().data
    lists, metadata = data.industry_competencies(), data.industry_metadata()
    return ok(
        data={"industryCompetencies": lists, "industryMetadata": metadata},
        industryCompetencies=lists,
        industryMetadata=metadata,
    )


@bp.post("")
@admin_only
@takes(NewCompetency)
@responds(201, 404, 409, competency=shapes.Competency)
def create(user: SignedIn, body: NewCompetency) -> Answer:
    competency_id = slug_of(body.name)
    if not competency_id:
        raise BadRequest("Invalid value for name")
    competency = {
        "id": competency_id,
        "name": body.name,
        "description": body.description,
        "category": body.category,
        "weight": 10 if body.weight is None else body.weight,
    }
    with changing(user, "competencies", "industry-competencies") as [competencies, industries]:
        subjects.add(competencies, competency)
        if body.industry:
            subjects.add_to_industry(competency_id, body.industry, industries, parts().data.industries())
    return ok(201, competency=competency)


@bp.get("/<competency_id>")
@signed_in
@slug_in_path
@responds(200, competency=shapes.Competency)
def get(user: SignedIn, competency_id: str) -> Answer:  # noqa: ARG001
    """Return one competency."""
    return ok(competency=subjects.competency(parts().data.competencies(), competency_id))


@bp.put("/<competency_id>")
@admin_only
@slug_in_path
@takes(CompetencyPatch)
@responds(200, competency=shapes.Competency)
def put(user: SignedIn, competency_id: str, body: CompetencyPatch) -> Answer:
    """Change the fields that are sent."""
    with changing(user, "competencies") as [competencies]:
        subjects.competency(competencies, competency_id).update(body.given())
    return ok(competency=subjects.competency(parts().data.competencies(), competency_id))


@bp.delete("/<competency_id>")
@admin_only
@slug_in_path
@responds(200, message=str)
def delete(user: SignedIn, competency_id: str) -> Answer:
    """Delete a competency and remove it from the industries' lists."""
    with changing(user, "competencies", "industry-competencies") as [competencies, industries]:
        subjects.remove(competencies, industries, competency_id)
    return ok(message="Competency deleted successfully")
