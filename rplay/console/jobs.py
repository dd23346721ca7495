"""Work that a page begins and that goes on when its request is answered: how far it is, and what came of it."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from rplay import background
from rplay.console.rendering import is_htmx, led
from rplay.console.rendering import page as rendered
from rplay.console.words import N_
from rplay.db import jobs
from rplay.db.jobs import Job
from rplay.db.sessions import SignedIn
from rplay.errors import AIError, DatabaseError, HttpError, NotFound
from rplay.reviews.numbers import OVERALL
from rplay.web.auth import admin_only
from rplay.web.body import with_id

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

Said = Callable[[int], None]  # hears how many steps are done
AT_ONCE_SECONDS = 0.5  # seconds that a page waits: what is short is done when it is shown
UNANSWERED = N_("The AI service did not answer. Please try again in a minute.")
SHOWN = 8  # refused rows that stand on the page


def begin(kind: str, user: SignedIn, page: str, asked: dict[str, Any], total: int, work: Callable[[Said], Any]) -> UUID:
    """Does `work` beside all else. `page` is the address that shows it, up to its id; `asked` what that page needs."""
    job = jobs.begin(kind, user.id, {**asked, "page": page}, total)
    background.run(kind, _do, job, work).join(AT_ONCE_SECONDS)
    return job


def _do(job: UUID, work: Callable[[Said], Any]) -> None:
    try:
        jobs.finish(job, work(partial(_said, job)))
    except HttpError as error:
        jobs.fail(job, error.text)
    except AIError:
        jobs.fail(job, UNANSWERED)
    except Exception:
        jobs.fail(job, "")
        raise


def _said(job: UUID, done: int) -> None:
    with suppress(DatabaseError):  # a bar that stands still for a moment is no reason to stop
        jobs.advance(job, done)


@bp.get("/<job_id>")
@admin_only
@with_id("job")
def part(user: SignedIn, job_id: UUID) -> Response:
    """How far it is, for the place on its page that asks every second; without a script, the page itself."""
    job = found(user, job_id)
    if not is_htmx():
        return led(f"{job.asked['page']}{job.id}")
    return rendered("job.html", None, **shown(job))


def found(user: SignedIn, job_id: UUID) -> Job:
    job = jobs.get(job_id, user.id)
    if job is None:
        raise NotFound("Endpoint not found")
    return job


def shown(job: Job | None) -> dict[str, Any]:
    """What the template of a job needs."""
    return {"job": job, "overall": OVERALL, "shown": SHOWN}
