"""Builds a subject together with everything the client says of it."""

from collections.abc import Collection, Mapping
from typing import Literal

from rplay.agents.persona.life import ASPECTS, Figure, Kind, Subject, Unit, Unlock
from rplay.agents.persona.writer import Writer

# Personal kinds: the client tells them when asked, but only with some trust.
_PERSONAL: frozenset[Kind] = frozenset({"income", "estate", "debt", "asset", "worry", "cover"})


def figure(value: float, unit: Unit) -> Figure:
    return Figure(value=value, unit=unit)


def tell(
    writer: Writer,
    kind: Kind,
    name: str,
    words: Collection[str],
    *,
    id: str = "",
    file: str = "",
    case: str = "",
    slots: Mapping[str, str] | None = None,
    flags: Collection[str] = (),
    figures: Mapping[str, Figure] | None = None,
    said: Mapping[str, tuple[str, ...]] | None = None,
    reserve: Literal[0, 1, 2] | None = None,
    unlock: tuple[Unlock, ...] = (),
) -> Subject:
    """Return the subject with the client's sentences for each aspect. Sentences in `said` replace those of the kind's
    file."""
    own = said or {}
    id_ = id or kind
    says = {
        aspect: own.get(aspect) or writer.says(file or kind, aspect, case, id_, slots, flags)
        for aspect in ASPECTS[kind]
    }
    return Subject(
        id=id_,
        kind=kind,
        name=name,
        words=tuple(dict.fromkeys(word.lower() for word in words if word)),
        figures=figures or {},
        says={aspect: texts for aspect, texts in says.items() if texts},
        reserve=reserve if reserve is not None else (1 if kind in _PERSONAL else 0),
        unlock=unlock,
    )


def digits(amount: float) -> tuple[str, ...]:
    """Return the ways in which others may write a sum: `8,900` and `8900`."""
    return (f"{amount:,.0f}", f"{amount:.0f}")
