"""Renders a page: a template with translations and the current user."""

from functools import cache
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from jinja2 import Environment, PackageLoader, StrictUndefined

from rplay.console import assets, cookies, levels, navigation, words
from rplay.db.sessions import SignedIn
from rplay.web import origins
from rplay.web.parts import parts


def page(template: str, user: SignedIn | None = None, status: int = 200, **context: Any) -> Response:
    """Return a whole page for a signed-in user, or without `user` for anybody."""
    html = (
        environment()
        .get_template(template)
        .render(
            user=user,
            language=words.language(),
            theme=cookies.theme(),
            navigation=list(navigation.entries(user.role)) if user else (),
            register_open=parts().settings.console_register,
            **context,
        )
    )
    return Response(html, status, content_type="text/html; charset=utf-8")


def to(endpoint: str, **values: Any) -> Response:
    """Redirect to another page, for example after a form."""
    return led(url_for(endpoint, **values))


def talk_address(simulation_id: UUID) -> str:
    """Return the URL of the page on which a learner talks."""
    return f"{url_for('console.home.page')}talks/{simulation_id}"


def link_to(endpoint: str, **values: Any) -> str:
    """Return an absolute URL for a mail: below CONSOLE_URL, or else below the address at which the server was
    called.
    """
    return (parts().settings.console_url or origins.asked()) + url_for(endpoint, **values)


def led(address: str) -> Response:
    return Response(status=303, headers={"Location": address})


def is_htmx() -> bool:
    """Return True if htmx requests only a part of a page."""
    return request.headers.get("HX-Request") == "true"


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("rplay.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    made.globals.update(url_for=url_for, talk_address=talk_address, asset=assets.address)
    made.globals.update(level_of=levels.level_of, LANGUAGES=words.LANGUAGES)
    for shape in (words.date, words.date_time, words.iso, words.number, words.minutes):
        made.filters[shape.__name__] = shape
    return made
