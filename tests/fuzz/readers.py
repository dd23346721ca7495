"""What reads the files that people send, as functions of bytes: they may refuse, and nothing else may happen.

The seeds beside this file are read by the ordinary tests; `make fuzz-readers` lets atheris make more of them.
"""

from collections.abc import Callable

from flask import Flask

from rplay.errors import BadRequest, TooLarge
from rplay.people import enrolment, roster
from rplay.web import forms

ROWS = 50
COST = 4

app = Flask("fuzz")


def read_csv(data: bytes) -> None:
    _look_at(roster.from_csv(data, ROWS))
    _look_at(roster.from_csv(data.decode(errors="replace"), ROWS))


def read_json(data: bytes) -> None:
    _look_at(roster.from_json(data, ROWS))


def read_form(data: bytes) -> None:
    """Labelled as the existing frontend labels it."""
    with app.test_request_context(method="POST", data=data, content_type="application/json"):
        boundary = forms.boundary_of(data)
        if boundary:
            fields = forms.read(data, boundary)
            assert all(isinstance(value, str | bytes) for value in fields.values())


def _look_at(rows: object) -> None:
    """Every row is a person or has a reason why it is none."""
    assert isinstance(rows, list)
    assert 0 < len(rows) <= ROWS
    assert all(isinstance(enrolment.person_of(row), enrolment.Person | str) for row in rows)


READERS: dict[str, Callable[[bytes], None]] = {"csv": read_csv, "json": read_json, "form": read_form}


def refused_or_read(name: str, data: bytes) -> None:
    try:
        READERS[name](data)
    except (BadRequest, TooLarge):
        return
