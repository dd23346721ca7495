"""Error pages, for refused requests and failures."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for

from rplay.console.rendering import is_htmx, page, to
from rplay.console.words import N_, gettext
from rplay.errors import Forbidden, HttpError, NotFound, Unauthorized
from rplay.web import failures
from rplay.web.auth import public, user_if_any

bp = Blueprint("refusals", __name__)

SAID = {
    400: (N_("That could not be read"), N_("Something in the request is not as it should be. Go back and try again.")),
    401: (
        N_("Please sign in again"),
        N_("Your session has ended. Sign in, and go on where you were."),
    ),
    403: (N_("This is not open to you"), N_("Your account has no access to this page.")),
    404: (N_("There is nothing here"), N_("The page is gone, or its address was mistyped.")),
    405: (N_("There is nothing here"), N_("The page is gone, or its address was mistyped.")),
    409: (N_("That is not possible now"), N_("It was changed meanwhile. Go back, look again, and try once more.")),
    413: (N_("That is too much at once"), N_("What was sent is larger than this server takes.")),
    429: (N_("Too often"), N_("Please wait a little before you try again.")),
    502: (N_("No answer came"), N_("The AI service did not answer. Please try again in a minute.")),
    503: (N_("Not available for a moment"), N_("Please try again in a few seconds.")),
}
FAILED = (N_("Something went wrong here"), N_("The fault is ours, and it has been noted. Please try again."))


class ForeignPage(Forbidden):
    """A form that was sent by a page of another server, or by an unknown page."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The form was sent from another address than this server's own. If you reach rplay under a name of your"
                " own, its operator sets CONSOLE_URL to that address."
            )
        )


@bp.get("/<path:address>")
@public
def nothing(address: str) -> Response:  # noqa: ARG001
    """Respond with 404 to unknown addresses of the console, so that the API's 404 is not shown."""
    raise NotFound("Endpoint not found")


def page_of(error: Exception) -> Response:
    refusal = failures.refusal_of(error)
    if isinstance(refusal, Unauthorized) and (is_htmx() or request.method in ("GET", "HEAD")):
        return _to_sign_in()
    answer = _part(refusal) if is_htmx() else _whole(refusal)
    answer.headers.update(failures.headers_of(refusal))
    return answer


def _to_sign_in() -> Response:
    """Redirect to the sign-in page, and from there back to the requested page."""
    if not is_htmx():
        return to("console.sign_in.page", next=request.full_path.rstrip("?"))
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return Response(headers={"HX-Redirect": url_for("console.sign_in.page", next=here or None)})


def _whole(refusal: HttpError) -> Response:
    heading, sentence = _said(refusal)
    user = user_if_any() if refusal.status in (403, 404, 405, 409, 413) else None
    return page("error.html", user, refusal.status, heading=heading, sentence=sentence)


def _part(refusal: HttpError) -> Response:
    """Return the error as a fragment, for the part of a page that waits for a response."""
    heading, sentence = _said(refusal)
    return page("error_part.html", None, refusal.status, heading=heading, sentence=sentence)


def _said(refusal: HttpError) -> tuple[str, str]:
    heading, sentence = SAID.get(refusal.status, FAILED)
    if isinstance(refusal, ForeignPage):
        sentence = refusal.text
    return gettext(heading), gettext(sentence)
