"""How true the clients in completed talks stayed to their lives."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rplay import db

FAULTS = ("early", "contradictions", "blanks", "repeats")


@dataclass(frozen=True, slots=True)
class Counts:
    """Faults counted over all talks in which one provider played the client."""

    provider: str
    talks: int
    turns: int
    early: int
    contradictions: int
    blanks: int
    repeats: int


def keep(simulation_id: UUID, turns: int, early: int, contradictions: int, blanks: int, repeats: int) -> str:
    """Store the counts under the provider that last played the client, and return its name. A second measurement
    replaces the first.
    """
    provider: str = db.value(
        """
        INSERT INTO talk_fidelity (simulation_id, provider, turns, early, contradictions, blanks, repeats)
        SELECT s.id, coalesce(m.provider, 'unknown'), %(turns)s, %(early)s, %(contradictions)s, %(blanks)s, %(repeats)s
          FROM simulations s
          LEFT JOIN talk_memories m ON m.simulation_id = s.id
         WHERE s.id = %(simulation_id)s
            ON CONFLICT (simulation_id) DO UPDATE
           SET provider = EXCLUDED.provider, turns = EXCLUDED.turns, early = EXCLUDED.early,
               contradictions = EXCLUDED.contradictions, blanks = EXCLUDED.blanks, repeats = EXCLUDED.repeats,
               measured_at = now()
     RETURNING provider
        """,
        simulation_id=simulation_id,
        turns=turns,
        early=early,
        contradictions=contradictions,
        blanks=blanks,
        repeats=repeats,
    )
    return provider


def by_provider() -> list[Counts]:
    return db.all_of(
        Counts,
        """
        SELECT provider, count(*) AS talks, sum(turns)::int AS turns, sum(early)::int AS early,
               sum(contradictions)::int AS contradictions, sum(blanks)::int AS blanks, sum(repeats)::int AS repeats
          FROM talk_fidelity
         GROUP BY provider
         ORDER BY provider
        """,
    )


def summed_up() -> dict[str, Any]:
    """Return the faults per ten turns of the client, for all talks and by provider."""
    found = by_provider()
    return {
        "talks": sum(one.talks for one in found),
        "per10Turns": _per_10_turns(found),
        "byProvider": {one.provider: {"talks": one.talks, "per10Turns": _per_10_turns([one])} for one in found},
    }


def _per_10_turns(counts: list[Counts]) -> dict[str, float]:
    turns = sum(one.turns for one in counts)
    return {name: round(10 * sum(getattr(one, name) for one in counts) / turns, 2) if turns else 0.0 for name in FAULTS}
