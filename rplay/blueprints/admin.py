"""/api/admin: actions for operators."""

from dataclasses import asdict

from flask import Blueprint

from rplay.db.sessions import SignedIn
from rplay.demo import beside, people, seeding
from rplay.errors import Forbidden
from rplay.web import shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import super_admin_only
from rplay.web.body import takes_nothing
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("admin", __name__, url_prefix="/api/admin")


@bp.post("/seed-data")
@super_admin_only
@takes_nothing
@responds(200, 409, data=shapes.Seeded)
def seed_data(user: SignedIn) -> Answer:  # noqa: ARG001
    """Fill the dashboards with demo people, their talks and reviews, replacing earlier ones.

    This goes on in the background; the response says how much there is now.
    """
    if parts().settings.production:
        raise Forbidden("Demo data is for development; this server runs with NODE_ENV=production")
    beside.begin(parts().settings, parts().data)
    seeded = seeding.counts()
    message = (
        f"Demo sessions in place: {seeded.sessions} of {len(people.plan())}. They are made anew in the background."
    )
    # The web frontend's page reads two of the counts under other names.
    stats = {**asdict(seeded), "feedbackEntries": seeded.feedback, "engagementLogs": seeded.events}
    return ok(data={"message": message, "stats": stats})
