"""/api/users/bulk-import: creates many users at once."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from flask import Blueprint
from pydantic import WithJsonSchema

from rplay.db.sessions import SignedIn
from rplay.db.users import NewUser
from rplay.errors import BadRequest
from rplay.people import enrolment, managing, roster
from rplay.people.roster import Row
from rplay.values import is_missing
from rplay.web import forms
from rplay.web.answers import Answer, ok
from rplay.web.auth import acting, admin_only
from rplay.web.body import Body, WholeText, once_more, parsed, read_raw, turn, validate
from rplay.web.openapi import responds
from rplay.web.parts import parts
from rplay.web.views import Arguments, View, declared, preceded

bp = Blueprint("bulk_import", __name__, url_prefix="/api/users")


_PERSON = {"type": "object", "properties": {column: {"type": "string"} for column in roster.COLUMNS}}
_PEOPLE = {"type": "array", "items": _PERSON}
# The contents are validated row by row; these schemas are only for the API documentation.
Method = Annotated[Any, WithJsonSchema({"enum": ["csv", "json"]})]
People = Annotated[Any, WithJsonSchema({"anyOf": [_PEOPLE, {"type": "string"}]})]


class Import(Body):
    """An import in one of three ways: CSV text, JSON (an array or its text), or `users`."""

    import_method: Method = None
    csv_data: WholeText | None = None
    json_data: People = None
    users: Annotated[Any, WithJsonSchema(_PEOPLE)] = None


class ImportForm(Import):
    """An import sent as a form, in which a file may hold the CSV or JSON."""

    file: bytes | None = None


def takes_import(view: View) -> View:
    """Pass the validated `body` to the view. It may be JSON or a form, whatever its content type says."""
    declared(view).body, declared(view).form = Import, ImportForm
    return preceded(view, _read_import)


def _read_import(arguments: Arguments, _: ExitStack) -> Arguments:
    raw = read_raw(large=True)
    boundary = forms.boundary_of(raw)
    with turn(len(raw)):
        arguments = once_more(arguments)
        body = validate(ImportForm, forms.read(raw, boundary)) if boundary else validate(Import, parsed(raw))
    return {**arguments, "body": body}


@bp.post("/bulk-import")
@admin_only
@takes_import
@responds(200, results=enrolment.Enrolled)
def bulk_import(user: SignedIn, body: Import) -> Answer:
    """Create an account for every valid row, and return what is wrong with the others."""
    settings = parts().settings
    rows = _rows(body, settings.import_max_rows)
    off_limits = managing.off_limits(user)
    return ok(results=asdict(enrolment.enrol(rows, settings.bcrypt_cost, off_limits, partial(_create, user))))


def _create(user: SignedIn, people: Sequence[NewUser]) -> set[str]:
    with acting(user) as (now, _, tx):
        return managing.create_many(now, people, tx)


def _rows(body: Import, limit: int) -> list[Row]:
    file = body.file if isinstance(body, ImportForm) else None
    csv_data, json_data = file or body.csv_data, file or body.json_data
    if body.import_method == "csv" and csv_data is not None and not is_missing(csv_data):
        return roster.from_csv(csv_data, limit)
    if body.import_method == "json" and not is_missing(json_data):
        return roster.from_json(json_data, limit)
    if not is_missing(body.users):
        return roster.from_json(body.users if isinstance(body.users, list) else None, limit)
    raise BadRequest("Invalid import method or no data provided")
