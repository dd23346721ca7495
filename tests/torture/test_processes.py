"""The worker is killed, and the clock jumps."""

from pathlib import Path

import pytest

from tests.programs import missing
from tests.torture.world import RECOVERY, holds

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
CUT_OFF = {"RemoteDisconnected", "ConnectionResetError", "BrokenPipeError", "IncompleteRead", "ConnectionError"}


class TestWorkerKilled:
    def test_the_only_one(self, world):
        """Another has to start, which takes two seconds of processor; whoever asks waits for it."""
        outcome = world.strike(
            "The only worker killed (SIGKILL)", lambda: world.server.worker.kill(), hold=0, listeners=2, after=15
        )
        met = {one.what for one in outcome.met if not one.good and one.kind != "speech"}
        assert met <= CUT_OFF
        outcome.notes.append(f"a start took {world.server.boot:.1f} s")
        patience = max(RECOVERY, 2 * world.server.boot)
        holds(outcome, slowest=patience + 5, recovery=patience)

    def test_one_of_two(self, build):
        world = build(workers=2)
        outcome = world.strike(
            "One of two workers killed (SIGKILL)", lambda: world.server.worker.kill(), hold=0, listeners=2, after=10
        )
        met = {one.what for one in outcome.met if not one.good and one.kind != "speech"}
        assert met <= CUT_OFF
        holds(outcome, slowest=12, greenlets=6)  # measured is the other worker, or a new one, with the listeners

    def test_stuck_for_a_while(self, world):
        worker = world.server.worker
        outcome = world.strike("Worker stopped for 5 s (SIGSTOP)", worker.suspend, worker.resume, hold=5)
        assert [one for one in outcome.met if not one.good and one.kind != "speech"] == []
        holds(outcome, slowest=12)


@pytest.mark.skipif(FAKETIME is None, reason=missing("faketime"))
class TestClock:
    @pytest.mark.parametrize("jump", ["+86400", "-86400"])
    def test_jumps(self, build, folder, jump):
        """The wall clock of the server's processes only: nothing of theirs that waits may follow it."""
        clock = folder / "clock"
        clock.write_text("+0")
        world = build(
            LD_PRELOAD=str(FAKETIME),
            FAKETIME_TIMESTAMP_FILE=str(clock),
            FAKETIME_CACHE_DURATION="1",  # without a cache each look at the clock reads the file
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            RATE_LIMIT_ENABLED="true",
            RATE_LIMIT_MAX_REQUESTS="1000000",
            TRUSTED_PROXIES="1",
        )

        def set_clock(text):
            clock.with_suffix(".new").write_text(text)
            clock.with_suffix(".new").replace(clock)

        outcome = world.strike(
            f"Clock jumps by {jump} s and back", lambda: set_clock(jump), lambda: set_clock("+0"), listeners=2
        )
        holds(outcome, slowest=8)
