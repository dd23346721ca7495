"""/api/compliance: rules of the trade, with examples of breaking them."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import AfterValidator, Field

from rplay.db.sessions import SignedIn
from rplay.reviews.rules import fault_of
from rplay.web import bounds
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, changing, signed_in
from rplay.web.body import Body, problem, takes
from rplay.web.bounds import Bytes
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("compliance", __name__, url_prefix="/api/compliance")


def _fitting(rules: list[Any]) -> list[Any]:
    if reason := fault_of(rules):
        raise problem(f"Invalid rules: {reason}")
    return rules


class Rules(Body):
    """All rules: `[{id, name, industries, definition, examples, counterExamples, severity, clientSays, cap}]`."""

    rules: Annotated[
        list[Any],
        Field(strict=True, min_length=1, max_length=bounds.FEW),
        Bytes(bounds.LIST),
        AfterValidator(_fitting),
    ]


@bp.get("")
@signed_in
@responds(200, data=list[dict[str, Any]])
def every(user: SignedIn) -> Answer:  # noqa: ARG001
    """Return the rules that clients, coach and reviews apply; breaking one limits the overall score to its `cap`."""
    return ok(data=[dict(rule) for rule in parts().data.compliance()])


@bp.put("")
@admin_only
@takes(Rules)
@responds(200, message=str)
def put(user: SignedIn, body: Rules) -> Answer:
    """Replace all rules."""
    with changing(user, "compliance") as [content]:
        content[:] = body.rules
    return ok(message="Compliance rules saved successfully")
