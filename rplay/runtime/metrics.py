"""The Prometheus metrics. `server/gauges.py` sets those that have to be measured periodically."""

from prometheus_client import Counter, Gauge, Histogram

from rplay.agents.observed import Observed

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

AI_CALLS = Counter("rplay_ai_calls", "Calls to AI providers", ["agent", "provider", "model", "outcome"])
AI_TOKENS = Counter(
    "rplay_ai_tokens", "Tokens as the providers counted them", ["agent", "provider", "model", "direction"]
)
AI_TIME = Histogram("rplay_ai_call_seconds", "Time an AI call takes", ["agent", "provider"], buckets=_SECONDS)
AI_FIRST_TOKEN = Histogram(
    "rplay_ai_first_token_seconds", "Time to the first token of a stream", ["agent", "provider"], buckets=_SECONDS
)
BREAKER = Gauge(
    "rplay_ai_breaker",
    "Circuit breaker: 0 closed, 1 half-open, 2 open",
    ["provider", "agent"],
    multiprocess_mode="livemax",
)

REQUESTS = Counter("rplay_requests", "Requests answered", ["method", "route", "status"])
REQUEST_TIME = Histogram(
    "rplay_request_seconds", "Time until an answer, or the head of a stream", ["method", "route"], buckets=_QUICK
)
REFUSALS = Counter("rplay_rate_limit_refusals", "Requests, connections and texts over a rate limit", ["limit"])
STREAMS = Gauge("rplay_streams", "Answers that are being streamed", multiprocess_mode="livesum")

SOCKETS = Gauge("rplay_speech_connections", "Open speech connections", multiprocess_mode="livesum")
CLIENT_TURNS = Counter("rplay_client_turns", "Turns of clients in completed talks", ["provider"])
CLIENT_FAULTS = Counter(
    "rplay_client_faults", "Faults counted in clients of completed talks: rplay quality", ["provider", "fault"]
)
SPEECHES = Counter("rplay_speeches", "Texts spoken", ["outcome"])
FIRST_CHUNK = Histogram("rplay_speech_first_chunk_seconds", "Time to the first piece of audio", buckets=_QUICK)
RECOGNITIONS = Counter("rplay_recognitions", "Phrases that were to be understood", ["outcome"])
RECOGNISED_AUDIO = Counter("rplay_recognised_audio_seconds", "Seconds of speech in them")
RECOGNITION_TIME = Histogram("rplay_recognition_seconds", "Time until a phrase is understood", buckets=_QUICK)

POOL = Gauge("rplay_db_connections", "Connections to the database", ["state"], multiprocess_mode="livesum")
POOL_WAITING = Gauge("rplay_db_waiting", "Requests that wait for a connection", multiprocess_mode="livesum")
HUB_DELAY = Histogram("rplay_hub_delay_seconds", "How late a process is with what it meant to do", buckets=_QUICK[:10])
REDIS = Gauge("rplay_redis_up", "Whether Redis answers; absent without one", ["server"], multiprocess_mode="livemin")


def count_ai_call(call: Observed) -> None:
    AI_CALLS.labels(call.agent, call.provider, call.model, call.outcome).inc()
    AI_TOKENS.labels(call.agent, call.provider, call.model, "in").inc(call.usage.tokens_in)
    AI_TOKENS.labels(call.agent, call.provider, call.model, "out").inc(call.usage.tokens_out)
    AI_TIME.labels(call.agent, call.provider).observe(call.ms / 1000)
    if call.first_token_ms is not None:
        AI_FIRST_TOKEN.labels(call.agent, call.provider).observe(call.first_token_ms / 1000)


_requests: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. The labels are cached, as looking them up takes four times as long as counting."""
    key = method, route, status
    found = _requests.get(key)
    if found is None:
        found = REQUESTS.labels(method, route, str(status)), REQUEST_TIME.labels(method, route)
        _requests[key] = found
    found[0].inc()
    found[1].observe(seconds)


def count_speech(outcome: str, first_chunk_ms: float | None) -> None:
    SPEECHES.labels(outcome).inc()
    if first_chunk_ms is not None:
        FIRST_CHUNK.observe(first_chunk_ms / 1000)


def count_recognition(outcome: str, audio_seconds: float, seconds: float) -> None:
    RECOGNITIONS.labels(outcome).inc()
    RECOGNISED_AUDIO.inc(audio_seconds)
    RECOGNITION_TIME.observe(seconds)
