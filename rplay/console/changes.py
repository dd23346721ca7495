"""The audit log as a page: who changed rules, groups, scores and settings, and when."""

from datetime import datetime
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, request

from rplay.console.rendering import page as rendered
from rplay.db import audit_log
from rplay.db.audit_log import Entry
from rplay.db.sessions import SignedIn
from rplay.web.auth import admin_only

bp = Blueprint("changes", __name__, url_prefix="/changes")

ROWS = 50


@bp.get("")
@admin_only
def page(user: SignedIn) -> Response:
    """Show changes, newest first. Scores of talks are left out, so that the reader can still mark those talks blind."""
    chosen = request.args.get("what", "")[:200].replace("\0", "")
    before = _moment(request.args.get("before", ""))
    entries = audit_log.newest(chosen or None, before, ROWS + 1)
    older = entries[ROWS - 1].at if len(entries) > ROWS else None
    return rendered(
        "changes.html",
        user,
        entries=[(entry, _changes(entry)) for entry in entries[:ROWS]],
        actions=audit_log.actions(),
        chosen=chosen,
        older=older and f"?{urlencode({'what': chosen, 'before': older.isoformat()})}",
    )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _changes(entry: Entry) -> list[tuple[str, str, str]]:
    """Return the changes of an entry: the path, the value before and the value after."""
    details = entry.details if isinstance(entry.details, dict) else {}
    return [(one["at"], _text(one["before"]), _text(one["after"])) for one in details.get("changes", ())]


def _text(value: object) -> str:
    return "–" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
