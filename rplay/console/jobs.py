"""Background jobs that a page starts: their progress and their result."""

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

Said = Callable[[int], None]  # called with the number of steps that are done
AT_ONCE_SECONDS = 0.5  # seconds that a request waits, so that the page shows a short job as finished
UNANSWERED = N_("The AI service did not answer. Please try again in a minute.")
SHOWN = 8  # refused rows that are shown on the page


def begin(kind: str, user: SignedIn, page: str, asked: dict[str, Any], total: int, work: Callable[[Said], Any]) -> UUID:
    """Run `work` in the background and return the job's id.

    `page` is the URL that shows the job, without the id; `asked` is data that this page needs.
    """
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
    with suppress(DatabaseError):  # a progress bar that stands still for a moment is no reason to abort the job
        jobs.advance(job, done)


@bp.get("/<job_id>")
@admin_only
@with_id("job")
def part(user: SignedIn, job_id: UUID) -> Response:
    """Show the progress, for the part of the page that polls every second; without script, the page."""
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
    return {"job": job, "overall": OVERALL, "shown": SHOWN}
