"""The JSON data files: shipped defaults, cached reads, atomic writes.

Readers return copies, or objects that cannot be changed; only `change` writes. The folder `data` beside this module
holds the defaults, and data that admins do not edit here: the default parameters and the industries' traits.
"""

import fcntl
import os
import stat
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Protocol, TypeVar, get_args

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from rplay.errors import DataFileError, StartError

Name = Literal[
    "competencies", "rubrics", "industry-metadata", "industry-competencies", "difficulty-settings", "compliance"
]  # fmt: skip
Difficulty = Literal["beginner", "intermediate", "advanced"]
Row = dict[str, Any]

NAMES: Final[tuple[Name, ...]] = get_args(Name)
DIFFICULTY_LEVELS: Final[dict[str, int]] = {"beginner": 1, "intermediate": 3, "advanced": 5}
TRAITS: Final = (
    "knowledgeAreas",
    "commonConcerns",
    "typicalGoals",
    "industryTerminology",
    "regulatoryConsiderations",
)
DESCRIPTION_CHARACTERS = 10_000  # characters of a description that are returned
LOCK_SECONDS = 10.0
_SHIPPED: Final = Path(__file__).with_name("data")
# Two writes within one tick of the file system's clock (4 ms on ext4) can leave the same time, size and reused inode.
_SETTLED_NS: Final = 50_000_000


_Key = TypeVar("_Key")
_Item = TypeVar("_Item")
# Validation of these ends at the first bad item, as pydantic would create an error for each: 0.9 s for as many as a
# body of 256 KiB can hold.
Listed = Annotated[list[_Item], Field(fail_fast=True)]
Named = Annotated[dict[_Key, _Item], Field(fail_fast=True)]


class _Shape(BaseModel):
    """Validates only what readers rely on, as files are edited by hand and by other programs."""

    model_config = ConfigDict(strict=True)


class _Competency(_Shape):
    id: str
    name: str
    description: str | None = None
    category: str | None = None
    weight: Annotated[float, Field(ge=0, le=100)] | None = None


class _RubricLevel(_Shape):
    range: Literal["1-2", "3-4", "5-6", "7-8", "9-10"]
    description: str = ""
    criteria: Listed[str]


class _Rubric(_Shape):
    id: str
    name: str
    description: str | None = None
    rubric: Named[Difficulty, Listed[_RubricLevel]]


class _Subcategory(_Shape):
    displayName: str | None = None


class _Industry(_Shape):
    displayName: str | None = None
    subcategories: Named[str, _Subcategory] = {}
    aiRoleLabel: str | None = None
    aiRoleDescription: str | None = None


class _FocusArea(_Shape):
    competencies: Listed[str] = []
    enabled: bool = True


class _Lists(_Shape):
    competencies: Listed[str] = []
    focusAreas: Named[str, _FocusArea] = {}


class _Setting(_Shape):
    description: str | None = None
    objectives: str | Listed[str] | None = None
    clientBehavior: str | None = None
    sampleScenario: str | None = None
    visibleDetails: Named[str, bool] = {}


class _Breach(_Shape):
    id: Annotated[str, Field(min_length=1)]
    name: str
    industries: list[str] = []
    definition: str
    examples: list[str] = []
    counterExamples: list[str] = []
    severity: Literal["low", "medium", "high"]
    clientSays: str | list[str] = []
    cap: Annotated[float, Field(ge=1, le=10)]


class Price(_Shape):
    """Prices in US dollars per million tokens."""

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]


_PRICES: Final = TypeAdapter(dict[str, Price])
_SHAPES: Final[dict[Name, TypeAdapter[Any]]] = {
    "competencies": TypeAdapter(Listed[_Competency]),
    "rubrics": TypeAdapter(Listed[_Rubric]),
    "industry-metadata": TypeAdapter(Named[str, _Industry]),
    "industry-competencies": TypeAdapter(Named[str, Named[str, _Lists]]),
    "difficulty-settings": TypeAdapter(Named[str, Named[str, _Setting]]),
    "compliance": TypeAdapter(list[_Breach]),
}


