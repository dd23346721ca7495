"""The fields of a client profile, and how values of other types are converted to them."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from rplay.agents.model_output import clamped, number
from rplay.agents.wording import one_line


def _line(value: object) -> object:
    """Return the value as one line of text; None stays None."""
    return one_line(value) if value is not None else None


def lines_in(value: object) -> list[str]:
    """Return a list of texts from a list, an object or a single value."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        value = [f"{one_line(name, 120)}: {one_line(inner)}" for name, inner in value.items()]
    return [one_line(one) for one in (value if isinstance(value, list) else [value]) if one_line(one)]


def _dollars(value: object) -> object:
    amount = None if isinstance(value, str) else number(value)
    return _line(value) if amount is None else f"${amount:,.0f}"


def _percent(value: object) -> object:
    amount = number(value)
    return 50 if amount is None else round(clamped(amount, 0, 100))


def _percents(value: object) -> object:
    return {str(name): _percent(inner) for name, inner in value.items()} if isinstance(value, Mapping) else {}


def _years(value: object) -> object:
    age = number(value)
    return value if age is None else int(age)


Line = Annotated[str, BeforeValidator(_line)]
Known = Annotated[Line, Field(min_length=1)]
Lines = Annotated[list[str], BeforeValidator(lines_in)]
Percent = Annotated[int, BeforeValidator(_percent)]


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore")


class Traits(_Part):
    """The "big five" personality traits, each from 0 to 100."""

    openness: Percent = 50
    agreeableness: Percent = 50
    conscientiousness: Percent = 50
    neuroticism: Percent = 50
    extraversion: Percent = 50


class Personality(_Part):
    traits: Traits = Traits()
    archetype: Line = ""
    mood: Line = "neutral"
    communication_style: Line = ""


class Profile(_Part):
    """A client profile. The frontend always expects `occupation` and `family` to be texts."""

    name: Known
    age: Annotated[int, BeforeValidator(_years), Field(ge=18, le=100)]
    occupation: Known
    income: Annotated[str, BeforeValidator(_dollars), Field(min_length=1)]
    family: Known
    family_status: Known
    assets: Lines = []
    debts: Lines = []
    goals: Annotated[Lines, Field(min_length=1)]
    personality: Personality = Personality()
    background: Line = ""
    concerns: Lines = []
    hidden_objections: Lines = []
    fusion_model_traits: Annotated[dict[str, int], BeforeValidator(_percents)] = {}

    @model_validator(mode="before")
    @classmethod
    def _follow(cls, given: Any) -> Any:
        """Fill `family` and `family_status` from each other, and missing fusion traits from the personality's
        traits."""
        if not isinstance(given, Mapping):
            return given
        family, status = given.get("family"), given.get("familyStatus")
        found = {name: value for name, value in given.items() if value is not None}
        found |= {"family": family or status, "familyStatus": status or family}
        if not isinstance(found.get("personality", {}), Mapping):
            del found["personality"]
        found.setdefault("fusionModelTraits", _object(_object(found.get("personality")).get("traits")))
        return found


def validate_profile(data: Any) -> tuple[bool, list[str], list[str]]:
    """Return whether the profile is valid, its errors, and warnings about fields that are missing or empty."""
    try:
        profile = Profile.model_validate(data)
    except ValidationError as error:
        return False, errors_of(error), []
    given = _object(data)
    poor = [
        name for name in ("assets", "debts", "concerns", "hiddenObjections") if not isinstance(given.get(name), list)
    ]
    warnings = [f"{name} is no list" for name in poor]
    warnings += [
        f"{name} is empty" for name in ("background", "concerns", "hidden_objections") if not getattr(profile, name)
    ]
    return True, [], warnings


def errors_of(error: ValidationError) -> list[str]:
    """Return the validation errors by field, without the values of the profile."""
    found = error.errors(include_url=False, include_input=False)
    return [f"{'.'.join(map(str, one['loc'])) or 'profile'}: {one['msg']}" for one in found]


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
