"""What is declared of a view: by whom it may be called, what it takes and answers, and what its calls count for.

The decorators write it down; the description of the API, the limits and the tests that walk all routes read it. What a
decorator does at each call is a step on the view's list: no decorator wraps a view, as one that did would run before
or after those that stand on the list, whatever its place.
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
# Makes the arguments that the next step or the view is called with, or raises. What it enters is left after the view.
Step = Callable[[Arguments, ExitStack], Arguments]


@dataclass
class Declared:
    """`access` is the name of its rule; `page` says that it is for people and no part of the API; `acts` says of a GET
    that it does more than to tell; `ids` are the path's arguments that are UUIDs; `ends_with_client` that a client who
    hangs up ends it.
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
    """The same for a view and for all that its decorators put around it, as `functools.wraps` takes it along."""
    found: Declared = vars(view).setdefault("declared", Declared())
    return found


def preceded(view: View, step: Step) -> View:
    """The view with this step before it, and before those of the decorators that stand below."""
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
    """Of the view that answers this request; nothing where there is no route."""
    view = current_app.view_functions.get(request.endpoint or "")
    return declared(view) if view else Declared()
