"""The checks of `rplay health`. Each one reports what it found in at most a sentence."""

import logging
import os
import shutil
import smtplib
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

import psycopg

from rplay import background
from rplay.commands import opening
from rplay.commands.running import Check, State
from rplay.commands.troubles import sentence_of
from rplay.config import VOICES, Settings
from rplay.data import NAMES, DataFiles
from rplay.db import migrate
from rplay.errors import AIError, DataFileError, RplayError, SharedAway, SpeechError, StartError
from rplay.mail import smtp
from rplay.runtime.data_store import files_of
from rplay.runtime.redis import Shared
from rplay.server.database import database
from rplay.stt import catalogue as recognisers
from rplay.tts import catalogue
from rplay.values import masked_address

if TYPE_CHECKING:
    from rplay.agents.types import Provider

OLDEST_POSTGRES = 130000  # PostgreSQL 13
TIGHT_MB, FULL_MB = 1_000, 100  # MB of free disk space
PROVIDER_SECONDS = 20.0  # seconds for an AI provider to answer


def all_of_them(ai: bool, voice: bool) -> list[Check]:
    try:
        settings = opening.settings(logging.CRITICAL)  # the checks report problems themselves
    except StartError as error:
        return [Check("failed", "settings", str(error))]
    checks = [Check("ok", "settings", "production" if settings.production else settings.node_env)]
    checks += [*_database(settings), *_data_files(settings), *_disk(settings), _redis(settings), _mail(settings)]
    return [*checks, *_providers(settings, ai), _voice(settings, voice), _hearing(settings)]


def _database(settings: Settings) -> Iterator[Check]:
    if settings.database_url is None and not (settings.instance_dir / "postgres").exists():
        yield Check("off", "database", "DATABASE_URL is not set; `rplay serve` makes an embedded one")
        return
    try:
        with database(settings) as found:
            began = time.perf_counter()
            with migrate.connected(found.url) as connection:
                connection.execute("SELECT 1")
                milliseconds = (time.perf_counter() - began) * 1000
                yield _version(connection, milliseconds)
            yield _migrations(found.url)
    except (RplayError, psycopg.Error) as error:
        yield Check("failed", "database", sentence_of(error) or str(error))


def _version(connection: psycopg.Connection, milliseconds: float) -> Check:
    version = connection.info.server_version
    text = f"PostgreSQL {version // 10000}, connected and asked in {milliseconds:.0f} ms"
    return (
        Check("ok", "database", text)
        if version >= OLDEST_POSTGRES
        else Check("failed", "database", f"{text}; needs 13")
    )


def _migrations(url: str) -> Check:
    found = migrate.status(url)
    if found.pending:
        return Check("failed", "migrations", f"{len(found.pending)} have to run: rplay db upgrade")
    newer = f", and {', '.join(found.newer)} of a newer version" if found.newer else ""
    return Check("ok", "migrations", f"all have run{newer}")


def _data_files(settings: Settings) -> Iterator[Check]:
    if settings.data_store == "database":
        yield _data_in_database(settings)
        return
    folder = settings.data_dir
    missing = [name for name in NAMES if not (folder / f"{name}.json").exists()]
    if missing:
        yield Check("warning", "data files", f"{len(missing)} of {len(NAMES)} are made in {folder} at the first start")
        return
    yield _readable(files_of(settings), f"in {folder}")


def _data_in_database(settings: Settings) -> Check:
    try:
        with opening.opened(settings):
            return _readable(files_of(settings), "in the database")
    except (RplayError, psycopg.Error) as error:
        return Check("failed", "data files", sentence_of(error) or str(error))


def _readable(data: DataFiles, where: str) -> Check:
    try:
        for name in NAMES:
            data.raw(name)
    except DataFileError as error:
        return Check("failed", "data files", str(error))
    return Check("ok", "data files", f"{len(NAMES)} {where}")


def _disk(settings: Settings) -> Iterator[Check]:
    folders = [settings.instance_dir]
    if not settings.data_dir.is_relative_to(settings.instance_dir):
        folders.append(settings.data_dir)
    for folder in folders:
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        free = shutil.disk_usage(there).free // 1_000_000
        state: State = "ok" if free >= TIGHT_MB else "warning" if free >= FULL_MB else "failed"
        if os.access(there, os.W_OK):
            yield Check(state, "disk", f"{free:,} MB free for {folder}")
        else:
            yield Check("failed", "disk", f"{there} is not writable for this account")


