"""Security headers of responses."""

from flask import Response, request

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
# The only HTML page of the API is /api/docs, which has inline style and loads nothing.
NOTHING = "default-src 'none'; frame-ancestors 'none'"
PAGE = f"{NOTHING}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
CONSOLE = (
    f"{NOTHING}; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src blob:; connect-src 'self';"
    " manifest-src 'self'; base-uri 'none'; form-action 'self'"
)
TRIAL = (
    f"{NOTHING}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none';"
    " form-action 'none'"
)
TRIAL_PATH = "/api/docs/try"
CONSOLE_PATH = "/console/"
# responses that are the same for everybody and may be cached
SHARED = frozenset({"/api/docs", "/api/openapi.json", "/api/asyncapi.json"})
HSTS = "max-age=31536000; includeSubDomains"


def protect(behind_proxy: bool, response: Response) -> Response:
    headers = response.headers
    for name, value in ALWAYS.items():
        headers[name] = value
    if request.path.startswith(CONSOLE_PATH):
        headers["Content-Security-Policy"] = CONSOLE
        headers["Referrer-Policy"] = "same-origin"  # without this header value a form would be sent with `Origin: null`
    elif request.path == TRIAL_PATH:
        headers["Content-Security-Policy"] = TRIAL
    else:
        headers["Content-Security-Policy"] = PAGE if response.mimetype == "text/html" else NOTHING
    if request.path not in SHARED:
        headers.setdefault("Cache-Control", "no-store")
    if request.is_secure or (behind_proxy and request.headers.get("X-Forwarded-Proto") == "https"):
        headers["Strict-Transport-Security"] = HSTS
    return response
