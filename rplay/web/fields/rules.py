"""Field types of the rules by which talks are reviewed."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rplay.web import bounds
from rplay.web.body import Text


def _criteria(value: Any) -> Any:
    """Split a text into criteria at semicolons and line breaks, as responses of this server join them."""
    if isinstance(value, str) and len(value) > bounds.WORDS:
        raise ValueError("too long")
    parted = re.split(r"[;\n]", value) if isinstance(value, str) else value
    if not isinstance(parted, list) or len(parted) > bounds.FEW:
        raise ValueError("a text or a list of texts")
    criteria = [one.strip() if isinstance(one, str) else one for one in parted]
    if not any(criteria):
        raise ValueError("no criteria")
    return [one for one in criteria if one != ""]


Criteria = Annotated[list[Text], Field(max_length=bounds.FEW, fail_fast=True), BeforeValidator(_criteria)]
