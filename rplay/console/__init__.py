"""The console: rplay in a browser, as server-rendered pages. Each file has one group of pages and its blueprint `bp`.

docs/console.md says how to add a page.
"""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask, request
from werkzeug.exceptions import HTTPException

from rplay.console import door
from rplay.console.refusals import ForeignPage, page_of
from rplay.errors import Erased, HttpError, SharedAway
from rplay.web import origins
from rplay.web.auth import UNSAFE
from rplay.web.headers import CONSOLE_PATH
from rplay.web.views import declared


def install(app: Flask) -> None:
    pages = Blueprint("console", __name__, url_prefix=CONSOLE_PATH.rstrip("/"))
    pages.before_request(_refuse_foreign_pages)
    for error in (HttpError, SharedAway, Erased, HTTPException, Exception):
        pages.register_error_handler(error, page_of)
    for found in iter_modules(__path__):
        bp = getattr(import_module(f"{__name__}.{found.name}"), "bp", None)
        if bp is not None and bp is not door.bp:
            pages.register_blueprint(bp)
    app.register_blueprint(pages)
    app.register_blueprint(door.bp)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("console.", "door.")):
            declared(app.view_functions[rule.endpoint]).page = True


def _refuse_foreign_pages() -> None:
    """Refuse unsafe requests from other pages. The session cookie is sent with a form of any page of the same site,
    and the sign-in form needs no cookie.
    """
    if request.method in UNSAFE and not origins.is_own():
        raise ForeignPage
