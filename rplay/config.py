"""All settings: name, type, default and purpose of each.

A setting is read from the environment, or else from `.env` in the working directory, or else it has the default given
here. `X_FILE` names a file that holds the value of `X` (a mounted secret). Names in the environment are upper case.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from rplay.errors import StartError
from rplay.values import masked_address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _words(value: object) -> object:
    """Convert a comma-separated text to a list."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _networks(value: object) -> object:
    return [ipaddress.ip_network(word) for word in _words(value)] if isinstance(value, str) else value  # type: ignore[attr-defined]


def _proxies(value: object) -> object:
    """Convert to a number of proxies, or to the networks they are in."""
    if not isinstance(value, str):
        return value
    return int(value) if value.strip().isdigit() else _networks(value)


def _no_slash(value: str) -> str:
    return value.rstrip("/")


ENDPOINTS = ("/chat/completions", "/completions", "/responses", "/audio/speech", "/audio/transcriptions", "/models")


def _server(value: str) -> str:
    """Check a server's base URL, to which paths such as /chat/completions and /audio/speech are appended."""
    url = urlsplit(value)
    if url.query or url.fragment:
        raise ValueError("it must hold no query: take away what stands behind the question mark")
    if endpoint := next((one for one in ENDPOINTS if url.path.endswith(one)), None):
        raise ValueError(f"it ends before {endpoint}, which is put behind it")
    return value


def _range(value: object) -> object:
    """Convert `0.6-1.2` to a pair of seconds. A single number is used for both."""
    if not isinstance(value, str):
        return value
    low, _, high = value.partition("-")
    return (float(low), float(high or low))


def _voices(value: object) -> object:
    """Convert `alloy=af_heart,onyx=am_adam` to a mapping."""
    if not isinstance(value, str):
        return value
    pairs = [[side.strip() for side in word.split("=", 1)] for word in value.split(",") if word.strip()]
    if wrong := next((pair for pair in pairs if len(pair) != 2 or pair[0] not in VOICES or not pair[1]), None):
        raise ValueError(f"{'='.join(wrong)} is not one of {', '.join(VOICES)}, = and a name")
    return dict(pairs)


def _redis(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("it begins with redis://, rediss:// or unix://")
    return value


VOICES = ("alloy", "echo", "fable", "onyx", "nova", "shimmer")  # the voice names that every speech server knows
# addresses of the web frontend on a developer's machine
DEVELOPMENT = ("http://localhost:3000", "http://localhost:3002")


def _origins(values: list[str]) -> list[str]:
    """Return the origins as browsers send them, without duplicates."""
    return list(dict.fromkeys(map(_origin, values)))


def _origin(text: str) -> str:
    if text == "*":
        raise ValueError("* would let every page call with the cookies of whoever looks at it; name the origins")
    url = urlsplit(text)
    odd = url.path.strip("/") or url.query or url.username or "*" in url.netloc
    if url.scheme not in ("http", "https") or not url.hostname or odd:
        raise ValueError(f"{text} is no origin; one looks like https://train.example.com")
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname.encode("idna").decode()
    port = "" if url.port in (None, {"http": 80, "https": 443}[url.scheme]) else f":{url.port}"
    return f"{url.scheme}://{host}{port}"


def _ca_file(path: Path) -> Path:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror}") from None
    if b"-----BEGIN CERTIFICATE" not in text:
        raise ValueError("it holds no certificates in PEM")
    return path


_POOLER = re.compile(r"[?&]pgbouncer=true(&|$)")


def _revealed(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


Words = Annotated[list[str], BeforeValidator(_words)]
CaFile = Annotated[Path, AfterValidator(_ca_file)]
Origins = Annotated[Words, AfterValidator(_origins)]
Networks = Annotated[list[Network], BeforeValidator(_networks)]
Proxies = Annotated[int | list[Network], BeforeValidator(_proxies)]
Url = Annotated[str, Field(pattern=r"^https?://"), AfterValidator(_no_slash)]
ServerUrl = Annotated[Url, AfterValidator(_server)]
Voices = Annotated[dict[str, str], BeforeValidator(_voices)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis)]
Seconds = Annotated[tuple[float, float], BeforeValidator(_range)]


Effort = Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
EFFORT = "how long a reasoning model thinks {} (reasoning_effort): none, low, medium, high, or default to leave it out"


