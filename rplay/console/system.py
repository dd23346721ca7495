"""How this server stands: readiness, who plays, speaks and listens, migrations, settings. No secret is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, Response

from rplay import shown_settings
from rplay.agents.breaker import State
from rplay.agents.providers.catalogue import PROVIDERS
from rplay.agents.types import Purpose
from rplay.config import Settings
from rplay.console.rendering import page as rendered
from rplay.console.words import N_, gettext
from rplay.db import migrate
from rplay.db.sessions import SignedIn
from rplay.model_end_dates import end_of, over
from rplay.stt import catalogue as recognisers
from rplay.tts import catalogue as voices
from rplay.values import masked_address
from rplay.web import readiness
from rplay.web.auth import super_admin_only
from rplay.web.parts import parts

bp = Blueprint("system", __name__, url_prefix="/system")

CHECKS = {"database": N_("Database"), "migrations": N_("Migrations"), "data": N_("Data files"), "redis": N_("Redis")}
GOOD = frozenset({"ok", "closed", "connected"})


@dataclass(frozen=True, slots=True)
class Model:
    """Who may be asked; `end` is the day from which its vendor serves it no more."""

    name: str
    shown: str
    end: date | None
    ended: bool
    breakers: dict[Purpose, State]


@bp.get("")
@super_admin_only
def page(user: SignedIn) -> Response:
    """Of this process: others of the same server have breakers of their own."""
    settings, found = parts().settings, readiness.looked_at()
    return rendered(
        "system.html",
        user,
        ready=found.ready,
        checks=[(gettext(CHECKS[name]), state) for name, state in found.checks.items() if name in CHECKS],
        good=GOOD,
        models=list(_models(settings, found)),
        speaking=masked_address(voices.described(settings)),
        voice_ends=[said for kind in voices.speaking(settings) if (said := voices.ending(kind, settings))],
        listening=masked_address(recognisers.described(settings)),
        hears=parts().recogniser is not None,
        connections=len(parts().speech_connections()),
        migrations=migrate.standing(),
        settings=[(one.name, _text(one.value), one.source) for one in shown_settings.described(settings)],
        now=datetime.now(UTC),
    )


def _models(settings: Settings, found: readiness.Readiness) -> Iterator[Model]:
    for kind in PROVIDERS:
        if kind.name in found.breakers:
            end = end_of(kind.model(settings), kind.server(settings)) if kind.is_model else None
            yield Model(kind.name, masked_address(kind.shown(settings)), end, over(end), found.breakers[kind.name])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
