"""Reads and validates request bodies, query parameters and ids. Refusals use the texts of the API contract."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any, ClassVar, TypeVar
from urllib.parse import parse_qs
from uuid import UUID

import gevent
from flask import g, request
from gevent.lock import BoundedSemaphore
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError

from rplay.errors import BadRequest, TooLarge, Unavailable, UnsupportedType
from rplay.runtime import json
from rplay.values import is_missing, is_storable
from rplay.web import bounds
from rplay.web.bounds import Bytes
from rplay.web.parts import parts
from rplay.web.views import Arguments, View, declared, preceded

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


# ---------------------------------------------------------------- field types
def problem(text: str) -> PydanticCustomError:
    """Return an error for a validator to raise: the response is 400 with exactly this text."""
    return PydanticCustomError("contract", "{text}", {"text": text})


def _clean(text: str) -> str:
    if not is_storable(text):
        raise ValueError("not storable")
    return text


def _whole(number: Any) -> Any:
    """Convert 5.0 to 5, as JavaScript clients do not distinguish them. Refuse booleans."""
    if isinstance(number, bool):
        raise ValueError("a number is wanted")
    return int(number) if isinstance(number, float) and number.is_integer() else number


# A text without a bound of its own, for imported lists; only the size of the body limits it.
WholeText = Annotated[str, Field(strict=True), AfterValidator(_clean)]
Text = Annotated[str, Field(strict=True, max_length=bounds.WORDS), AfterValidator(_clean)]
Title = Annotated[str, Field(strict=True, max_length=bounds.NAME), AfterValidator(_clean)]
Short = Annotated[str, Field(strict=True, max_length=bounds.KEY), AfterValidator(_clean)]
Secret = Annotated[str, Field(strict=True, max_length=bounds.SECRET), AfterValidator(_clean)]
Int = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=-(2**31), le=2**31 - 1)]
Amount = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=0, le=bounds.AMOUNT)]
# Any JSON value. A list is refused at its bound or at its first bad item.
Json = Annotated[Any, Bytes(bounds.SMALL)]
JsonObject = Annotated[dict[str, Any], Field(strict=True), Bytes(bounds.SMALL)]
LargeObject = Annotated[dict[str, Any], Field(strict=True), Bytes(bounds.LARGE)]
JsonList = Annotated[list[Any], Field(strict=True, max_length=bounds.FEW), Bytes(bounds.LARGE)]


class Body(BaseModel):
    """A request body. Fields without a default are required; JSON names are in camel case.

    `missing` is the error text for a missing required field if the contract deviates from the general one. A null or
    blank field counts as not sent, except for the fields in `clearable`, where blank text is a value.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False, extra="ignore", frozen=True)
    missing: ClassVar[str | None] = None
    clearable: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _sent(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if name in cls.clearable or not is_missing(value)}

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent and are not null, by their Python names."""
        return {name: value for name in self.model_fields_set if (value := getattr(self, name)) is not None}


class SnakeBody(Body):
    """A request body with JSON names in snake case."""

    model_config = ConfigDict(alias_generator=None)


Model = TypeVar("Model", bound=Body)


def name_of(field: str, model: type[Body]) -> str:
    return model.model_fields[field].alias or field


def validate(model: type[Model], data: dict[str, Any]) -> Model:
    """Return the model filled with this data. Raise BadRequest with the contract's text for the first problem."""
    required = [name_of(field, model) for field, info in model.model_fields.items() if info.is_required()]
    if any(is_missing(data.get(name)) for name in required):
        raise BadRequest(model.missing or f"Missing required fields: {', '.join(required)}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = first_of(error)
        if first["type"] == "contract":
            raise BadRequest(str(first["ctx"]["text"])) from None
        raise BadRequest(f"Invalid value for {first['loc'][0] if first['loc'] else 'body'}") from None


def first_of(error: ValidationError) -> ErrorDetails:
    """Return the first problem. pydantic creates an entry for every problem, so there must be few: validation stops at
    the first bad item of a list.
    """
    return error.errors(include_url=False, include_input=False)[0]


# ---------------------------------------------------------------- reading
def read_object(*, large: bool = False) -> dict[str, Any]:
    """Return the JSON object that was sent; {} if there is no body."""
    return parsed(read_raw(large=large))


FORM = "application/x-www-form-urlencoded"
_FIELDS = 500  # more fields than any of our forms has


def read_form() -> dict[str, list[str]]:
    """Return the fields of an HTML form, each with all its values."""
    raw = read_raw()
    if raw and request.mimetype != FORM:
        raise UnsupportedType(f"Content-Type must be {FORM}")
    try:
        return parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise BadRequest("Invalid form data in request body") from None


def read_field(name: str) -> Any:
    """Return one field of a JSON or form body; None if it was not sent."""
    if request.mimetype == FORM:
        return read_form().get(name, [None])[0]
    return read_object().get(name)


def parsed(raw: bytes) -> dict[str, Any]:
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedType("Content-Type must be application/json")
    if bounds.many_values(raw):
        raise TooLarge("Request body too large")
    try:
        data = json.loads(raw)
    except ValueError:
        raise BadRequest("Invalid JSON in request body") from None
    if not isinstance(data, dict):
        raise BadRequest("Request body must be a JSON object")
    return data


def read_raw(*, large: bool = False) -> bytes:
    settings = parts().settings
    limit = 1024 * (settings.body_limit_large_kb if large else settings.body_limit_kb)
    if (request.content_length or 0) > limit:
        raise TooLarge("Request body too large")
    request.max_content_length = limit + 1  # a body without a length is silently cut off at this size
    raw = request.get_data(cache=True)
    if len(raw) > limit:
        raise TooLarge("Request body too large")
    return raw


LARGE_AT_ONCE, TURN_SECONDS = 2, 10.0  # large bodies that this process handles at once; seconds for which others wait
LARGE_BYTES = 1024 * 1024  # bytes above which a body is large
_large = BoundedSemaphore(LARGE_AT_ONCE)


@contextmanager
def turn(size: int) -> Iterator[None]:
    """Wait until a body of this size may be handled. Parsing, checking and re-encoding 10 MiB takes 50 MiB of memory
    and more.
    """
    if size <= LARGE_BYTES:
        yield
        return
    if not _large.acquire(timeout=TURN_SECONDS):
        raise Unavailable("Not available for a moment", 5)
    try:
        yield
    finally:
        _large.release()


def _read_in_steps(model: type[Model], raw: bytes) -> Model:
    """Parse and validate a body, yielding to other greenlets between the steps. Each step takes up to 50 ms for 10
    MiB.
    """
    _let_others_in(raw)
    data = parsed(raw)
    _let_others_in(raw)
    body = validate(model, data)
    _let_others_in(raw)
    return body


def _let_others_in(raw: bytes) -> None:
    if len(raw) > LARGE_BYTES:
        gevent.sleep(0)


# ---------------------------------------------------------------- decorators
def once_more(arguments: Arguments) -> Arguments:
    """Return the view's arguments with the user checked again now that the body has arrived (web/auth.py)."""
    return {**arguments, "user": g.once_more(arguments["user"])} if "user" in arguments else arguments


def takes(model: type[Model], *, large: bool = False, saves: bool = False) -> Callable[[View], View]:
    """Pass the validated request body to the view as `body`. `large` allows the larger of the two body limits.

    Large bodies are handled a few at a time (`turn`). With `saves` the turn lasts until the view returns, so do not use
    it for views that wait for a model.
    """

    def read(arguments: Arguments, entered: ExitStack) -> Arguments:
        raw = read_raw(large=large)
        with ExitStack() as its_turn:
            its_turn.enter_context(turn(len(raw)))
            arguments = {**once_more(arguments), "body": _read_in_steps(model, raw)}
            if saves:
                entered.push(its_turn.pop_all())
        return arguments

    def decorate(view: View) -> View:
        declared(view).body = model
        return preceded(view, read)

    return decorate


def takes_nothing(view: View) -> View:
    """Mark a view that needs no body. A body that is sent anyway must still be valid."""

    declared(view).takes_nothing = True
    return preceded(view, _read_nothing)


def _read_nothing(arguments: Arguments, _: ExitStack) -> Arguments:
    read_object()
    return once_more(arguments)


def asks(model: type[BaseModel]) -> Callable[[View], View]:
    """Pass the validated query parameters to the view as `query`."""

    def read(arguments: Arguments, _: ExitStack) -> Arguments:
        return {**arguments, "query": _query(model)}

    def decorate(view: View) -> View:
        declared(view).query = model
        return preceded(view, read)

    return decorate


def _query(model: type[BaseModel]) -> BaseModel:
    try:
        return model.model_validate({name: text for name, text in request.args.items() if text.strip()})
    except ValidationError as error:
        first = first_of(error)
        if first["type"] == "contract":
            raise BadRequest(str(first["ctx"]["text"])) from None
        of_text = "value for " if first["type"] == "value_error" else ""  # the other error types are those of numbers
        raise BadRequest(f"Invalid {of_text}{first['loc'][0]}") from None


class Query(BaseModel):
    """Query parameters, with names in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False, extra="ignore", frozen=True)


def uuid_of(text: str) -> UUID | None:
    """Return the UUID if the text has its usual form of five groups with dashes, else None."""
    return UUID(text) if _UUID.fullmatch(text) else None


def with_id(noun: str, argument: str | None = None) -> Callable[[View], View]:
    """Convert the path's `<noun>_id` into a UUID, or respond with 400 `Invalid <noun> ID format`."""
    argument = argument or f"{noun}_id"

    def read(arguments: Arguments, _: ExitStack) -> Arguments:
        identifier = uuid_of(arguments[argument])
        if identifier is None:
            raise BadRequest(f"Invalid {noun} ID format")
        return {**arguments, argument: identifier}

    def decorate(view: View) -> View:
        declared(view).ids |= {argument}
        return preceded(view, read)

    return decorate
