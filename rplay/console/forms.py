"""HTML forms: read, validated by a model, and shown again with an error beside each field."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rplay.console.words import N_, gettext
from rplay.web.body import SnakeBody, once_more, read_form
from rplay.web.views import Arguments, View, declared, preceded

SECRETS = frozenset({"password", "current_password", "new_password"})  # fields whose values are never shown again

# Error texts of the rules that the console shares with the API.
RULES = (
    N_("Invalid email format"),
    N_("Password must be at least 8 characters long"),
    N_("Password must contain at least one uppercase letter"),
    N_("Password must contain at least one lowercase letter"),
    N_("Password must contain at least one number"),
    N_("Password must be at most 72 bytes long"),
)


class FormBody(SnakeBody):
    """The fields of a form. `several` names fields that may occur more than once and become lists."""

    several: ClassVar[frozenset[str]] = frozenset()


Model = TypeVar("Model", bound=FormBody)


@dataclass
class Form(Generic[Model]):
    """A submitted form: its values, the first error of each field, and the validated body if there is no error."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    body: Model | None = None

    def refuse(self, name: str, text: str) -> "Form[Model]":
        """Add an error to this field, for example one that only the database could find."""
        self.errors[name] = text
        return self


def takes_form(model: type[Model]) -> Callable[[View], View]:
    """Pass the form to the view as `form`. The view must check whether it has a `body`."""

    def read(arguments: Arguments, _: ExitStack) -> Arguments:
        return {**once_more(arguments), "form": checked(model, sent(model))}

    def decorate(view: View) -> View:
        declared(view).form = model
        return preceded(view, read)

    return decorate


def takes_no_fields(view: View) -> View:
    """Mark a view whose form is only a button."""

    def read(arguments: Arguments, _: ExitStack) -> Arguments:
        read_form()
        return once_more(arguments)

    return preceded(view, read)


def sent(model: type[FormBody]) -> dict[str, Any]:
    fields = read_form()
    known = [name for name in model.model_fields if name in fields]
    return {name: fields[name] if name in model.several else fields[name][0] for name in known}


def checked(model: type[Model], values: Mapping[str, Any]) -> Form[Model]:
    shown = {name: value for name, value in values.items() if name not in SECRETS}
    try:
        return Form(shown, {}, model.model_validate(values))
    except ValidationError as error:
        errors = {str(one["loc"][0]): _said(one) for one in reversed(error.errors(include_url=False)) if one["loc"]}
        return Form(shown, errors)


def _said(error: ErrorDetails) -> str:
    if error["type"] == "contract":
        return gettext(str(error["ctx"]["text"]))
    if error["type"] == "missing":
        return gettext("Please fill this in.")
    return gettext("This is too long.") if error["type"] == "string_too_long" else gettext("This is not valid.")
