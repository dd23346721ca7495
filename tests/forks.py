"""`pytest -p tests.forks --forks auto`: test files run in processes that are forked once all tests are collected.

To import and collect all tests takes 8 s of processor and 300 MB. Each worker of pytest-xdist does it again, these share it.
With `--processor` it ends with a table of the processor time that each file takes.
"""

import faulthandler
import math
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, groupby, pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from tests import processor

FORK = multiprocessing.get_context("fork")
LASTED = "forks/lasted"  # in pytest's cache
NUMBER = 4  # bytes of a file's number in the queue
SELDOM = 20  # seconds
# Names by which a test file starts servers or programs, or that show that it takes long otherwise.
# By the table of `--processor`, where no name shows it.
LONG = {
    "test_access.py", "test_admin.py", "test_api_fuzz.py", "test_azure.py", "test_embedded.py", "test_personal_data.py",
    "test_review.py", "test_serve.py", "test_speech.py", "test_user_import.py",
}  # fmt: skip
STARTING = {"live_server", "cluster", "Server", "RedisServer", "RPLAY", "schemathesis"}

File = list[pytest.Item]
Spent = dict[str, processor.Seconds]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--forks", type=_number, default=1, help="run test files in so many processes, or in as many as suit"
    )
    parser.addoption(
        "--processor", action="store_true", help="show the processor time that each file takes, with forks"
    )


