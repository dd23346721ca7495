"""What `rplay serve` prints when the server is ready: its URL, what it runs with and why, and what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg.conninfo import conninfo_to_dict
from rich.console import Console
from rich.text import Text

from rplay.agents.providers.catalogue import PROVIDERS
from rplay.config import Settings
from rplay.model_end_dates import azure_ending, talk_ending
from rplay.server.database import Database
from rplay.server.demo import ACCOUNTS, Accounts
from rplay.server.doubts import doubts
from rplay.server.exposure import LEGACY_ON
from rplay.server.model_servers import ModelServer
from rplay.stt import catalogue as recognisers
from rplay.tts import catalogue
from rplay.values import masked_address

LEGACY_OFF = (
    "LEGACY_FRONTEND is off: the existing frontend's calls without a token get 401. So its setup page takes",
    "the built-in client, its session page has no voice and logs nothing, its analytics page stays empty.",
)
POLLING = (
    "With several workers the voice comes by websocket only: polling needs servers of one worker each behind a",
    "proxy that keeps a client at its server (docs/deployment.md).",
)
EACH_ITS_OWN = (
    "REDIS_URL is not set: rate limits, a stored OpenAI key and the count of listeners are each worker's own.",
)

STYLES = {"Note": "yellow", "DANGER": "bold red"}


@dataclass(frozen=True)
class Start:
    """The result of a start. `ai` are the AI providers in use, in order; `dangers` are printed last.

    `model_servers` are those on this machine that nobody has chosen yet.
    """

    url: str
    database: Database
    accounts: Accounts
    ai: Sequence[str]
    workers: int = 1
    dangers: Sequence[str] = ()
    model_servers: Sequence[ModelServer] = ()


def show(settings: Settings, start: Start) -> None:
    """Print the lines to stdout; in colour on a terminal, unless NO_COLOR is set."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text.assemble("\nrplay is ready at ", (start.url, "bold green"), "   Ctrl-C ends it\n"))
    for label, lines in _rows(settings, start):
        for number, line in enumerate(lines):
            head = ("" if number else label).ljust(10)
            console.print(Text.assemble((head, "bold"), line, style=STYLES.get(label, "")))
    console.print()


def _rows(settings: Settings, start: Start) -> Iterator[tuple[str, Sequence[str]]]:
    yield "Accounts", _accounts(start.accounts)
    yield "Database", [_database(start.database)]
    yield "AI", [*_ai(settings, start.ai), *map(_not_chosen, start.model_servers)]
    yield "Voice", _voice(settings)
    yield "Hears", _hearing(settings)
    if settings.console:
        yield "Browser", [f"{settings.console_url or start.url}/console/   sign in there, talk, read the review"]
    yield "Try it", ["rplay talk      a training talk, here in a terminal", f"curl {start.url}/health"]
    for warning in _warnings(settings, start):
        yield "Note", warning
    for danger in start.dangers:
        yield "DANGER", [danger]


def _accounts(accounts: Accounts) -> list[str]:
    if accounts is Accounts.MADE:
        return [f"{email:18}{password:12}{role.replace('_', ' ')}" for _, email, password, role in ACCOUNTS]
    if accounts is Accounts.KNOWN:
        emails = " and ".join(email for _, email, _, _ in ACCOUNTS)
        return [f"{emails}, with the passwords of the first start (README.md)"]
    return ["those in the database; POST /api/auth/register makes a learner"]


def _database(database: Database) -> str:
    if database.folder:
        return f"embedded PostgreSQL in {database.folder}, as DATABASE_URL is not set"
    address = conninfo_to_dict(database.url)
    return f"{address.get('dbname', 'the default')} on {address.get('host', 'this machine')}, from DATABASE_URL"


def _ai(settings: Settings, names: Sequence[str]) -> list[str]:
    if not names:
        return ["none: chats answer with an error", "Set OPENAI_API_KEY, or OPENAI_BASE_URL, or AI_PROVIDERS=local."]
    shown = {kind.name: kind.shown for kind in PROVIDERS}
    lines = [", else ".join(shown[name](settings) for name in names)]
    if names[0] == "local":
        lines.append("For a real model set OPENAI_API_KEY, or OPENAI_BASE_URL for any compatible server.")
    if "openai" in names and (said := talk_ending(settings.openai_model, settings.openai_base_url)):
        lines.append(said)
    deployment, endpoint = settings.azure_ai_model_deployment_name, settings.azure_ai_project_endpoint
    if "azure" in names and (said := azure_ending(deployment, endpoint)):
        lines.append(said)
    return lines


def _not_chosen(server: ModelServer) -> str:
    name = server.name if len(server.models) == 1 else server.models[0]
    return f"{server.title} runs here with {', '.join(server.models)}; to have it play: rplay models use {name}"


def _voice(settings: Settings) -> list[str]:
    """Return the voice in use, what to set for another one, and the end dates of its models."""
    voices = catalogue.speaking(settings)
    first = catalogue.allowed(settings)[0]
    wish = [] if first in voices else [f"For {'another' if voices else 'a'} voice {first.remedy}."]
    ends = [line for kind in voices if (line := catalogue.ending(kind, settings))]
    return [masked_address(catalogue.described(settings)), *wish, *ends]


def _hearing(settings: Settings) -> list[str]:
    """Return the speech recognition in use, or what to set to have one."""
    wish = [] if recognisers.recognising(settings) else [f"To be understood {recognisers.remedy(settings)}."]
    return [masked_address(recognisers.described(settings)), *wish]


def _warnings(settings: Settings, start: Start) -> Iterator[Sequence[str]]:
    if settings.production and start.accounts is Accounts.KNOWN:
        yield [
            f"This database has demo accounts with published passwords: delete {ACCOUNTS[0][1]} and {ACCOUNTS[1][1]}."
        ]
    for doubt in doubts(settings):
        yield [doubt]
    if start.workers > 1:
        yield POLLING
        if settings.redis_url is None:
            yield EACH_ITS_OWN
    if settings.legacy_frontend:
        yield LEGACY_ON
    elif settings.production:
        yield LEGACY_OFF
