"""A trainer's queue: talks that a learner disputed, that the machine flagged, or that nobody has judged."""

from typing import Any, get_args
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from rplay.console.new_talk import difficulty_name, kind_name
from rplay.console.rendering import page as rendered
from rplay.console.words import N_, gettext
from rplay.db.review_queue import Why
from rplay.db.sessions import SignedIn
from rplay.reviews import queue
from rplay.web.auth import signed_in
from rplay.web.parts import parts

bp = Blueprint("queue", __name__, url_prefix="/queue")

ROWS = 25
REASONS = {
    "disputed": N_("disputed by the learner"),
    "flagged": N_("flagged by the machine"),
    "unreviewed": N_("judged by nobody"),
}


@bp.get("")
@signed_in
def page(user: SignedIn) -> Response:
    asked = request.args.get("why", "")
    why: Any = asked if asked in get_args(Why) else None
    number = max(request.args.get("page", 1, int), 1)
    found = queue.of(user, why, ROWS, (number - 1) * ROWS)
    metadata = parts().data.industry_metadata()
    return rendered(
        "queue.html",
        user,
        waiting=found.waiting,
        total=found.total,
        number=number,
        pages=max(1, -(-found.total // ROWS)),
        address=lambda page: f"?{urlencode({'why': why or '', 'page': page})}",
        why=why or "",
        reasons=[("", gettext("All"))] + [(one, gettext(words)) for one, words in REASONS.items()],
        kind_of=lambda talk: kind_name(metadata, talk.industry, talk.subcategory),
        difficulty_name=difficulty_name,
    )
