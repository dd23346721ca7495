"""Field types of people's scores for talks."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rplay.reviews.numbers import NUMBERS, is_score
from rplay.web import bounds
from rplay.web.body import Title, problem
from rplay.web.bounds import Bytes


def _score(value: Any) -> Any:
    if not is_score(value):
        raise problem("Score must be a number between 1 and 10")
    return value


Score = Annotated[float, BeforeValidator(_score)]
# Scores by competency, with `overall`.
Scores = Annotated[dict[Title, Score], Field(min_length=1, max_length=NUMBERS, fail_fast=True), Bytes(bounds.LARGE)]
