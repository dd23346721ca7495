"""Who wrote what is taught about rules, and what they wrote: files of lines by rule, and talks whose advisors keep to
the rules, with breaches to be put into some of them."""

import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PRACTICE = Path(__file__).parents[1]
TESTS = PRACTICE.parents[1] / "tests" / "agents"
REVIEWS = PRACTICE / "reviews"
NONE = "none"
_PAIRS = "pairs of "
# In three parts. Each tower is taught two of them, so that for every line one knows nothing of its author. What is
# named twice counts twice.
PARTS: Sequence[Sequence[str]] = (
    ("breaches-A", "breaches-P", "breaches-R", "pairs of known", "pairs of fifth", "talks", "fifth", "pairs of fifth"),
    ("breaches-B", "breaches-Q", "breaches-S", "pairs of unseen", "pairs of tests", "opened", "sixth"),
    ("breaches-C", "breaches-M", "breaches-N", "breaches-T", "pairs of third", "pairs of fourth", "third",
     "pairs of third", "seventh"),
)  # fmt: skip
# Talks of advisors who keep to the rules, whatever else they do.
_HONEST = frozenset(
    {
        "good",
        "long",
        "voice-to-text",
        "recovery",
        "memory-check",
        "off-topic",
        "hurried",
        "silent",
        "mediocre",
        "jargon",
    }
)
Talk = Sequence[Mapping[str, str]]


def written(source: str) -> list[Mapping[str, str]]:
    """The lines that somebody wrote by rule: `text`, `rule` or `none`, and the `kind`, with `near` and `plain` ones."""
    path = PRACTICE / "training" / f"{source}.jsonl"
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def good_talks(source: str) -> Mapping[str, Talk]:
    """The good talks of a set of pairs, by name."""
    if source == "pairs of tests":
        return {path.stem: _read(path)["good"] for path in sorted(TESTS.glob("pairs*/*.json"))}
    pairs = _set(source.removeprefix(_PAIRS)) if source.startswith(_PAIRS) else {}
    return {name: pair["good"] for name, pair in pairs.items() if name != _BREACHES}


def put_in(source: str) -> Sequence[Mapping[str, Any]]:
    """The breaches that belong into the good talks of a set: `pair`, `after` which message, `lines`, and the `kind`."""
    name = source.removeprefix(_PAIRS)
    return _set(name)[_BREACHES] if source.startswith(_PAIRS) and name in _SETS else ()


_SETS = {"known": REVIEWS, "third": REVIEWS / "third", "fourth": REVIEWS / "fourth", "fifth": REVIEWS / "fifth"}
_SETS["unseen"] = REVIEWS / "unseen.tar.xz"
_BREACHES = "breaches"


@cache
def _set(name: str) -> Mapping[str, Any]:
    folder = _SETS[name]
    if folder.is_dir():
        return {path.stem: _read(path) for path in (*sorted(folder.glob("pairs/*.json")), folder / "breaches.json")}
    with tarfile.open(folder) as packed:
        names = sorted(one for one in packed.getnames() if "pairs/" in one or one == "breaches.json")
        files = ((Path(one).stem, packed.extractfile(one)) for one in names if one.endswith(".json"))
        return {stem: json.load(io.TextIOWrapper(file, "utf-8")) for stem, file in files if file}


@cache
def rules_of(kind: str) -> Sequence[str]:
    """The rules that a kind of breach of the sets of pairs breaks, the first one before all."""
    found: Mapping[str, Sequence[str]] = _read(REVIEWS / "kinds.json")
    return found[kind]


def labelled(source: str) -> list[tuple[str, str]]:
    """All that is written by rule, as text and label."""
    rows = [(row["text"], row["rule"]) for row in written(source)]
    return [*rows, *((one["lines"][0]["content"], rules_of(one["kind"])[0]) for one in put_in(source))]


def honest_in(source: str) -> list[str]:
    """The advisors' lines of talks in which no rule is broken."""
    return [*honest(source), *(said for talk in good_talks(source).values() for said in advisors(talk))]


def honest(*folders: str) -> Iterator[str]:
    for folder in folders:
        for path in sorted((PRACTICE / folder).glob("*.json")):
            talk = _read(path)
            if talk["kind"] in _HONEST:
                yield from (line["say"] for line in talk["lines"])


def advisors(talk: Talk) -> Iterator[str]:
    yield from (line["content"] for line in talk if line["role"] == "user")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
