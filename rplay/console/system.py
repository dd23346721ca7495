"""The state of this server: readiness, AI providers, voice, speech recognition, migrations, settings. No secrets
are shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, Response, request

from rplay import shown_settings
from rplay.agents.breaker import State
from rplay.agents.providers.catalogue import PROVIDERS
from rplay.agents.types import Purpose
from rplay.config import Settings
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.words import N_, gettext
from rplay.db import audit_log, migrate
from rplay.db.sessions import SignedIn
from rplay.demo import beside
from rplay.errors import Forbidden
from rplay.model_end_dates import end_of, over
from rplay.stt import catalogue as recognisers
from rplay.tts import catalogue as voices
from rplay.values import masked_address
from rplay.web import pregeneration, readiness
from rplay.web.auth import super_admin_only
from rplay.web.body import Secret, Title
from rplay.web.disconnect import while_waited_for
from rplay.web.limits import limited
from rplay.web.parts import parts

bp = Blueprint("system", __name__, url_prefix="/system")

CHECKS = {"database": N_("Database"), "migrations": N_("Migrations"), "data": N_("Data files"), "redis": N_("Redis")}
GOOD = frozenset({"ok", "closed", "connected"})


@dataclass(frozen=True, slots=True)
class Model:
    """An AI provider that may be asked. `end` is the day from which its vendor no longer offers the model."""

    name: str
    shown: str
    end: date | None
    ended: bool
    breakers: dict[Purpose, State]


class KeyForm(FormBody):
    """The form of the OpenAI key. Without a key the stored one is removed; with `trial` the key is only tested."""

    key: Secret | None = None
    trial: Title | None = None


@bp.get("")
@super_admin_only
def page(user: SignedIn) -> Response:
    return _page(user)


@bp.post("/key")
@super_admin_only
@limited("ai", "ai_address")
@takes_form(KeyForm)
@while_waited_for
def key(user: SignedIn, form: Form[KeyForm]) -> Response:
    """Test, store or remove the OpenAI key in memory. The key is never shown."""
    given = (form.body.key or "").strip() if form.body else ""
    if form.body and form.body.trial:
        tried = given or parts().key.get()
        works = tried is not None and parts().openai.probe_key(tried)
        return to("console.system.page", done="key-works" if works else "key-fails")
    if given:
        parts().key.store(given)
    else:
        parts().key.forget()
    audit_log.record("openai-key.store" if given else "openai-key.forget", user.id)
    return to("console.system.page", done="key-stored" if given else "key-forgotten")


@bp.post("/profiles")
@super_admin_only
@limited("ai", "ai_address")
@takes_no_fields
@while_waited_for
def profiles(user: SignedIn) -> Response:
    """Generate client profiles in advance, for when no AI provider can."""
    made, wanted = pregeneration.pregenerate(user)
    return to("console.system.page", done="profiles" if made == wanted else "some-profiles")


@bp.post("/demo-data")
@super_admin_only
@takes_no_fields
def demo_data(user: SignedIn) -> Response:  # noqa: ARG001
    if parts().settings.production:
        raise Forbidden("Demo data is for development; this server runs with NODE_ENV=production")
    beside.begin(parts().settings, parts().data)
    return to("console.system.page", done="demo-data")


DONE = {
    "key-works": (N_("The key works."), "good"),
    "key-fails": (N_("OpenAI did not take the key."), "bad"),
    "key-stored": (N_("Calls are made with this key from now on, until the server ends."), "good"),
    "key-forgotten": (N_("Calls are made with the configured key again."), "good"),
    "profiles": (N_("A client is kept ready for each kind of talk."), "good"),
    "some-profiles": (N_("Not all could be made: those from before are kept."), "warn"),
    "demo-data": (
        N_("The first demo talk is there; the others are held now, for a minute or two."),
        "good",
    ),
}


def _page(user: SignedIn) -> Response:
    """Show the state of this process. Other processes of the server have circuit breakers of their own."""
    news = DONE.get(request.args.get("done", ""))
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
        done=news and (gettext(news[0]), news[1]),
        has_key=bool(parts().key.get()),
        production=settings.production,
    )


def _models(settings: Settings, found: readiness.Readiness) -> Iterator[Model]:
    for kind in PROVIDERS:
        if kind.name in found.breakers:
            end = end_of(kind.model(settings), kind.server(settings)) if kind.is_model else None
            yield Model(kind.name, masked_address(kind.shown(settings)), end, over(end), found.breakers[kind.name])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
