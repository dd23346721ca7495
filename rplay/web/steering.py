"""The type of parameters and of their categories."""

from typing import Annotated

from pydantic import AfterValidator

from rplay.web.body import Text, problem

TYPES = ("structured", "narrative", "guardrails")


def plural(kind: str) -> str:
    """Clients and old rows also say `guardrail` for a category."""
    return "guardrails" if kind == "guardrail" else kind


def _known(kind: str) -> str:
    if kind not in TYPES:
        raise problem(f"Invalid type. Must be one of: {', '.join(TYPES)}")
    return kind


ParameterType = Annotated[Text, AfterValidator(_known)]
CategoryType = Annotated[Text, AfterValidator(plural), AfterValidator(_known)]
