"""Size limits for texts, lists and JSON in bodies and queries.

A list's bound is checked before its items: without a bound, 10 MiB produced 5 million errors, in 24 s and with 4.5 GB
of memory. A test checks that every field of every model has a bound; docs/limits.md prints `TABLE`.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from rplay.people.rules import MAX_EMAIL, MAX_NAME

NAME = MAX_NAME  # characters
ADDRESS = MAX_EMAIL  # characters; addresses of old accounts may be longer than a name
KEY = 255  # characters; a database index refuses longer values
SECRET = 1_000  # characters
WORDS = 10_000  # characters
FEW, MANY, TURNS = 200, 1_000, 10_000  # items
SMALL, LARGE, LIST = 16_384, 262_144, 1_048_576  # bytes when written as JSON
VALUES = 500_000  # values in one body: 10 MiB of empty lists took 3 s to parse, half a million values take 60 ms
AMOUNT = 10_000_000  # points or seconds

# field: bound; the documentation prints this table
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

# Matches a NUL escape (\u0000) in JSON. After an escaped backslash the same six characters are ordinary text.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class Bytes:
    """Annotation for JSON of any shape that PostgreSQL can store, with at most `most` bytes when encoded. None means
    that only the body's size limits it.
    """

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
    """Return True if this JSON may hold more values than a body may have. Commas and brackets inside texts are counted
    too.
    """
    return len(raw) > VALUES and sum(map(raw.count, (b",", b"[", b"{"))) > VALUES
