"""One fault, from before it to after it: the load, the measuring, the judgement."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.torture.learners import COUNT, Learners, Met, summary
from tests.torture.postgres import Postgres
from tests.torture.server import Server, Vitals

WARM = 2.0  # seconds of load before the fault
AFTER = 7.0  # seconds of load after it
RECOVERY = 5.0  # seconds that may pass until everything is good again
SETTLING = 25.0  # seconds at most until nothing is going on any more
ROOM = 40  # MiB the memory may differ by: what the allocator keeps of fifty requests at once


@dataclass
class Outcome:
    """What a fault did. Moments are those of time.monotonic()."""

    name: str
    began: float
    ended: float
    met: list[Met]
    before: Vitals
    after: Vitals
    lost: list[str]
    notes: list[str] = field(default_factory=list)

    @property
    def meanwhile(self) -> list[Met]:
        """Requests that the fault could reach."""
        return [one for one in self.met if one.ended >= self.began and one.began < self.ended]

    @property
    def later(self) -> list[Met]:
        return [one for one in self.met if one.began >= self.ended]

    @property
    def slowest(self) -> Met:
        return max((one for one in self.met if one.ended >= self.began), key=lambda one: one.seconds)

    @property
    def first_good(self) -> float:
        """Seconds from the end of the fault to the end of the first good request that began after it."""
        return min((one.ended for one in self.later if one.good), default=float("inf")) - self.ended

    @property
    def all_good(self) -> float:
        """Seconds from the end of the fault to the end of the last request that failed, whenever it began."""
        return max((one.ended - self.ended for one in self.met if not one.good and one.ended > self.ended), default=0.0)

    @property
    def odd(self) -> list[Met]:
        return [one for one in self.met if one.what.startswith("ODD")]

    def row(self) -> str:
        cells = [
            self.name,
            f"{self.ended - self.began:.1f} s",
            summary(self.meanwhile),
            f"{self.slowest.seconds:.1f} s ({self.slowest.kind})",
            f"{self.first_good:.2f} s",
            f"{self.all_good:.2f} s",
            str(self.before),
            str(self.after),
            f"{len(self.lost)} lost" if self.lost else "none",
            *self.notes,
        ]
        return f"| {' | '.join(cells)} |"


REPORT: list[Outcome] = []


class World:
    def __init__(self, postgres: Postgres, server: Server) -> None:
        self.postgres, self.server = postgres, server

    def strike(
        self,
        name: str,
        hurt: Callable[[], object],
        heal: Callable[[], object] = lambda: None,
        *,
        hold: float = 3.0,
        after: float = AFTER,
        listeners: int = 0,
        apart: bool = False,
    ) -> Outcome:
        """Fifty requests at once all the time; in the middle of them the fault."""
        with Learners(self.server, listeners, apart=apart):  # so that nothing is done for the first time later
            time.sleep(WARM)
        before = self.vitals()
        with Learners(self.server, listeners, apart=apart) as learners:
            time.sleep(WARM)
            began = time.monotonic()
            hurt()
            time.sleep(hold)
            heal()
            ended = time.monotonic()
            time.sleep(after)
        lost = learners.lost(self.postgres.url)
        outcome = Outcome(name, began, ended, learners.met, before, self.vitals(), lost)
        REPORT.append(outcome)
        return outcome

    def vitals(self) -> Vitals:
        """Once nothing changes any more, or after a while as it is."""
        end = time.monotonic() + SETTLING
        seen: list[Vitals] = []
        while True:
            seen.append(self.server.vitals(self.postgres.connections()))
            last = [(one.busy, one.greenlets, one.descriptors) for one in seen[-4:]]
            if (len(last) == 4 and len(set(last)) == 1 and last[0][0] == 0) or time.monotonic() > end:
                return seen[-1]
            time.sleep(0.5)


def holds(outcome: Outcome, *, slowest: float, recovery: float = RECOVERY, greenlets: int = 3) -> None:
    """What has to be true after any fault; `greenlets` is how many more the worker may have than before."""
    assert outcome.lost == []
    assert outcome.odd == [], outcome.odd[:3]
    assert outcome.slowest.seconds <= slowest, outcome.slowest
    assert outcome.first_good <= recovery
    assert outcome.all_good <= recovery
    before, after = outcome.before, outcome.after
    assert after.busy == 0
    assert after.greenlets <= before.greenlets + greenlets, after.kinds - before.kinds
    # The pool may have grown to its size, and unused connections to an AI are kept for a minute.
    assert after.descriptors <= before.descriptors + 16 + COUNT + 4
    assert after.rss <= before.rss + ROOM
