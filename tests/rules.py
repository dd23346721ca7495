"""Routes are compiled once a process, not once an application: 0.1 s each time, and tests make hundreds."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from rplay import blueprints, console

_compile: Callable[..., Any] = Rule._compile_builder
_compiled: dict[tuple[Any, ...], Any] = {}


def share() -> None:
    """For werkzeug 3: what builds an address depends on its parts alone, where nothing has a default."""
    Rule._compile_builder = _shared  # type: ignore[method-assign]


def _shared(rule: Rule, append_unknown: bool = True) -> Any:
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = (rule.rule, append_unknown, *rule._trace)
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]


def compile_all() -> Flask:
    """Those of every blueprint and page, for the processes that are forked from this one; an application with them."""
    share()
    app = Flask("rplay", static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for blueprint in blueprints.every():
        app.register_blueprint(blueprint)
    console.install(app)
    return app
