"""What a project in Azure that has gone away costs a request: until its breaker opens, and then."""

from gevent import monkey

monkey.patch_all()

import logging  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402

import structlog  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from fakes.foundry import FakeFoundry, Identity, sign_in_as  # noqa: E402
from fakes.openai_server import FakeOpenAI  # noqa: E402

from rplay.agents.chain import Chain  # noqa: E402
from rplay.agents.providers.azure import AzureProvider  # noqa: E402
from rplay.agents.providers.openai import OpenAIProvider  # noqa: E402
from rplay.agents.types import Call, Scene  # noqa: E402

CALLS = 200
CALL = Call("simulationClient", "Be John.", [{"role": "user", "content": "Hello"}], Scene({}, "insurance"))


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with FakeOpenAI() as model:
        openai = OpenAIProvider(lambda: "k", model.url, "some-model")
        alone = times(Chain([openai]))
        with FakeFoundry() as project:
            azure = AzureProvider(project.endpoint, "gpt-4o", "rplay-", sign_in=sign_in_as(Identity()))
            azure.initialize()
        dead = Chain([azure, openai])  # nobody listens at its port any more
        found = times(dead)
        opened = next(number for number, took in enumerate(found) if took < min(found[:5]) / 5)
    print(f"OpenAI alone                     {told(alone)}")
    print(f"behind a dead Azure, {opened} calls     {told(found[:opened])}")
    print(f"  then, with its breaker {dead.states()['azure']:8}{told(found[opened:])}")


def times(chain: Chain) -> list[float]:
    """Milliseconds of each call."""
    took = []
    for _ in range(CALLS):
        began = time.perf_counter()
        chain.answer(CALL, str)
        took.append((time.perf_counter() - began) * 1000)
    return took


def told(found: list[float]) -> str:
    return f"median {median(found):7.1f} ms, longest {max(found):7.1f} ms"


if __name__ == "__main__":
    main()