def _number(text: str) -> int:
    """Of processes. Tests wait for servers, so there are more than cores; with seven on two cores time limits were hit under load."""
    return (os.cpu_count() or 1) + 3 if text == "auto" else int(text)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that take longest first: the last one would keep one worker busy and the others idle. Those that start
    something are spread over the whole run: where all workers wait for servers, no core has anything to do."""
    lasted = seconds_by_file(config)
    first = {item.path: item for item in items}
    seconds = {path: lasted.get(_file(item), _guessed(item)) for path, item in first.items()}
    starting = {path for path, item in first.items() if _starts(item)}
    places = _places(seconds, starting) | _places(seconds, set(first) - starting)
    items.sort(key=lambda item: places[item.path])


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _starts(item: pytest.Item) -> bool:
    return not STARTING.isdisjoint(vars(getattr(item, "module", None) or object))


def _guessed(item: pytest.Item) -> int:
    """Seconds of a file that was not run here yet."""
    if item.path.name in LONG:
        return 30
    return 10 if _starts(item) else 1


def _places(seconds: dict[Path, float], files: set[Path]) -> dict[Path, tuple[float, str]]:
    """When each of these is begun, longest first: from 0 to 1, with its name for those that are begun together."""
    ordered = sorted(files, key=lambda path: (-seconds[path], str(path)))
    before = list(accumulate((seconds[path] for path in ordered), initial=0.0))
    return {path: (at / (before[-1] or 1), str(path)) for path, at in zip(ordered, before, strict=False)}


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    count = session.config.getoption("forks")
    if count < 2 or session.testsfailed or session.config.getoption("collectonly"):
        return None
    files = [list(items) for _, items in groupby(session.items, key=lambda item: item.path)]
    queue = _queue(len(files))
    session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # made once, before each makes its own
    workers: dict[Connection, Worker] = {}
    spent: Spent = {}
    lasted = seconds_by_file(session.config)
    if session.config.getoption("processor"):
        session.config.pluginmanager.register(Spender(spent))
    for number in range(min(count, len(files))):
        receiver, sender = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_work, args=(number, session, files, queue, sender, [receiver, *workers]))
        process.start()
        sender.close()
        workers[receiver] = Worker(session.config, process, spent, lasted)
    try:
        _follow(session, workers, queue)
    except BaseException:
        for receiver, worker in workers.items():
            receiver.close()  # or it would wait for ever to tell something
            worker.interrupt()
        raise
    finally:
        for worker in workers.values():
            worker.process.join()
    if cache := getattr(session.config, "cache", None):
        cache.set(LASTED, lasted)
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    return True


def seconds_by_file(config: pytest.Config) -> dict[str, float]:
    """How long each file took when it was run last, in this clone."""
    cache = getattr(config, "cache", None)
    return dict(cache.get(LASTED, {})) if cache else {}


class Spender:
    """Shows the processor time."""

    def __init__(self, spent: Spent) -> None:
        self._spent = spent

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("processor time")
        for line in processor.table(self._spent):
            terminalreporter.write_line(line)


def _queue(length: int) -> int:
    """A pipe from which each worker takes the number of its next file, until it is empty."""
    reader, writer = os.pipe()
    os.write(writer, b"".join(number.to_bytes(NUMBER) for number in range(length)))
    os.close(writer)
    return reader


def _taken(queue: int) -> Iterator[int]:
    while number := os.read(queue, NUMBER):
        yield int.from_bytes(number)


@dataclass(frozen=True)
class Spending:
    """Of processor, by a file."""

    path: str
    seconds: processor.Seconds
    lasted: float


# ---------------------------------------------------------------- in the process that was started
class Worker:
    """A process that runs tests, and what it tells."""

    def __init__(self, config: pytest.Config, process: BaseProcess, spent: Spent, lasted: dict[str, float]) -> None:
        self.process, self._spent, self._lasted = process, spent, lasted
        self._hook, self._config = config.hook, config
        self._running: Any = None

    def tells(self, message: Any) -> None:
        """The reports of a test that is over, and the one that begins then, as (id, location); or seconds of a file."""
        if isinstance(message, Spending):
            self._spent[message.path] = message.seconds
            self._lasted[message.path] = message.lasted
            return
        reports, self._running = message
        for data in reports:
            report = self._hook.pytest_report_from_serializable(config=self._config, data=data)
            self._hook.pytest_runtest_logreport(report=report)

    def interrupt(self) -> None:
        if self.process.is_alive():
            os.kill(self.process.pid or 0, signal.SIGINT)

    def ended(self) -> None:
        self.process.join()
        if self._running or self.process.exitcode:
            nodeid, location = self._running or ("tests/forks.py", ("tests/forks.py", None, "between two tests"))
            why = f"Its process ended with status {self.process.exitcode}: the rest of its file was not run."
            lost = pytest.TestReport(nodeid, location, {}, "failed", why, "call")
            self._hook.pytest_runtest_logreport(report=lost)


def _follow(session: pytest.Session, workers: dict[Connection, Worker], queue: int) -> None:
    """Reports what the workers tell until all of them have ended."""
    left = set(workers)
    while left:
        for receiver in wait(left):
            try:
                workers[receiver].tells(receiver.recv())
            except EOFError:
                left.remove(receiver)
                workers[receiver].ended()
        if session.shouldfail:
            list(_taken(queue))  # nobody begins another file


# ---------------------------------------------------------------- in its forks
def _work(
    number: int, session: pytest.Session, files: list[File], queue: int, sender: Connection, others: list[Connection]
) -> None:
    for receiver in others:
        receiver.close()
    _alone(session.config, number)
    _watch_seldom()
    teller = Teller(session.config, sender)
    session.config.pluginmanager.register(teller)
    items = chain.from_iterable(files[number] for number in _taken(queue))
    try:
        before, began = processor.spent(), time.monotonic()
        for item, following in pairwise(chain(items, [None])):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if following is None or following.path != item.path:
                after, ended = processor.spent(), time.monotonic()
                sender.send(Spending(_file(item), after - before, ended - began))
                before, began = after, ended
            if session.shouldfail:
                break
        teller.tell()
    except (KeyboardInterrupt, BrokenPipeError):
        pass  # told by the process that started this one
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C comes from the terminal and from who started this
        session._setupstate.teardown_exact(None)


def _alone(config: pytest.Config, number: int) -> None:
    """What processes must not share: captured output, the terminal, chance, and the folder of temporary files."""
    capture = config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    config.get_terminal_writer()._file = Path(os.devnull).open("w")  # noqa: SIM115
    random.seed()
    folders = config._tmp_path_factory  # type: ignore[attr-defined]
    folders._basetemp = folders.getbasetemp() / f"fork{number}"
    folders._basetemp.mkdir(mode=0o700)


def _watch_seldom() -> None:
    """A test that hangs is still ended, at most SELDOM earlier: pytest starts and ends a thread for each test, 1 ms."""
    begin, begun = faulthandler.dump_traceback_later, -math.inf

    def begin_seldom(timeout: float, **more: Any) -> None:
        nonlocal begun
        if time.monotonic() - begun > min(SELDOM, timeout / 10):
            begin(timeout, **more)
            begun = time.monotonic()

    faulthandler.dump_traceback_later = begin_seldom
    faulthandler.cancel_dump_traceback_later = lambda: None


class Teller:
    """Sends reports to the process that started this one, with the test that begins then: each message wakes it up."""

    def __init__(self, config: pytest.Config, sender: Connection) -> None:
        self._config, self._send = config, sender.send
        self._reports: list[dict[str, Any]] = []

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self.tell((nodeid, location))

    def tell(self, running: Any = None) -> None:
        self._send((self._reports, running))
        self._reports = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(self._config.hook.pytest_report_to_serializable(config=self._config, report=report))
