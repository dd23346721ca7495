"""Headers that keep browsers from doing with an answer what nobody meant."""

from flask import Response, request

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
# Nothing here is a page but /api/docs, which holds its own style and needs nothing else.
NOTHING = "default-src 'none'; frame-ancestors 'none'"
PAGE = f"{NOTHING}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
SHARED = frozenset({"/api/docs", "/api/openapi.json"})  # the same for everybody
HSTS = "max-age=31536000; includeSubDomains"


def protect(behind_proxy: bool, response: Response) -> Response:
    headers = response.headers
    for name, value in ALWAYS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = PAGE if response.mimetype == "text/html" else NOTHING
    if request.path not in SHARED:
        headers.setdefault("Cache-Control", "no-store")
    if request.is_secure or (behind_proxy and request.headers.get("X-Forwarded-Proto") == "https"):
        headers["Strict-Transport-Security"] = HSTS
    return response
