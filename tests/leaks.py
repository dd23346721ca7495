"""What must never be seen: the secrets that tests use are looked for in whatever servers write and refuse with.

Every request that a test makes tells which secrets it carries. Then every error that is answered, all output captured of
every test, and the log of every server that a test starts are searched for all of them.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask.testing import FlaskClient

SECRET_NAMES = re.compile(r"password|token|api_?key|secret", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9_-]{8,}")
# What the fake model and voice servers say when they fail, and the password of nearly everybody.
ALWAYS = {"sk-upstream", "Passw0rdX"}
UPSTREAM = "secret details"
# Nothing of how we are built belongs into an answer.
INTERNALS = re.compile(
    r"Traceback|psycopg|site-packages|\.py\b|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+\w+.*\b(?:FROM|SET|WHERE|VALUES)\b"
    r"|\bLINE \d+:|DETAIL:|Errno|httpx|pydantic|werkzeug|/(?:home|work|usr|tmp|var)/"
)

secrets = set(ALWAYS)


def keep(secret: str) -> str:
    """From now on this must be seen nowhere. Words that could stand in a text by chance are no secrets."""
    for word in _WORD.findall(secret):
        if re.search(r"\d", word) or word.startswith("sk-"):
            secrets.add(word)
    return secret


def keep_all(thing: Any) -> None:
    """The same for every text in this JSON that stands under the name of a secret."""
    if isinstance(thing, dict):
        for name, value in thing.items():
            if isinstance(value, str) and SECRET_NAMES.search(str(name)):
                keep(value)
            keep_all(value)
    elif isinstance(thing, list):
        for value in thing:
            keep_all(value)


def leaked(text: str) -> set[str]:
    return secrets.intersection(_WORD.findall(text)) | ({UPSTREAM} if UPSTREAM in text else set())


def check_log(text: str) -> None:
    assert not (found := leaked(text)), f"The log holds {found}:\n" + "\n".join(
        line for line in text.splitlines() if leaked(line)
    )


def check_answer(status: int, text: str) -> None:
    """An error holds no secret and nothing of the inside."""
    if status >= 400:
        assert not leaked(text), text
        assert not INTERNALS.search(text), text


@pytest.fixture(scope="session", autouse=True)
def _watched_clients() -> Iterator[None]:
    """Every client that calls the application in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FlaskClient, "open", watched(FlaskClient.open))
        yield


def watched(call: Any) -> Any:
    """The same call, looked at on both ways. Its answer is one of Flask's or one of requests'."""

    def looked_at(*args: Any, **options: Any) -> Any:
        keep_all(options.get("json"))
        authorization = dict(options.get("headers") or {}).get("Authorization")
        keep(authorization if isinstance(authorization, str) else "")
        answer = call(*args, **options)
        if not options.get("stream") and "json" in (answer.headers.get("Content-Type") or ""):
            check_answer(answer.status_code, answer.text)
            if answer.status_code < 400:
                with suppress(ValueError):  # what is wrong with it the test will see
                    keep_all(json.loads(answer.text))
        return answer

    return looked_at


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    """What the test wrote, or a server that it ran in this process, is looked through when it is over."""
    report = yield
    if report.when == "teardown" and report.passed:
        try:
            check_log("\n".join(text for title, text in report.sections))
        except AssertionError as error:
            report.outcome, report.longrepr = "failed", str(error)
    return report
