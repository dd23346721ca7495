"""What needs the cooperative sockets of the server: run in a process of its own, patched as the server is."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.openai_server import FakeOpenAI

ROOT = Path(__file__).parents[2]
SERVER = """
from gevent import monkey; monkey.patch_all()
import json, sys, warnings
warnings.simplefilter("error")
import gevent, structlog
from rplay.agents import client
from rplay.agents.chain import Chain
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Call, Scene
from rplay.errors import AIError
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
talk = [{"role": "user", "content": "1"}, {"role": "assistant", "content": "2"}, {"role": "user", "content": "3"}]
scene = Scene({"name": "John"}, "insurance")
call = Call("simulationClient", "Be John.", talk, scene)
def failure(work):
    try:
        return work()
    except AIError as error:
        return f"{type(error).__name__}: {error}"
providers = []
while line := gevent.get_hub().threadpool.apply(sys.stdin.readline):  # meanwhile what was begun goes on
    url, quick, code = json.loads(line)
    provider = OpenAIProvider(lambda: "sk-k", url, "m", Timeouts(first=1.2, silence=0.8, whole=1.6) if quick else None)
    providers.append(provider)
    chain = Chain([provider])
    exec(code)
    print(json.dumps(result), flush=True)
for provider in providers:
    provider.close()
"""
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        process.communicate()
    assert process.returncode == 0


@pytest.fixture
def run(process: subprocess.Popen[str], fake: FakeOpenAI) -> Run:
    """Runs code in the patched process, which lives on, and gives what the code calls `result`."""

    def run(code: str, quick: bool = False) -> Any:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([fake.url, quick, code]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    return run


def test_reply_and_progress_are_fetched_at_the_same_time(run: Run, fake: FakeOpenAI) -> None:
    fake.mode("together", together=2, arguments={"rapport": 7})
    assert run("result = client.reply(chain, scene, talk).progress['rapport']") == 7


def test_a_streamed_reply_and_its_progress_too(run: Run, fake: FakeOpenAI) -> None:
    fake.mode("together", together=2, arguments={"rapport": 7})
    assert run("result = list(client.stream(chain, scene, talk))[-1].data['objectiveProgress']['rapport']") == 7


def test_a_failed_reply_does_not_wait_for_the_progress(run: Run, fake: FakeOpenAI) -> None:
    fake.mode(lambda body: "stall" if "tools" in body else "401")
    result = run("result = gevent.with_timeout(10, failure, lambda: client.reply(chain, scene, talk).message)")
    assert result == "AIRefused: the server answered 401"
    assert fake.wait_for(lambda: fake.aborts == len(fake.calls) - 1)


def test_a_reply_waits_for_a_late_progress_only_so_long(run: Run, fake: FakeOpenAI) -> None:
    fake.mode(lambda body: "stall" if "tools" in body else "ok")
    found = run(
        "client.PROGRESS_SECONDS = 0.2; reply = client.reply(chain, scene, talk); result = [reply.message, reply.progress]"
    )
    assert found == ["Fine words from a fake.", None]
    run("client.PROGRESS_SECONDS = 10; result = None")
    assert fake.wait_for(lambda: fake.aborts == 1)


def test_killing_a_stream_that_waits_ends_both_calls_upstream(run: Run, fake: FakeOpenAI) -> None:
    fake.mode("stall")
    run("reader = gevent.spawn(lambda: list(client.stream(chain, scene, talk))); result = None")
    assert fake.wait_for(lambda: len(fake.calls) == 2)
    assert fake.aborts == 0
    run("reader.kill(); result = None")
    assert fake.wait_for(lambda: fake.aborts == 2)


LEAVING = """
from rplay.web import sse
from rplay.runtime.shutdown import Shutdown
here, there = gevent.socket.socketpair()
seen = []
stream = client.stream(chain.for_request(seen.append), scene, talk)
reader = gevent.spawn(lambda: list(sse._pieces(stream, here, Shutdown())))
gevent.sleep(0.5)
under_way = not seen
there.close()
reader.join()
while len(seen) < 2:
    gevent.sleep(0.01)
result = [under_way, sorted(one.outcome for one in seen)]
"""


@pytest.mark.parametrize("mode", ["503", "stall"], ids=["between two tries", "during the first"])
def test_nothing_is_tried_again_for_who_has_left(run: Run, fake: FakeOpenAI, mode: str) -> None:
    fake.mode(mode, retry_after="9")
    under_way, outcomes = run(LEAVING)
    assert under_way, "the call was over before the reader left"
    assert outcomes == ["aborted", "aborted"], "the reply and its evaluation"
    assert len(fake.calls) <= 2


@pytest.mark.parametrize("mode", ["stall", "padded"])
def test_the_whole_call_is_limited_whatever_the_server_sends(run: Run, fake: FakeOpenAI, mode: str) -> None:
    fake.mode(mode, pause=0.02)
    told = run("result = failure(lambda: provider.answer(call).text)", quick=True)
    assert told == "AIAsleep: the server did not answer in time"
    assert fake.wait_for(lambda: fake.aborts == 1)


@pytest.mark.parametrize("mode", ["stall", "comments", "silent"])
def test_a_stream_is_limited_whatever_the_server_sends(run: Run, fake: FakeOpenAI, mode: str) -> None:
    fake.mode(mode, pause=0.02)
    told = run("result = failure(lambda: list(provider.stream(call)))", quick=True)
    assert told.startswith(("AIUnavailable: ", "AIAsleep: ", "Late: "))
    assert fake.wait_for(lambda: fake.aborts == 1)


FLOODED = """
import resource, threading
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
def tick():
    while True:
        turns.append(1)
        gevent.sleep(0)
