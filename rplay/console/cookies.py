"""Cookies of the console: the session, language and theme. Scripts cannot read them."""

from typing import Any

from flask import Response, request

from rplay.console import words
from rplay.web import origins
from rplay.web.parts import parts

SESSION = "session_token"
THEME = "rplay_theme"
THEMES = ("system", "light", "dark")
DAY = 86_400  # seconds
YEAR = 365 * DAY


def sign_in(answer: Response, token: str) -> Response:
    _set(answer, SESSION, token, parts().settings.session_days * DAY)
    return answer


def sign_out(answer: Response) -> Response:
    answer.delete_cookie(SESSION, secure=origins.is_secure(), httponly=True, samesite="Lax")
    return answer


def prefer(answer: Response, language: str, theme: str) -> Response:
    _set(answer, words.COOKIE, language, YEAR)
    _set(answer, THEME, theme, YEAR)
    return answer


def theme() -> str:
    chosen: Any = request.cookies.get(THEME)
    return chosen if chosen in THEMES else "system"


def _set(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, secure=origins.is_secure(), httponly=True, samesite="Lax")
