"""What is declared of a view: by whom it may be called, what it takes and answers, and what its calls count for.

The decorators write it down; the description of the API, the limits and the tests that walk all routes read it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, request

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rplay.web.body import Body
    from rplay.web.openapi import Answers


@dataclass
class Declared:
    """`access` is the name of its rule; `acts` says of a GET that it does more than to tell; `ids` are the path's
    arguments that are UUIDs; `ends_with_client` that a client who hangs up ends it."""

    access: str | None = None
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


def declared(view: Callable[..., Any]) -> Declared:
    """The same for a view and for all that its decorators put around it, as `functools.wraps` takes it along."""
    found: Declared = vars(view).setdefault("declared", Declared())
    return found


def declared_here() -> Declared:
    """Of the view that answers this request; nothing where there is no route."""
    view = current_app.view_functions.get(request.endpoint or "")
    return declared(view) if view else Declared()
