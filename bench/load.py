"""The client that makes load: raw HTTP/1.1 over keep-alive sockets, gevent, in a process of its own.

Reads a job from stdin, the groups of clients that work at the same time, and prints what each of them met:

    {"port": 3001, "groups": [{"name": "reads", "connections": 32, "seconds": 5, "requests": ["GET / HTTP/1.1…"]}]}

A group's connections take its requests in turn. Each makes `rounds` requests, or as many as fit into `seconds`, with
`pause` seconds between two. A group that names another as `while` also ends with it. bench/README.md says what a
request costs here.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

import gevent
from gevent import socket

LONGEST = 180.0  # seconds that any answer may take


@dataclass
class Met:
    """What a group met. `milliseconds` of every answer, in the order they came."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    errors: list[str] = field(default_factory=list)


over: set[str] = set()  # names of the groups that have ended


class Connection:
    def __init__(self, port: int) -> None:
        self.address = ("127.0.0.1", port)
        self.socket: Any = None

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Status and body. The server may close an idle connection; then a new one is made."""
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=LONGEST)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        data = self.socket.recv(65536)
        while b"\r\n\r\n" not in data:
            data += self.more()
        head, _, body = data.partition(b"\r\n\r\n")
        head = head.lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self.more()
        if b"connection: close" in head:
            self.socket.close()
            self.socket = None
        return head[9:12], body

    def more(self) -> bytes:
        data: bytes = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def work(connection: Connection, group: dict[str, Any], turn: Any, met: Met, until: float) -> None:
    requests = group["requests"]
    rounds = group.get("rounds") or sys.maxsize
    try:
        for _ in range(rounds):
            if time.perf_counter() >= until or group.get("while") in over:
                return
            began = time.perf_counter()
            status, body = connection.ask(requests[next(turn) % len(requests)])
            met.milliseconds.append((time.perf_counter() - began) * 1000)
            met.statuses[status.decode()] = met.statuses.get(status.decode(), 0) + 1
            met.bytes += len(body)
            if not status.startswith(b"2") and len(met.errors) < 3:
                met.errors.append(body.decode(errors="replace")[:300])
            gevent.sleep(group.get("pause", 0)) if group.get("pause") else None
    except OSError as error:
        met.errors.append(repr(error))


def run(port: int, group: dict[str, Any]) -> Met:
    met, turn, began = Met(), count(), time.perf_counter()
    group["requests"] = [text.encode() for text in group["requests"]]
    until = began + group["seconds"] if "seconds" in group else began + LONGEST
    workers = [gevent.spawn(work, Connection(port), group, turn, met, until) for _ in range(group["connections"])]
    gevent.joinall(workers, raise_error=True)
    met.seconds = time.perf_counter() - began
    over.add(group["name"])
    return met


def main() -> None:
    job = json.load(sys.stdin)
    running = {group["name"]: gevent.spawn(run, job["port"], group) for group in job["groups"]}
    gevent.joinall(running.values(), raise_error=True)
    found = {name: asdict(greenlet.value) for name, greenlet in running.items()}
    json.dump({"groups": found, "processor": time.process_time()}, sys.stdout)


if __name__ == "__main__":
    main()