before, turns, ticking = peak(), [], gevent.spawn(tick)
provider._limits = Timeouts(first=150, whole=150)  # on a busy machine much takes ten times as long as usual
told = failure(lambda: "".join(provider.stream(call)) if stream else provider.answer(call).text)
ticking.kill()
result = [told, len(turns), peak() - before]
"""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("endless", "the server's answer does not end"),
        ("endless-500", "the server's answer does not end"),
        ("newlines", "the server's answer does not end"),
        ("crumbs", "the server's answer does not end"),
        ("bomb", "the server's answer is compressed, which it was asked not to do"),
    ],
)
def test_a_flood_is_dammed(run: Run, fake: FakeOpenAI, mode: str, reason: str, stream: bool) -> None:
    """It ends with a clear failure after megabytes, is not asked for again, and meanwhile others get their turns."""
    fake.mode(mode)
    told, turns, megabytes = run(f"stream = {stream}{FLOODED}")
    assert told == f"AIUnavailable: {reason}"
    assert len(fake.calls) == 1
    assert turns > (1 if mode == "bomb" else 20)
    assert megabytes < 60
    assert fake.wait_for(lambda: fake.aborts == 1)


@pytest.mark.parametrize("stream", [False, True])
def test_a_limit_that_ends_a_wait_is_no_failure_of_the_connection(run: Run, fake: FakeOpenAI, stream: bool) -> None:
    """Which would be tried again."""
    fake.mode("stall")
    limits = "provider._limits = Timeouts(first=1, whole=9 if stream else 1, pause=0.001)"
    ask = "failure(lambda: list(provider.stream(call)) if stream else provider.answer(call).text)"
    told = run(f"stream = {stream}\n{limits}\nresult = {ask}")
    assert told == "AIAsleep: the server did not answer in time"
    assert len(fake.calls) == 1


CUT = """
from rplay.errors import HttpError
working = gevent.spawn(provider.answer, call)
gevent.sleep(0.3)
gevent.kill(working, HttpError("The server is restarting"))
working.join(20)
result = [repr(working.exception)]
"""


def test_an_end_from_elsewhere_reaches_who_asked(run: Run, fake: FakeOpenAI) -> None:
    fake.mode("stall")
    assert run(CUT) == ["HttpError('The server is restarting')"]
    assert len(fake.calls) <= 1


def test_many_calls_at_once_are_served_at_once(run: Run, fake: FakeOpenAI) -> None:
    fake.mode("together", together=40)
    spawn = "calls = [gevent.spawn(provider.answer, call) for _ in range(40)]"
    assert run(f"{spawn}; gevent.joinall(calls, raise_error=True); result = len(calls)") == 40


THREADS = """
from gevent import monkey; monkey.patch_all()
import gevent
from gevent.threadpool import ThreadPool
from rplay.agents.broken_rules import broken_in
from rplay.agents.types import Transcript
line = "I guarantee you will double your money within a year."
talk = Transcript([{"role": "user", "content": line}], [], "beginner")
pools = [gevent.get_hub().threadpool, ThreadPool(1)]
waiting = [gevent.spawn(pool.apply, broken_in, (talk,)) for pool in pools]
print(len(gevent.joinall(waiting, timeout=60)), sorted({broken.id for one in waiting for broken in one.get(block=False)}))
"""


@pytest.mark.operations
def test_threads_that_load_the_model_of_meaning_at_once_do_not_hang():
    """Each waits for the one that loads it: at a lock of gevent, threads of two hubs waited for ever."""
    ran = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, cwd=ROOT, timeout=100)
    assert ran.stdout == "2 ['guaranteed-returns']\n", ran.stderr


ENDING = """
from gevent import monkey; monkey.patch_all()
import gevent
from rplay.agents import meaning
turns = []
def read():
    while True:
        turns.append(meaning.vector(f"sentence number {len(turns)}"))
gevent.get_hub().threadpool.spawn(read)
while len(turns) < 2:
    gevent.sleep(0.01)
"""


@pytest.mark.operations
def test_a_process_may_end_while_a_thread_reads_a_sentence():
    """The library's C++ would end it by SIGABRT."""
    ran = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, cwd=ROOT, timeout=100)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
