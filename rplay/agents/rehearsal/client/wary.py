"""Checks an offer before the client reacts to it, so that nothing suspicious gets a yes."""

from collections.abc import Mapping
from typing import Any

from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.types import Act

_INNOCENT: frozenset[Act] = frozenset({"apologise", "summarise", "goodbye"})


def stops_at(moment: Moment) -> str:
    """Return the name in `texts/wary.toml` of what makes the client stop; empty if there is nothing."""
    if moment.turn.acts & _INNOCENT:
        return ""
    told = [bare(one.text) for one in moment.reading.sentences if one.asks not in ("life", "story", "detail", "follow")]
    whole = " ".join(told)
    return next((name for name, one in table("wary").items() if pattern(one["match"]).search(whole)), "")


def looked_at(moment: Moment) -> list[str]:
    """Return what the client says in place of a yes; an empty list if nothing is suspicious."""
    name = stops_at(moment)
    if not name or _denied(moment):
        return []
    found: Mapping[str, Any] = table("wary")[name]
    said = moment.voice.one(found["says"], f"wary {name}") or moment.say("breach.wont")
    return [said] if said else []


def _denied(moment: Moment) -> bool:
    """Return whether the line says the opposite: `I'd never leave that out`, `you don't have to sign today`."""
    return bool(pattern(_OPPOSITE).search(bare(moment.reading.text)))


_OPPOSITE = (
    r"\b(?:don't|do not|doesn't|not|never|no|nothing|isn't|aren't|won't|wouldn't|shouldn't|can't|cannot|instead of|"
    r"rather than|without)\b(?: \w+){0,4} (?:sign\w*|signature|leave|decid\w+|commit\w*|pay\w*|cancel|cash|borrow\w*|"
    r"all (?:your|the)|touch|today)\b|\b(?:did|have|do) i (?:\w+ )?(?:leave|left)\b|\b(?:people|folks|everybody|"
    r"clients)"
    r" (?:\w+ )?leave\b|\bwould you (?:want|like|rather|prefer)\b|\btake your time\b|\b(?:no"
    r"|without) (?:rush|pressure|obligation)\b|\bsleep on it\b"
)
