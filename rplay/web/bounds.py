"""How much may come in: bounds of texts, lists and JSON in bodies and queries.

A bound is checked before the items are: a list without a bound made 5 million errors out of 10 MiB, in 24 s and 4.5 GB.
A test walks every model and refuses a field without a bound; docs/limits.md prints `TABLE`.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from rplay.people.rules import MAX_EMAIL, MAX_NAME

NAME = MAX_NAME  # characters
ADDRESS = MAX_EMAIL  # characters; those of old accounts may be longer than a name
KEY = 255  # characters; an index refuses long ones
SECRET = 1_000  # characters
WORDS = 10_000  # characters
FEW, MANY, TURNS = 200, 1_000, 10_000  # items
SMALL, LARGE, LIST = 16_384, 262_144, 1_048_576  # bytes, written as JSON
VALUES = 500_000  # of one body: 10 MiB of empty lists took 3 s to parse, half a million takes 60 ms
AMOUNT = 10_000_000  # points, seconds

# what: bound; the documentation prints this table
TABLE: dict[str, str] = {
    "name, job role, address, industry, role, focus area, competency by name": f"{NAME:,} characters",
    "id, key, type, filter": f"{KEY:,} characters",
    "token, API key": f"{SECRET:,} characters",
    "comment, description, any other text": f"{WORDS:,} characters",
    "competencies, focus areas, objectives, reasons, criteria": f"{FEW:,} items",
    "rubric rows, existing profiles, ids of competencies": f"{MANY:,} items",
    "messages of a talk": f"{TURNS:,} items",
    "value, range, examples and metadata of a parameter; data of an event; part of a personality": f"{SMALL:,} bytes",
    "profile, personality, state of mind, objectives, review, a file of settings": f"{LARGE:,} bytes",
    "list of competencies, rubric rows or existing profiles": f"{LIST:,} bytes",
    "values in one body": f"{VALUES:,}",
    "points, seconds of a talk": f"0 to {AMOUNT:,}",
}

# A NUL as JSON writes it; behind a backslash that is itself escaped stand six characters that somebody typed.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class Bytes:
    """For JSON of any shape that PostgreSQL can keep: at most so many bytes when it is written; None for the body's."""

    most: int | None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **({"x-maxBytes": self.most} if self.most else {})}

    def checked(self, thing: Any) -> Any:
        try:
            raw = orjson.dumps(thing)
        except TypeError:
            raise ValueError("not storable") from None
        if self.most is not None and len(raw) > self.most:
            raise ValueError("too large")
        if b"\\u0000" in raw and _NUL.search(raw):
            raise ValueError("NUL")
        return thing


def many_values(raw: bytes) -> bool:
    """Whether this JSON may hold more values than a body may have. Commas and brackets inside of texts count too."""
    return len(raw) > VALUES and sum(map(raw.count, (b",", b"[", b"{"))) > VALUES
