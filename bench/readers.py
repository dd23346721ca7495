"""Readers of streamed answers: raw HTTP over asyncio, in a process of its own.

Reads a job from stdin, `{"port": 3001, "over": 5, "deltas": 50, "every": 0.2, "requests": ["POST …"]}`, starts one
reader a request, spread evenly over so many seconds, and prints what they met together. The first of the model's pieces
(fake_model.py) says what the model itself took, every other its number.
"""

import asyncio
import json
import re
import sys
import time
from typing import Any

LONGEST = 90.0  # seconds that any stream may take
DELTA = re.compile(rb'"text":"([\d.]+) "')


class Reader(asyncio.Protocol):
    """One stream. `first` and `late` are milliseconds over what the model itself took."""

    def __init__(self, request: bytes, every: float) -> None:
        self.request = request
        self.every = every
        self.data = b""
        self.pieces: list[bytes] = []
        self.first = 0.0
        self.late: list[float] = []
        self.over = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.began = time.monotonic()
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.data += data
        now = (time.monotonic() - self.began) * 1000
        for piece in DELTA.findall(data):
            if not self.pieces:
                self.own = float(piece) * 1000
                self.first = now - self.own
            self.late.append(now - self.own - len(self.pieces) * self.every * 1000)
            self.pieces.append(piece)
        if self.data.endswith(b"\r\n0\r\n\r\n"):
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)

    def problem(self, deltas: int) -> str | None:
        """What is missing, if anything is."""
        numbers = [int(piece) for piece in self.pieces[1:]]
        if numbers != list(range(1, deltas)):
            return f"pieces {len(self.pieces)} of {deltas}: …{self.data[-200:]!r}"
        return None if b"event: complete" in self.data else f"not complete: …{self.data[-200:]!r}"


async def read(port: int, request: str, delay: float, every: float) -> Reader:
    await asyncio.sleep(delay)
    loop = asyncio.get_running_loop()
    _, reader = await loop.create_connection(lambda: Reader(request.encode(), every), "127.0.0.1", port)
    await asyncio.wait([reader.over], timeout=LONGEST)
    return reader


async def read_all(job: dict[str, Any]) -> dict[str, Any]:
    step = job["over"] / len(job["requests"])
    reading = [read(job["port"], one, number * step, job["every"]) for number, one in enumerate(job["requests"])]
    readers = await asyncio.gather(*reading)
    problems = [problem for reader in readers if (problem := reader.problem(job["deltas"]))]
    return {
        "complete": len(readers) - len(problems),
        "measured": sum(b'"objectiveProgress":{' in reader.data for reader in readers),
        "first": [reader.first for reader in readers if reader.pieces],
        "pieces_late": [late for reader in readers for late in reader.late],
        "problems": problems[:3],
    }


if __name__ == "__main__":
    json.dump(asyncio.run(read_all(json.load(sys.stdin))), sys.stdout)
