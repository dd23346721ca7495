"""/health and /api: liveness, readiness and information about the API."""

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Literal, NotRequired

from flask import Blueprint

from rplay.web import readiness, shapes
from rplay.web.answers import Answer, respond
from rplay.web.auth import ADMINS, public, user_if_any
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("health", __name__)

ENDPOINTS = {
    "health": "/health",
    "dbHealth": "/api/health/db",
    "auth": "/api/auth/*",
    "users": "/api/users/*",
    "simulation": "/api/simulation/*",
    "parameters": "/api/parameters/*",
    "competencies": "/api/competencies/*",
    "feedback": "/api/feedback/*",
    "engagement": "/api/engagement/*",
    "difficulty": "/api/difficulty/*",
    "chat": "/api/chat/*",
    "industrySettings": "/api/industry-settings/*",
    "agents": "/api/agents/*",
    "tts": "/api/tts/stats",
    "speech": "/api/speech/transcriptions",
}


@bp.get("/health")
@public
@responds(
    200,
    bare=True,
    status=str,
    timestamp=datetime,
    environment=str,
    tts=shapes.SpeechHealth,
    stt=Literal["enabled", "disabled"],
    agents=shapes.AgentsHealth,
)
def health() -> Answer:
    """Report that the process is alive, without checking anything else."""
    speech, recogniser = parts().speech, parts().recogniser
    return respond(
        {
            "status": "healthy",
            "timestamp": datetime.now(UTC),
            "environment": parts().settings.node_env,
            "tts": {"enabled": speech.enabled(), "activeConnections": len(parts().speech_connections())},
            "stt": "enabled" if recogniser is not None and recogniser.configured() else "disabled",
            "agents": _azure_agents(),
        }
    )


def _azure_agents() -> dict[str, Any]:
    azure = parts().azure
    agents = azure.health()["agents"] if azure else []
    count = sum(agent["initialized"] for agent in agents)
    return {"configured": azure is not None, "initialized": 0 < count == len(agents), "count": count}


@bp.get("/api/health/db")
@public
@responds(200, also=(500,), bare=True, status=str, message=str, database=NotRequired[str])
def database_health() -> Answer:
    if parts().probes.database()["database"] == "unavailable":
        return respond({"status": "error", "message": "Database connection failed"}, 500)
    return respond(
        {"status": "connected", "database": "postgresql", "message": "Database connection successful"},
    )


@bp.get("/api/health/ready")
@public
@responds(200, also=(503,), bare=True, status=str, checks=dict[str, Any], breakers=dict[str, dict[str, str]])
def ready() -> Answer:
    """Report whether this process can serve requests, for load balancers."""
    if parts().shutdown.begun:
        return respond({"status": "unavailable", "checks": {"server": "ending"}}, 503)
    found = readiness.looked_at()
    status = "ready" if found.ready else "unavailable"
    answer = {"status": status, "checks": found.checks, "breakers": found.breakers}
    return respond(answer, 200 if found.ready else 503)


@bp.get("/api")
@public
@responds(200, bare=True, message=str, version=str, endpoints=dict[str, str])
def information() -> Answer:
    return respond({"message": "AI Simulation Platform API", "version": version("rplay"), "endpoints": ENDPOINTS})


@bp.get("/api/tts/stats")
@public
@responds(200, bare=True, activeConnections=int, connections=list[shapes.SpeechConnection])
def speech_stats() -> Answer:
    """Return the number of speech connections; the connections themselves for admins only."""
    connections = parts().speech_connections()
    user = user_if_any()
    seen = [_shown(one) for one in connections] if user and user.role in ADMINS else []
    return respond({"activeConnections": len(connections), "connections": seen})


def _shown(connection: dict[str, Any]) -> dict[str, Any]:
    return {key: connection[key] for key in ("socketId", "isStreaming", "connectedAt")}
