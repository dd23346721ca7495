"""Import of users from a CSV file, with a preview and a choice of which column holds what.

The browser keeps the file and sends it again with each step, so that passwords in the file never appear on a page.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from rplay import db
from rplay.console import jobs, tables
from rplay.console.people import role_name
from rplay.console.rendering import is_htmx, link_to, to
from rplay.console.rendering import page as rendered
from rplay.console.words import N_, gettext
from rplay.db import sessions, users
from rplay.db.sessions import SignedIn
from rplay.db.users import NewUser
from rplay.errors import BadRequest, Forbidden, TooLarge
from rplay.mail.outbox import Outbox
from rplay.people import enrolment, managing, roster
from rplay.people.enrolment import Person, Refusal
from rplay.people.roster import COLUMNS, Header, Places, Row
from rplay.web import forms
from rplay.web.auth import admin_only
from rplay.web.body import once_more, read_raw, turn, with_id
from rplay.web.parts import parts
from rplay.web.views import Arguments, View, preceded

bp = Blueprint("people_import", __name__, url_prefix="/people/import")

SHOWN = jobs.SHOWN  # rows that are shown in a preview
NAMES = {
    "firstName": N_("First name"),
    "lastName": N_("Last name"),
    "name": N_("Whole name"),
    "email": N_("E-mail address"),
    "password": N_("Password"),
    "role": N_("Role"),
    "jobRole": N_("What they do"),
}


@dataclass
class Sent:
    """The submitted form. `places` is None if the columns have not been assigned yet."""

    file: bytes
    invites: bool
    places: Places | None
    header: Header = field(default_factory=Header)
    known: Places = field(default_factory=dict)

    def rows(self) -> list[Row]:
        return roster.from_csv(self.file, parts().settings.import_max_rows, self.places, self.invites)


def takes_list(view: View) -> View:
    """Pass the form to the view as `sent`; None if it has no file."""

    def read(arguments: Arguments, _: ExitStack) -> Arguments:
        raw = read_raw(large=True)
        with turn(len(raw)):
            boundary = forms.boundary_of(raw)
            return {**once_more(arguments), "sent": _sent(forms.read(raw, boundary)) if boundary else None}

    return preceded(view, read)


def _sent(fields: dict[str, str | bytes]) -> Sent | None:
    file = fields.get("file")
    if not isinstance(file, bytes) or not file.strip():
        return None
    said = {name: text for name, text in fields.items() if isinstance(text, str)}
    given = {int(name[1:]): text for name, text in said.items() if name[:1] == "c" and name[1:].isdecimal()}
    places = {place: column for place, column in given.items() if column in COLUMNS} if given else None
    return Sent(file, said.get("how") != "passwords", places)


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    return _page(user)


@bp.post("/preview")
@admin_only
@takes_list
def preview(user: SignedIn, sent: Sent | None) -> Response:
    """Show what would happen with each row, without storing anything."""
    if sent is None:
        return _page(user, wrong=gettext("Choose a file."))
    try:
        sent.header, sent.known = roster.header_of(sent.file)
        rows = sent.rows()
    except (BadRequest, TooLarge) as error:
        return _page(user, sent=sent, wrong=error.text)
    refused = enrolment.tried(rows, managing.off_limits(user), sent.invites)
    return _page(user, sent=sent, rows=rows, refused=refused)


@bp.post("/refusals.csv")
@admin_only
@takes_list
def refusals(user: SignedIn, sent: Sent | None) -> Response:
    """Return the rows that would be refused, as CSV."""
    if sent is None:
        raise BadRequest("No file was sent")
    refused = enrolment.tried(sent.rows(), managing.off_limits(user), sent.invites)
    return tables.answer("refused.csv", *_table(refused))


@bp.post("")
@admin_only
@takes_list
def create(user: SignedIn, sent: Sent | None) -> Response:
    """Create the accounts in a background job, as hashing takes long; invited users have no hash yet."""
    if sent is None:
        return _page(user, wrong=gettext("Choose a file."))
    if sent.invites and not parts().outbox.can_invite():
        return _page(user, sent=sent, wrong=gettext("No mails are sent here: the list has to hold passwords."))
    try:
        sent.header, sent.known = roster.header_of(sent.file)
        rows = sent.rows()
    except (BadRequest, TooLarge) as error:
        return _page(user, sent=sent, wrong=error.text)
    outbox, cost = parts().outbox, parts().settings.bcrypt_cost
    create_some = partial(_create, user, outbox, link_to("console.sign_in.choose_page") if sent.invites else None)

    def work(said: jobs.Said) -> dict[str, Any]:
        refused = enrolment.enrolled(rows, cost, managing.off_limits(user), create_some, sent.invites, said)
        outbox.wake()
        return {
            "made": len(rows) - len(refused),
            "refused": _table(refused)[1],
            "shown": [(row.number, reason, enrolment.called(row.values)) for row, reason in refused[: jobs.SHOWN]],
        }

    job = jobs.begin("import", user, f"{url_for('console.people_import.page')}/", {}, len(rows), work)
    return to("console.people_import.imported", job_id=job)


def _create(user: SignedIn, outbox: Outbox, page: str | None, people: Sequence[NewUser]) -> set[str]:
    """Create some accounts, checking again that the user is signed in and an admin: this may have changed since the
    last batch.
    """
    with db.transaction() as tx:
        users.locked((user.id,), tx)
        now = sessions.by_id(user.session_id, tx)
        if now is None or now.role not in users.ADMINS:
            raise Forbidden("Admin access required")
        created = managing.create_many(now, people, tx)
        if page:
            outbox.put_invitations(created, page, tx)
    return created


@bp.get("/<job_id>")
@admin_only
@with_id("job")
def imported(user: SignedIn, job_id: UUID) -> Response:
    """Show the progress and the result of an import."""
    return rendered("people_imported.html", user, **jobs.shown(jobs.found(user, job_id)))


@bp.get("/<job_id>/refused.csv")
@admin_only
@with_id("job")
def refused_file(user: SignedIn, job_id: UUID) -> Response:
    result = jobs.found(user, job_id).result or {}
    return tables.answer("refused.csv", _columns(), result.get("refused", ()))


def _columns() -> list[str]:
    return ["line", "reason", *(column for column in COLUMNS if column != "password")]


def _table(refused: Sequence[Refusal]) -> tuple[list[str], list[list[object]]]:
    """Return the columns and rows of the refusals: line, reason and the row's values without passwords."""
    rows: list[list[object]] = []
    for row, reason in refused:
        values = row.values if isinstance(row.values, dict) else {}
        rows.append([row.number, reason, *(values.get(column) for column in _columns()[2:])])
    return _columns(), rows


def _page(
    user: SignedIn,
    sent: Sent | None = None,
    wrong: str | None = None,
    rows: Sequence[Row] = (),
    refused: Sequence[Refusal] = (),
) -> Response:
    context: dict[str, Any] = {
        "sent": sent,
        "wrong": wrong,
        "rows": len(rows),
        "refused": refused,
        "first": [_seen(user, sent, row) for row in rows[:SHOWN]] if sent else [],
        "shown": SHOWN,
        "columns": [("", gettext("(pass over)")), *((column, gettext(NAMES[column])) for column in COLUMNS)],
        "called": enrolment.called,
        "role_name": role_name,
    }
    template = "people_preview.html" if is_htmx() else "people_import.html"
    mails = parts().outbox.can_invite()
    return rendered(
        template, user, 400 if wrong else 200, mails=mails, most=parts().settings.import_max_rows, **context
    )


def _seen(user: SignedIn, sent: Sent, row: Row) -> Person | Refusal:
    found = enrolment.person_of(row, managing.off_limits(user), sent.invites)
    return found if isinstance(found, Person) else (row, found)
