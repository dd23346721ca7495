"""The first demo talk, recorded once, so that it is available at once.

Holding it on a server that has just started took ten seconds, as the model for meanings has to be loaded.
`.ci/first-talk` records it again.
"""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from rplay.agents.persona.life import Life
from rplay.db.ai_usage import Use
from rplay.demo import people
from rplay.demo.talk import Held, Turn

FILE = Path(__file__).with_name("first.json")
_AS_THEY_ARE = ("profile", "progress", "review", "fidelity")


def held() -> Held:
    """Return the recorded talk with its times moved to the present."""
    kept, planned = orjson.loads(FILE.read_bytes()), people.plan()[0]
    began = datetime.now(UTC) - planned.age

    def at(seconds: float) -> datetime:
        return began + timedelta(seconds=seconds)

    return Held(
        planned,
        life=Life.model_validate(kept["life"]),
        began=began,
        turns=[Turn(**{**turn, "at": at(turn["at"])}) for turn in kept["turns"]],
        reached={name: at(seconds) for name, seconds in kept["reached"].items()},
        uses=[Use(**{**use, "at": at(use["at"]), "user_id": planned.learner.id}) for use in kept["uses"]],
        **{name: kept[name] for name in _AS_THEY_ARE},
    )


def written(talk: Held) -> bytes:
    """Return the talk in the format of the file, in which times are seconds from its beginning."""

    def since(moment: datetime) -> float:
        return round((moment - talk.began).total_seconds(), 1)

    content: dict[str, Any] = {
        **{name: getattr(talk, name) for name in _AS_THEY_ARE},
        "life": talk.life.model_dump(mode="json"),
        "turns": [{**asdict(turn), "at": since(turn.at)} for turn in talk.turns],
        "reached": {name: since(moment) for name, moment in talk.reached.items()},
        "uses": [{**asdict(replace(use, user_id=None)), "at": since(use.at)} for use in talk.uses],
    }
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
