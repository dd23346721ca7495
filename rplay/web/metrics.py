"""What is counted, in the words of Prometheus."""

from prometheus_client import Counter, Histogram

from rplay.agents.observed import Observed

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)

AI_CALLS = Counter("rplay_ai_calls", "Calls to AI providers", ["agent", "provider", "model", "outcome"])
AI_TOKENS = Counter(
    "rplay_ai_tokens", "Tokens as the providers counted them", ["agent", "provider", "model", "direction"]
)
AI_TIME = Histogram("rplay_ai_call_seconds", "Time an AI call takes", ["agent", "provider"], buckets=_SECONDS)
AI_FIRST_TOKEN = Histogram(
    "rplay_ai_first_token_seconds", "Time to the first token of a stream", ["agent", "provider"], buckets=_SECONDS
)


REFUSALS = Counter("rplay_rate_limit_refusals", "Requests and connections over a rate limit", ["limit"])


def count_ai_call(call: Observed) -> None:
    AI_CALLS.labels(call.agent, call.provider, call.model, call.outcome).inc()
    AI_TOKENS.labels(call.agent, call.provider, call.model, "in").inc(call.usage.tokens_in)
    AI_TOKENS.labels(call.agent, call.provider, call.model, "out").inc(call.usage.tokens_out)
    AI_TIME.labels(call.agent, call.provider).observe(call.ms / 1000)
    if call.first_token_ms is not None:
        AI_FIRST_TOKEN.labels(call.agent, call.provider).observe(call.first_token_ms / 1000)
