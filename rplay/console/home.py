"""The first page after signing in."""

from flask import Blueprint, Response

from rplay.console.rendering import page as rendered
from rplay.db.sessions import SignedIn
from rplay.web.auth import signed_in

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def page(user: SignedIn) -> Response:
    return rendered("home.html", user)
