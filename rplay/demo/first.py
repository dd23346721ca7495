"""The first talk of the demo data, as it was held once, so that there is something at once. To hold it on a server that
has just started took ten seconds: the model of meaning has to be loaded. `.ci/first-talk` holds it anew."""

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
    """With its moments as they would be now."""
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
    """As the file holds it: moments are seconds from its beginning."""

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
