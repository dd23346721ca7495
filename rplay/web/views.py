"""What is declared about a view: who may call it, what it takes and returns, and which limits apply.

Decorators write the declarations; the OpenAPI document, the limits and the tests of all routes read them. What a
decorator does at each call is a step in the view's list. No decorator wraps a view itself, as a wrapper would run
before or after all steps of the list, regardless of its position.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import current_app, request

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rplay.web.body import Body
    from rplay.web.openapi import Answers

View = TypeVar("View", bound=Callable[..., Any])
Arguments = dict[str, Any]
# A step returns the arguments for the next step or the view, or raises. Contexts that it enters on the stack are left
# after the view.
Step = Callable[[Arguments, ExitStack], Arguments]


@dataclass
class Declared:
    """The declarations of a view.

    `access` is the name of its access rule. `page` marks a page for people that is not part of the API. `acts` marks a
    GET that changes something. `ids` are path arguments that are UUIDs. `ends_with_client` means that the view stops
    when the client hangs up.
    """

    access: str | None = None
    page: bool = False
    open_to_legacy: bool = False
    acts: bool = False
    limits: tuple[str, ...] = ()
    body: "type[Body] | None" = None
    form: "type[Body] | None" = None
    takes_nothing: bool = False
    query: "type[BaseModel] | None" = None
    ids: frozenset[str] = frozenset()
    answers: "Answers | None" = None
    ends_with_client: bool = False
    steps: list[Step] = field(default_factory=list)


def declared(view: Callable[..., Any]) -> Declared:
    """Return the declarations of a view. They are the same for the view and for its wrappers, as `functools.wraps`
    copies them.
    """
    found: Declared = vars(view).setdefault("declared", Declared())
    return found


def preceded(view: View, step: Step) -> View:
    """Add a step to the view, to run before the steps of the decorators below."""
    steps = declared(view).steps
    steps.insert(0, step)
    return view if len(steps) > 1 else cast(View, _in_steps(view))


def _in_steps(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def perform(**arguments: Any) -> Any:
        with ExitStack() as entered:
            for step in declared(view).steps:
                arguments = step(arguments, entered)
            return view(**arguments)

    return perform


def declared_here() -> Declared:
    """Return the declarations of the view that handles this request; empty ones if there is no route."""
    view = current_app.view_functions.get(request.endpoint or "")
    return declared(view) if view else Declared()
