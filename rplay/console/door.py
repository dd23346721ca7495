"""The server's root URL: leads browsers to the console."""

from flask import Blueprint, Response, request

from rplay.console.assets import served
from rplay.console.rendering import to
from rplay.errors import NotFound
from rplay.web.answers import Answer
from rplay.web.auth import public

bp = Blueprint("door", __name__)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@bp.route("/", methods=METHODS)
@public
def root() -> Response:
    """Redirect a browser to the console; respond with 404 to everything else."""
    if request.method not in ("GET", "HEAD") or not _prefers_html():
        raise NotFound("Endpoint not found")
    answer = to("console.home.page")
    answer.headers["Vary"] = "Accept"
    return answer


@bp.get("/favicon.ico")
@public
def favicon() -> Answer:
    return served("favicon.ico")


def _prefers_html() -> bool:
    """Return True if the client prefers HTML to JSON. `curl`, which accepts anything, does not."""
    accepted = request.accept_mimetypes
    return bool(accepted["text/html"] > accepted["application/json"])
