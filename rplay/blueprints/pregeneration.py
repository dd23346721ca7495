"""/api/profile-pregeneration: client profiles generated in advance, for when no AI provider can make one."""

from flask import Blueprint

from rplay.db.sessions import SignedIn
from rplay.web import pregeneration
from rplay.web.answers import Answer, ok
from rplay.web.auth import acts, admin_only
from rplay.web.disconnect import while_waited_for
from rplay.web.limits import limited
from rplay.web.openapi import responds

bp = Blueprint("pregeneration", __name__, url_prefix="/api/profile-pregeneration")


@bp.get("")
@admin_only
@acts
@limited("ai", "ai_address")
@while_waited_for
@responds(200, message=str, data=dict[str, bool | str])
def pregenerate(user: SignedIn) -> Answer:
    """Generate a profile for each industry, subcategory and difficulty; where that fails the earlier one is kept."""
    made, wanted = pregeneration.pregenerate(user)
    message = f"Generated {made} of {wanted} client profiles"
    return ok(message=message, data={"success": made == wanted, "message": message})
