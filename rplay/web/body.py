"""What comes in: bodies, query parameters and ids, checked against models and refused in the contract's words."""

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
    """To be raised by a validator: the answer is 400 with exactly this text."""
    return PydanticCustomError("contract", "{text}", {"text": text})


def _clean(text: str) -> str:
    if not is_storable(text):
        raise ValueError("not storable")
    return text


def _whole(number: Any) -> Any:
    """5.0 is the same number as 5 to a JavaScript client; true is not a number."""
    if isinstance(number, bool):
        raise ValueError("a number is wanted")
    return int(number) if isinstance(number, float) and number.is_integer() else number


# A text that only the body bounds: what an import brings.
WholeText = Annotated[str, Field(strict=True), AfterValidator(_clean)]
Text = Annotated[str, Field(strict=True, max_length=bounds.WORDS), AfterValidator(_clean)]
Title = Annotated[str, Field(strict=True, max_length=bounds.NAME), AfterValidator(_clean)]
Short = Annotated[str, Field(strict=True, max_length=bounds.KEY), AfterValidator(_clean)]
Secret = Annotated[str, Field(strict=True, max_length=bounds.SECRET), AfterValidator(_clean)]
Int = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=-(2**31), le=2**31 - 1)]
Amount = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=0, le=bounds.AMOUNT)]
# What is strict JSON of any shape; a list ends at its bound or its first bad item.
Json = Annotated[Any, Bytes(bounds.SMALL)]
JsonObject = Annotated[dict[str, Any], Field(strict=True), Bytes(bounds.SMALL)]
LargeObject = Annotated[dict[str, Any], Field(strict=True), Bytes(bounds.LARGE)]
JsonList = Annotated[list[Any], Field(strict=True, max_length=bounds.FEW), Bytes(bounds.LARGE)]


class Body(BaseModel):
    """A request body. Fields without a default are required; JSON names are camel case.

    `missing` is the text for a missing required field where the contract has another than the general one. A field
    that is null or blank counts as not sent, but for those named in `clearable`: there blank text is a value.
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
        """The fields that were sent and are not null, by their Python names."""
        return {name: value for name in self.model_fields_set if (value := getattr(self, name)) is not None}


class SnakeBody(Body):
    """The same with JSON names in snake case."""

    model_config = ConfigDict(alias_generator=None)


Model = TypeVar("Model", bound=Body)


def name_of(field: str, model: type[Body]) -> str:
    return model.model_fields[field].alias or field


def validate(model: type[Model], data: dict[str, Any]) -> Model:
    """The model filled with this data, or BadRequest with the contract's text for the first problem."""
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
    """The first one. pydantic makes them all, so there must be few: one a field, as a list ends at its first."""
    return error.errors(include_url=False, include_input=False)[0]


# ---------------------------------------------------------------- reading
def read_object(*, large: bool = False) -> dict[str, Any]:
    """The JSON object that was sent; {} without a body."""
    return parsed(read_raw(large=large))


FORM = "application/x-www-form-urlencoded"
_FIELDS = 500  # more than any form of ours has


def read_form() -> dict[str, list[str]]:
    """The fields of a page's form, each as often as it was sent."""
    raw = read_raw()
    if raw and request.mimetype != FORM:
        raise UnsupportedType(f"Content-Type must be {FORM}")
    try:
        return parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise BadRequest("Invalid form data in request body") from None


def read_field(name: str) -> Any:
    """One field of the body, be it JSON or a form; None when it was not sent."""
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
    request.max_content_length = limit + 1  # a body without a length is cut off there, without a word
    raw = request.get_data(cache=True)
    if len(raw) > limit:
        raise TooLarge("Request body too large")
    return raw


LARGE_AT_ONCE, TURN_SECONDS = 2, 10.0  # large bodies of this process; seconds that others wait for their turn
LARGE_BYTES = 1024 * 1024  # bytes
_large = BoundedSemaphore(LARGE_AT_ONCE)


@contextmanager
def turn(size: int) -> Iterator[None]:
    """A turn for a body of this size: 10 MiB become 50 MiB and more once they are parsed, checked and written anew."""
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
    """Each step takes up to 50 ms for 10 MiB: whoever else waits for the processor comes in between."""
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
    """What a view is given, with its user as they are now that the body is there (web/auth.py)."""
    return {**arguments, "user": g.once_more(arguments["user"])} if "user" in arguments else arguments


def takes(model: type[Model], *, large: bool = False, saves: bool = False) -> Callable[[View], View]:
    """Passes the validated request body on as `body`. `large` allows the larger of the two body limits.

    A large body is read when it is its turn. With `saves` the turn lasts as long as the view: not for views that wait
    for a model.
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
    """For calls that need no body: one that is sent all the same has to be what bodies are everywhere."""

    declared(view).takes_nothing = True
    return preceded(view, _read_nothing)


def _read_nothing(arguments: Arguments, _: ExitStack) -> Arguments:
    read_object()
    return once_more(arguments)


def asks(model: type[BaseModel]) -> Callable[[View], View]:
    """Passes the validated query parameters on as `query`."""

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
        of_text = "value for " if first["type"] == "value_error" else ""  # other types are those of numbers
        raise BadRequest(f"Invalid {of_text}{first['loc'][0]}") from None


class Query(BaseModel):
    """Query parameters; names in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False, extra="ignore", frozen=True)


def uuid_of(text: str) -> UUID | None:
    """The id, if it is written the way ids are: five groups with dashes."""
    return UUID(text) if _UUID.fullmatch(text) else None


def with_id(noun: str, argument: str | None = None) -> Callable[[View], View]:
    """Turns the path's `<noun>_id` into a UUID, or answers 400 `Invalid <noun> ID format`."""
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