ENV_FILE = Path(".env")
MODEL_FILE = "model.env"  # the name of a file in INSTANCE_DIR
# Settings that configure a model. If one is set, the model chosen by `rplay models use` is ignored completely.
# Otherwise its server could be sent the key of another one.
MODELS_BY = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_AI_PROJECT_ENDPOINT")


class Settings(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    node_env: Literal["development", "production", "test"] = Field(
        "development",
        description="development, test (the same), or production, which hides what only a developer needs",
    )
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(3001, ge=0, le=65535, description="port the server listens on")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least severe line that is logged"
    )
    app_url: Url = Field(
        "http://localhost:3000", description="where people reach the web frontend; links in mails start with it"
    )
    cors_origins: Origins = Field(
        default_factory=list,
        description="origins a browser may call from, separated by commas (default: APP_URL, outside production also http://localhost:3000 and http://localhost:3002)",
    )
    trusted_proxies: Proxies = Field(
        0,
        description="how many proxies stand in front, or their networks, separated by commas; their X-Forwarded-For is believed",
    )
    socket_route: str = Field(
        "",
        pattern=r"^[A-Za-z0-9-]{0,32}$",
        description="what this server's socket ids start with, and a dot; a proxy can bring polling back to it by that",
    )
    legacy_frontend: bool = Field(
        True,
        description="serve the calls that the existing web frontend makes without a token (default: true unless NODE_ENV=production)",
    )
    console: bool = Field(True, description="serve rplay's own pages at /console/, for a browser")
    console_url: Url | None = Field(
        None,
        description="where people reach those pages, such as https://train.example.com; mails asked for there link to it (default: the address that the server is called by)",
    )
    console_register: bool = Field(True, description="let people make learners' accounts for themselves on those pages")
    instance_dir: Path = Field(
        Path("instance"), description="folder for what the server itself keeps: embedded database, data files"
    )
    data_dir: Path = Field(
        Path("instance/data"), description="folder of the JSON data files (default: data in INSTANCE_DIR)"
    )

    data_store: Literal["files", "database"] = Field(
        "files",
        description="where the data files lie: files in DATA_DIR, or database, for servers on several machines (rplay data import takes them there)",
    )

    database_url: SecretStr | None = Field(None, description="PostgreSQL 13 or newer (default: the embedded server)")
    db_pool_max: int = Field(16, ge=1, le=500, description="most connections one worker opens")
    db_prepare: bool = Field(
        True,
        description="use prepared statements; turn off behind a transaction pooler such as pgbouncer or Neon's pooled endpoint"
        " (pgbouncer=true in DATABASE_URL does)",
    )
    db_statement_timeout: float = Field(
        15, gt=0, description="seconds after which the database gives up on a statement"
    )
    redis_url: RedisUrl | None = Field(
        None,
        description="Redis 6 or newer, which several servers or workers share: redis://:password@host:6379/0 (default: each process by itself)",
    )

    session_days: int = Field(30, ge=1, le=365, description="days a session lives")
    audit_log_days: int = Field(730, ge=1, description="days an entry of the audit log is kept")
    bcrypt_cost: int = Field(10, ge=4, le=16, description="work factor of new password hashes")
    body_limit_kb: int = Field(1024, ge=1, description="largest request body in KiB")
    body_limit_large_kb: int = Field(
        10240, ge=1, description="the same for import, saving a simulation, chat, agents and review"
    )
    import_max_rows: int = Field(5000, ge=1, description="most people one bulk import may hold")

    ai_providers: Words = Field(
        default_factory=list,
        description="which AI providers are asked, in this order: azure, openai, local (default: those configured)",
    )
    openai_api_key: SecretStr | None = Field(None, description="key of OpenAI or of a compatible server")
    openai_base_url: ServerUrl | None = Field(None, description="any OpenAI-compatible server (default: OpenAI's own)")
    openai_model: str = Field("gpt-6-luna", description="model that plays the client, coaches and reviews")
    openai_effort_client: Effort = Field("none", description=EFFORT.format("before the client answers"))
    openai_effort_expert: Effort = Field("none", description=EFFORT.format("before the expert helps"))
    openai_effort_progress: Effort = Field("none", description=EFFORT.format("while progress is measured"))
    openai_effort_profile: Effort = Field("low", description=EFFORT.format("over a client's profile"))
    openai_effort_review: Effort = Field("medium", description=EFFORT.format("over a review"))
    review_calls: Literal["per-competency", "one"] | None = Field(
        None,
        description="a model reviews each competency in a call of its own, at the same time (per-competency), or all in one (one)"
        " (default: per-competency at OpenAI and Azure, one at another OPENAI_BASE_URL)",
    )
    ai_first_token_seconds: float = Field(
        20, ge=1, le=55, description="seconds until the first word of a stream; more for a server that loads its model"
    )
    azure_ai_project_endpoint: Url | None = Field(None, description="Azure AI Foundry project")
    azure_ai_model_deployment_name: str = Field("gpt-5.1", description="model deployment the Azure agents use")
    azure_ai_agent_name_prefix: str = Field("rplay-", description="what the Azure agents' names start with")
    azure_ai_api_key: SecretStr | None = Field(
        None, description="not enough to sign in to a project: DefaultAzureCredential does that"
    )
    local_typing: Seconds = Field((0.6, 1.2), description="seconds the rehearsal client seems to type, from-to")
    local_meaning: bool = Field(
        True, description="the rehearsal understands by meaning (186 MB of memory); false: by words alone, and worse"
    )
    enable_ai_evaluation: bool = Field(
        True, description="measure the progress towards the objectives while people talk"
    )

    tts_provider: Literal["auto", "openai", "local"] = Field(
        "auto",
        description="the client's voice: one by its name, such as openai, or auto: openai when a key or TTS_BASE_URL is there, else local",
    )
    tts_base_url: ServerUrl | None = Field(
        None, description="any server with OpenAI's /audio/speech (default: OpenAI's own)"
    )
    tts_api_key: SecretStr | None = Field(
        None, description="key for it (default: OPENAI_API_KEY); the server at TTS_BASE_URL may need none"
    )
    tts_voices: Voices = Field(
        default_factory=dict,
        description="what that server calls alloy, echo, fable, onyx, nova and shimmer: alloy=af_heart,onyx=am_adam",
    )
    openai_tts_model: str = Field("tts-1", description="voice model")

    stt_provider: Literal["auto", "openai", "local", "off"] = Field(
        "auto",
        description="who understands what learners say: openai, local, off, or auto: STT_BASE_URL, else local, else OpenAI's key",
    )
    stt_base_url: ServerUrl | None = Field(
        None, description="any server with OpenAI's /audio/transcriptions (default: OpenAI's own)"
    )
    stt_api_key: SecretStr | None = Field(
        None, description="key for it (default: OPENAI_API_KEY); the server at STT_BASE_URL may need none"
    )
    openai_stt_model: str = Field("gpt-transcribe", description="model that understands speech")
    listen_pause_ms: int = Field(
        900, ge=200, le=5000, description="milliseconds of silence after which a hands-free turn is over"
    )

    enable_email_notifications: bool = Field(False, description="send welcome and completion mails")
    email_host: str | None = Field(None, description="SMTP server; without one no mail is sent")
    email_port: int = Field(587, ge=1, le=65535, description="its port")
    email_secure: bool = Field(
        False,
        description="speak TLS from the first byte (port 465 always does); otherwise STARTTLS where the server offers it",
    )
    email_tls_verify: bool = Field(
        True, description="accept only certificates that are valid and the mail server's; false lets anybody read along"
    )
    email_ca_file: CaFile | None = Field(
        None, description="certificates (PEM) of your own authority that the mail server's is from"
    )
    email_user: str | None = Field(None, description="SMTP account")
    email_password: SecretStr | None = Field(None, description="its password")
    email_from: str = Field("noreply@simulator.com", description="sender of the mails")

    enable_engagement_tracking: bool = Field(True, description="record what learners do")
    rate_limit_enabled: bool = Field(True, description="false turns every rate limit off (tests)")
    rate_limit_max_requests: int = Field(1000, ge=1, description="requests an address may make in a window")
    rate_limit_window_ms: int = Field(900_000, ge=1000, description="length of that window in milliseconds")
    connections_per_address: int = Field(
        500, ge=1, description="connections that one address may have open to one process at a time"
    )

    metrics_key: SecretStr | None = Field(None, description="bearer token that opens GET /metrics from anywhere")
    metrics_networks: Networks = Field(
        [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")],
        description="networks, separated by commas, from which GET /metrics needs no key",
    )
    slow_request_seconds: float = Field(
        2, gt=0, description="seconds after which an answer is logged as slow; ten times as many for AI calls"
    )

    @model_validator(mode="before")
    @classmethod
    def _defaults_that_follow(cls, values: Any) -> Any:
        """Fill in defaults that depend on other settings."""
        production = values.get("node_env") == "production"
        app_url = urlsplit(str(values.get("app_url", DEVELOPMENT[0])))
        own = [f"{app_url.scheme}://{app_url.netloc}"] if app_url.netloc else []  # an invalid URL is refused later
        values.setdefault("cors_origins", own if production else [*own, *DEVELOPMENT])
        values.setdefault("legacy_frontend", not production)
        if str(values.get("email_port")).strip() == "465":
            # a server on port 465 expects TLS at once, and without TLS the connection would hang
            values["email_secure"] = True
        if _POOLER.search(_revealed(values.get("database_url"))):
            values.setdefault("db_prepare", False)
        values.setdefault("data_dir", Path(values.get("instance_dir", "instance")) / "data")
        return values

    @model_validator(mode="after")
    def _known_providers(self) -> Self:
        unknown = set(self.ai_providers) - {"azure", "openai", "local"}
        if unknown:
            raise ValueError(f"AI_PROVIDERS names {', '.join(sorted(unknown))}; known are azure, openai and local")
        return self

    @model_validator(mode="after")
    def _room_for_who_changes_files(self) -> Self:
        """Changing a data file holds one connection, and checking the user again needs another."""
        if self.data_store == "database" and self.db_pool_max < 2:
            raise ValueError("DATA_STORE=database needs a DB_POOL_MAX of 2 or more")
        return self

    @property
    def production(self) -> bool:
        return self.node_env == "production"


def load(environ: dict[str, str], env_file: Path | None = None) -> Settings:
    """Return the settings of this environment. Raise StartError, which names the setting, for a bad value."""
    given: dict[str, str | None] = {**(read_env(env_file) if env_file else {}), **environ}
    if env_file:
        given = {**chosen_model(given), **{name: value for name, value in given.items() if (value or "").strip()}}
    values: dict[str, str] = {}
    for name in Settings.model_fields:
        value = _from_file(given, name.upper()) or given.get(name.upper())
        if value is not None and value.strip():
            values[name] = value.strip()
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise StartError("\n".join(_sentence(problem) for problem in error.errors())) from None


def chosen_model(given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return what `rplay models use` wrote, or {} if the environment configures a model itself."""
    return {} if set_of(given, MODELS_BY) else read_env(model_file(given))


def model_file(given: Mapping[str, str | None]) -> Path:
    folder = (
        _from_file(given, "INSTANCE_DIR") or given.get("INSTANCE_DIR") or Settings.model_fields["instance_dir"].default
    )
    return Path(folder) / MODEL_FILE


def set_of(given: Mapping[str, str | None], names: Iterable[str]) -> str | None:
    """Return the first of these settings that is set, directly or through a file; None if none is."""
    forms = (f"{name}{end}" for name in names for end in ("", "_FILE"))
    return next((name for name in forms if (given.get(name) or "").strip()), None)


def without_path(settings: Settings) -> list[str]:
    """Return a warning for each server URL without a path, as nearly all servers need /v1."""
    given = {
        "OPENAI_BASE_URL": settings.openai_base_url,
        "TTS_BASE_URL": settings.tts_base_url,
        "STT_BASE_URL": settings.stt_base_url,
    }
    return [
        f"{name} names a host without a path: most servers answer under /v1 only."
        for name, url in given.items()
        if url and not urlsplit(url).path
    ]


def read_env(path: Path) -> dict[str, str | None]:
    """Return the variables in this file; {} if it does not exist. Raise StartError, which names it, if it cannot be
    read.
    """
    try:
        return dotenv_values(path) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise StartError(f"{path} cannot be read: {reason}.") from None


def _from_file(given: Mapping[str, str | None], name: str) -> str | None:
    """Return the content of the file that X_FILE names; None if X_FILE is not set."""
    path = given.get(f"{name}_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"{name}_FILE names {path}, which cannot be read: {error}") from None


def _sentence(problem: Any) -> str:
    """Return one readable line about a bad setting, without showing secrets."""
    reason = masked_address(str(problem["msg"]).removeprefix("Value error, "))
    if not problem["loc"]:
        return reason
    name = str(problem["loc"][0])
    secret = any(word in name for word in ("key", "password", "url", "endpoint"))
    shown = "" if secret else f" (it is {masked_address(str(problem['input']))!r})"
    return f"The setting {name.upper()} has a bad value{shown}: {reason}. See .env.sample for what it takes."
