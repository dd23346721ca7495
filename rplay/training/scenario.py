"""The content of a scenario: the client with their secrets, and the requirements for the advisor."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from rplay.agents.persona.life import Unlock
from rplay.agents.types import Difficulty
from rplay.errors import BadRequest
from rplay.values import is_storable

Severity = Literal["low", "medium", "high"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high")  # in ascending order
ITEMS = 30  # secrets, facts and points in a scenario
PHRASES = 20  # phrases of a point at most


def _kept(text: str) -> str:
    text = text.strip()
    if not text or not is_storable(text):
        raise ValueError("is empty or holds what cannot be kept")
    return text


def _client(profile: dict[str, Any]) -> dict[str, Any]:
    """Validate a client's profile: texts, numbers and lists of texts."""
    name = profile.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("needs a name")
    for key, value in profile.items():
        several = value if isinstance(value, list) else [value]
        if len(several) > ITEMS or not all(_plain(one) for one in (key, *several)):
            raise ValueError(f"{key[:50]} is no text, number or list of texts")
    return profile


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= 2000 and is_storable(value)
    return value is None or (isinstance(value, (int, float)) and abs(value) < 1e15)


Line = Annotated[str, Field(max_length=200), AfterValidator(_kept)]
Words = Annotated[str, Field(max_length=2000), AfterValidator(_kept)]


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Secret(_Part):
    """What the client tells only after one of `unlock` has happened. `words` are those by which an advisor asks for
    it.
    """

    about: Line
    words: list[Line] = Field(default_factory=list, max_length=ITEMS)
    says: list[Words] = Field(min_length=1, max_length=ITEMS)
    unlock: list[Unlock] = Field(min_length=1, max_length=5)


class Point(_Part):
    """Something that must be said; any of the phrases suffices."""

    text: Line
    phrases: list[Line] = Field(min_length=1, max_length=PHRASES)


class Taboo(Point):
    """Something that must not be said."""

    severity: Severity = "high"


class Content(_Part):
    name: Line
    industry: Line
    subcategory: Line | None = None
    difficulty: Difficulty
    task: Words
    client: Annotated[dict[str, Any], Field(max_length=80), AfterValidator(_client)]
    secrets: list[Secret] = Field(default_factory=list, max_length=ITEMS)
    product: list[Words] = Field(default_factory=list, max_length=ITEMS)
    must_say: list[Point] = Field(default_factory=list, max_length=ITEMS)
    must_not_say: list[Taboo] = Field(default_factory=list, max_length=ITEMS)
    points_shown: bool = False
    pass_mark: float = Field(7, ge=1, le=10)
    fails_from: Severity | None = "high"
    attempts: int | None = Field(None, ge=1, le=100)
    minutes: int | None = Field(None, ge=1, le=600)

    def as_object(self) -> dict[str, Any]:
        """Return the scenario as it is stored and exported."""
        return self.model_dump(mode="json", by_alias=True)


def read(data: Mapping[str, Any], industries: Mapping[str, Any]) -> Content:
    """Return the scenario. Raise BadRequest with the first thing that is wrong."""
    try:
        content = Content.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadRequest(f"Invalid scenario: {where}: {first['msg']}"[:500]) from None
    about = industries.get(content.industry)
    if about is None:
        raise BadRequest("Invalid scenario: industry: there is no such industry")
    if content.subcategory and content.subcategory not in (about.get("subcategories") or {}):
        raise BadRequest("Invalid scenario: subcategory: the industry has no such one")
    return content


def stored(content: Any) -> Content:
    """Return a stored scenario, which was validated when it was saved."""
    return Content.model_validate(content)