def misfit(name: Name, content: object) -> str | None:
    """Return why `content` is not valid for this file, or None if it is valid."""
    try:
        _SHAPES[name].validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].partition(" or instance of ")[0]
        return f"{place}: {reason}" if place else reason
    return None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's content. A different stamp means a different content. A file that is not settled may change without
    getting a new stamp.
    """

    stamp: object
    raw: bytes
    settled: bool = True


class Store(Protocol):
    """Where the files are stored: a folder, or the database (`runtime/data_store.py`)."""

    def lay_out(self) -> list[str]: ...

    def place(self, name: Name) -> str:
        """Return the file's location, as operators know it."""

    def stamp(self, name: Name) -> object: ...

    def read(self, name: Name, *, writing: bool = False) -> Stored: ...

    def only_writer(self) -> AbstractContextManager[None]:
        """Keep all others, in any process, from writing while the block runs."""

    def write(self, name: Name, raw: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it was read. `parsed` must not leave this module."""

    stored: Stored
    parsed: Any

    @property
    def raw(self) -> bytes:
        return self.stored.raw

    def copy(self) -> Any:
        return orjson.loads(self.raw)  # several times faster than copy.deepcopy(self.parsed)


class Folder:
    """The files in one folder, which several processes may share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # cached, as joining a path took longer than the stat call
        self._paths = {name: folder / f"{name}.json" for name in NAMES}

    def lay_out(self) -> list[str]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if all(path.exists() for path in self._paths.values()):
                return []  # this also works in a folder mounted read-only
            with _only_process(self._folder):
                missing = [name for name in NAMES if not self._paths[name].exists()]
                for name in missing:
                    _replace(self._paths[name], shipped(name), 0o644)
        except OSError as error:
            raise StartError(
                f"Cannot set up the data folder {self._folder}: {_words(error)}. "
                "Make it writable for the user that runs rplay, or let DATA_DIR name another folder."
            ) from error
        return [f"{name}.json" for name in missing]

    def place(self, name: Name) -> str:
        return str(self._paths[name])

    def stamp(self, name: Name) -> object:
        return _stamp(self._paths[name].stat())

    def read(self, name: Name, *, writing: bool = False) -> Stored:  # noqa: ARG002
        with self._paths[name].open("rb") as file:
            # before reading, so that a concurrent change leads to a different stamp next time
            found = os.fstat(file.fileno())
            raw = file.read()
        return Stored(_stamp(found), raw, abs(time.time_ns() - found.st_mtime_ns) > _SETTLED_NS)

    def only_writer(self) -> AbstractContextManager[None]:
        return _only_process(self._folder)

    def write(self, name: Name, raw: bytes) -> None:
        path = self._paths[name]
        _replace(path, raw, stat.S_IMODE(path.stat().st_mode))


class DataFiles:
    """The data files, in a folder or in another store. Use one instance per process."""

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        self.store: Store = store or Folder(folder)
        self._cache: dict[Name, _File] = {}
        self._lock = threading.RLock()
        self._changing: set[Name] = set()

    def lay_out(self) -> list[str]:
        """Create every missing file from its default. Return the names of the files created."""
        return self.store.lay_out()

    def raw(self, name: Name) -> bytes:
        return self._read(name).raw

    def competencies(self) -> list[Row]:
        return [
            {
                "id": one["id"],
                "name": one["name"],
                "description": _cut(one.get("description")),
                "category": one.get("category") or "General",
                "weight": 10 if one.get("weight") is None else one["weight"],
            }
            for one in self._read("competencies").parsed
        ]

    def competencies_for(self, industry: str, subcategory: str | None = None) -> list[str]:
        """Return the ids listed for a subcategory; without one those of `default`, or else of the industry's first."""
        lists = self._read("industry-competencies").parsed.get(industry, {})
        return list(lists.get(self.subcategory_of(industry, subcategory), {}).get("competencies", []))

    def subcategory_of(self, industry: str, wanted: str | None = None) -> str:
        """Return the subcategory if it exists, or else the first one, as clients also send subcategories of other
        industries.
        """
        listed = self._read("industry-competencies").parsed.get(industry, {})
        named = self._read("industry-metadata").parsed.get(industry, {}).get("subcategories", {})
        known = {**named, **listed}
        if wanted in known:
            return str(wanted)
        first = next(iter(known), wanted or "default")
        return "default" if wanted is None and "default" in known else str(first)

    def rubrics(self, difficulty: str | None = None, competency_ids: Collection[str] | None = None) -> list[Row]:
        """Return one row per competency, difficulty and score range, lowest range first."""
        return [
            _rubric_row(rubric, level, number, entry)
            for rubric in self._read("rubrics").parsed
            if competency_ids is None or rubric["id"] in competency_ids
            for level, entries in rubric["rubric"].items()
            if difficulty is None or level == difficulty
            for number, entry in enumerate(entries, start=1)
        ]

    def rubric_hash(self) -> str:
        """Return a hash of the rubrics, which identifies the wording used for a review."""
        return sha256(self._read("rubrics").raw).hexdigest()[:12]

    def industries(self) -> set[str]:
        return set(self._read("industry-metadata").parsed)

    def industry_metadata(self) -> dict[str, Any]:
        return self._read("industry-metadata").copy()  # type: ignore[no-any-return]

    def industry_competencies(self) -> dict[str, Any]:
        return self._read("industry-competencies").copy()  # type: ignore[no-any-return]

    def difficulty_settings(self) -> dict[str, Any]:
        return self._read("difficulty-settings").copy()  # type: ignore[no-any-return]

    def difficulty_setting(self, industry: str, difficulty: str) -> dict[str, Any]:
        """Return the settings of one industry and difficulty; {} if there are none."""
        found = self._read("difficulty-settings").parsed.get(industry, {}).get(difficulty, {})
        return orjson.loads(orjson.dumps(found))  # type: ignore[no-any-return]

    def compliance(self) -> Sequence[Mapping[str, Any]]:
        """Return the rules of the trade, each with a list of what a client says when it is broken.

        All callers share the result until the file changes, as it is needed for each line of a client. Do not modify
        it.
        """
        return _breaches(self._read("compliance").raw)

    @staticmethod
    def industry_traits(industry: str, subcategory: str) -> dict[str, list[str]]:
        """Return what clients of this kind know, fear and want: five lists, empty for an industry that admins added."""
        traits = orjson.loads(shipped("industry-traits")).get(industry, {}).get(subcategory, {})
        return {trait: traits.get(trait, []) for trait in TRAITS}

    @staticmethod
    def parameter_defaults() -> list[Row]:
        """Return the shipped categories with their parameters. Parameters of admins are in the database."""
        return orjson.loads(shipped("parameters"))  # type: ignore[no-any-return]

    def prices(self) -> dict[str, Price]:
        """Return the prices of models: `prices.json` in the folder of the data files if it exists, else the shipped
        ones.

        These are the vendors' list prices without discounts. The price of a model that is not listed is unknown.
        """
        own = self._own_prices
        try:
            return _PRICES.validate_json(own.read_bytes() if own.exists() else shipped("prices"))
        except (OSError, ValidationError) as error:
            raise DataFileError(f"{own} holds no prices: {error}") from error

    def prices_changed(self) -> datetime | None:
        """Return when the operator's own prices were last changed; None if the shipped ones are used."""
        try:
            return datetime.fromtimestamp(self._own_prices.stat().st_mtime, UTC)
        except OSError:
            return None

    @property
    def _own_prices(self) -> Path:
        return self.folder / "prices.json"

    @contextmanager
    def change(self, name: Name) -> Iterator[Any]:
        """Yield the file's content to be changed in place; it is written if the block ends without an exception.

        Blocks for different files may be nested to change them together: other writers wait until the outer one ends.
        """
        with self._only_writer(name):
            content = self._load(name, writing=True).copy()
            yield content
            if reason := misfit(name, content):
                raise DataFileError(
                    f"{self.store.place(name)} was not written, as it could not be read again: {reason}"
                )
            raw = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
            with self._in_words(name, "written"):
                self.store.write(name, raw)

    @contextmanager
    def _only_writer(self, name: Name) -> Iterator[None]:
        with ExitStack() as stack:
            with self._in_words(name, "changed"):
                if not self._lock.acquire(timeout=LOCK_SECONDS):
                    raise TimeoutError(f"another request has been changing it for {LOCK_SECONDS:.0f} seconds")
                stack.callback(self._lock.release)
                if name in self._changing:
                    raise RuntimeError(f"{name} is being changed already: the inner change would be lost")
                if not self._changing:
                    stack.enter_context(self.store.only_writer())
            self._changing.add(name)
            stack.callback(self._changing.discard, name)
            yield

    def _read(self, name: Name) -> _File:
        known = self._cache.get(name)
        if known and known.stored.settled:
            with self._in_words(name, "read"):
                if known.stored.stamp == self.store.stamp(name):
                    return known
        fresh = self._cache[name] = self._load(name)
        return fresh

    def _load(self, name: Name, *, writing: bool = False) -> _File:
        place = self.store.place(name)
        with self._in_words(name, "read"):
            stored = self.store.read(name, writing=writing)
        try:
            parsed = orjson.loads(stored.raw)
        except orjson.JSONDecodeError as error:
            raise DataFileError(f"{place} is not JSON: {error}. Correct it, rplay leaves it as it is.") from error
        if reason := misfit(name, parsed):
            raise DataFileError(
                f"{place} does not hold what it should: {reason}. Correct it, rplay leaves it as it is."
            )
        return _File(stored, parsed)

    @contextmanager
    def _in_words(self, name: Name, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DataFileError(f"{self.store.place(name)} cannot be {what}: {_words(error)}") from error


def _cut(text: str | None) -> str | None:
    return text and text[:DESCRIPTION_CHARACTERS]


@lru_cache(maxsize=2)
def _breaches(raw: bytes) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        MappingProxyType({**one, "clientSays": [said] if isinstance(said := one.get("clientSays", []), str) else said})
        for one in orjson.loads(raw)
    )


def _rubric_row(rubric: Row, difficulty: str, number: int, entry: Row) -> Row:
    return {
        "id": f"{rubric['id']}-{difficulty}-{number}",
        "competency_id": rubric["id"],
        "competency_name": rubric["name"],
        "difficulty_level": DIFFICULTY_LEVELS[difficulty],
        "criteria": "; ".join(entry["criteria"]),
        "weight": 10,
        "description": entry.get("description", ""),
    }


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_mtime_ns, found.st_size, found.st_ino


@cache
def shipped(name: str) -> bytes:
    return (_SHIPPED / f"{name}.json").read_bytes()


def _words(error: OSError) -> str:
    return error.strerror or str(error)


@contextmanager
def _only_process(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. This polls, as a blocking flock would stop every greenlet of the process."""
    with open(folder / ".lock", "a", opener=_for_us_alone) as file:
        end = time.monotonic() + LOCK_SECONDS
        while not _locked(file.fileno()):
            if time.monotonic() > end:
                raise TimeoutError(f"another process has held {folder / '.lock'} for {LOCK_SECONDS:.0f} seconds")
            time.sleep(0.005)
        yield


def _for_us_alone(path: str, flags: int) -> int:
    """Open the lock file for this user only: whoever can open it could hold its lock forever. Earlier versions made
    it readable for everybody.
    """
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    found = os.fstat(descriptor)
    if found.st_uid == os.geteuid() and found.st_mode & 0o077:
        os.fchmod(descriptor, 0o600)
    return descriptor


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _replace(path: Path, content: bytes, mode: int) -> None:
    """Replace a file atomically: readers see the old or the new one, even after a power failure. The caller must
    hold the lock.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