def _redis(settings: Settings) -> Check:
    if settings.redis_url is None:
        return Check("off", "Redis", "REDIS_URL is not set: each process counts by itself")
    try:
        shared = Shared(settings.redis_url)
        with closing(shared), shared.answering() as redis:
            redis.ping()
    except (StartError, SharedAway) as error:
        return Check("failed", "Redis", str(error) if isinstance(error, StartError) else f"does not answer ({error})")
    return Check("ok", "Redis", "answers")


def _mail(settings: Settings) -> Check:
    if not settings.email_host:
        return Check("off", "mail server", "EMAIL_HOST is not set: nobody gets mails")
    where = f"{settings.email_host}:{settings.email_port}"
    try:
        with smtp.connected(settings) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return Check("failed", "mail server", f"{where} cannot be used: {smtp.reason_of(error)}")
    return Check("ok", "mail server", f"{where} lets us in")


def _providers(settings: Settings, ask: bool) -> Iterator[Check]:
    from rplay.agents import build_chain
    from rplay.agents.providers.catalogue import made

    def key() -> str | None:
        return settings.openai_api_key.get_secret_value() if settings.openai_api_key else None

    with ExitStack() as stack:
        providers = made(settings, key, partial(background.run, "ai_provider"))
        for provider in providers.values():
            stack.callback(provider.close)
        chain = build_chain(settings, providers)
        if not chain.configured:
            yield Check("failed", "AI", "no provider is configured: set OPENAI_API_KEY or OPENAI_BASE_URL")
            return
        for provider in chain.candidates(None):
            yield _provider(settings, provider, ask)


def _provider(settings: Settings, provider: "Provider", ask: bool) -> Check:
    from rplay.agents.providers.policy import NO_MODEL
    from rplay.agents.types import Call, Scene

    name = f"AI: {provider.name}"
    if provider.name == "local":
        return Check("ok", name, "a rehearsal made of rules")
    if not ask:
        return Check("off", name, f"{provider.model} was not asked; --ai asks")
    began = time.monotonic()
    call = Call(
        "expertGuidance",
        "Answer with one word.",
        [{"role": "user", "content": "Is anybody there?"}],
        Scene({}, "insurance"),
        deadline=began + PROVIDER_SECONDS,
    )
    try:
        model = provider.answer(call).model
    except AIError as error:
        more = _offers(settings) if provider.name == "openai" and NO_MODEL in str(error) else ""
        return Check("failed", name, f"{provider.model}: {error}{more}")
    return Check("ok", name, f"{model} answered in {time.monotonic() - began:.1f} s")


def _voice(settings: Settings, ask: bool) -> Check:
    speaks = catalogue.speaking(settings)
    described = masked_address(catalogue.described(settings))
    if not speaks:
        return Check("off", "voice", described)
    if ask:
        return _spoken(settings, speaks)
    if speaks[0].name == "local":
        return Check("ok", "voice", described)
    return Check("off", "voice", f"{described}: was not asked; --voice asks")


def _spoken(settings: Settings, speaks: list[catalogue.Kind]) -> Check:
    """Have the first voice say a word. If it fails, the next one would speak in its place."""
    kind = speaks[0]
    shown = masked_address(kind.shown(settings))
    began = time.monotonic()
    try:
        for _ in kind.make(settings, lambda: None).stream("Yes.", VOICES[0], 1.0):
            pass
    except SpeechError as error:
        return Check("warning" if speaks[1:] else "failed", "voice", f"{shown}: {error}")
    return Check("ok", "voice", f"{shown} spoke in {time.monotonic() - began:.1f} s")


def _hearing(settings: Settings) -> Check:
    """Report which speech recognition is configured. It is not tested, as that costs money."""
    kind = recognisers.recognising(settings)
    return Check("ok" if kind else "off", "listening", masked_address(recognisers.described(settings)))


def _offers(settings: Settings) -> str:
    """Return which models our own model server offers, for the message that it does not know the configured one. ""
    for OpenAI itself.
    """
    from rplay.agents.providers.offers import NotOffered, offered
    from rplay.commands.model_list import listed

    if settings.openai_base_url is None:
        return ""
    try:
        return f"; not among {listed(offered(settings.openai_base_url, settings.openai_api_key))}"
    except NotOffered as error:
        return f"; {error}"
