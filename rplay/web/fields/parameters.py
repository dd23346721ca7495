"""Field types of parameters and their categories."""

from typing import Annotated

from pydantic import AfterValidator

from rplay.web.body import Short, problem

TYPES = ("structured", "narrative", "guardrails")


def plural(kind: str) -> str:
    """Return `guardrails` for `guardrail`, which clients and old rows also use for a category."""
    return "guardrails" if kind == "guardrail" else kind


def _known(kind: str) -> str:
    if kind not in TYPES:
        raise problem(f"Invalid type. Must be one of: {', '.join(TYPES)}")
    return kind


ParameterType = Annotated[Short, AfterValidator(_known)]
CategoryType = Annotated[Short, AfterValidator(plural), AfterValidator(_known)]
