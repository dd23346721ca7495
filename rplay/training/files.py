"""Scenarios as YAML files: those shipped with rplay, and those that operators import and export."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.resources import files
from typing import Any

import yaml  # type: ignore[import-untyped]

from rplay.db import Connection, scenarios
from rplay.db.scenarios import Scenario
from rplay.errors import BadRequest
from rplay.training.scenario import Content, read

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 262_144  # characters of a file: a YAML alias could repeat a long text many times


class _Plain(yaml.SafeLoader):  # type: ignore[misc]
    """A YAML loader that refuses aliases, as a few lines with aliases can expand to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def shipped() -> Iterator[tuple[str, str]]:
    """Yield name and text of each scenario file shipped with rplay."""
    folder = files("rplay").joinpath("data", "scenarios")
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.name.endswith(".yaml"):
            yield one.name, one.read_text(encoding="utf-8")


def parsed(text: str, industries: Mapping[str, Any]) -> tuple[str, Content]:
    """Return the key and the scenario. Raise BadRequest with what is wrong."""
    if len(text) > LONGEST:
        raise BadRequest("is too long")
    try:
        found = yaml.load(text, _Plain)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadRequest(f"is no YAML: {' '.join(str(error).split())[:200]}") from None
    key = found.pop("key", None) if isinstance(found, dict) else None
    if not isinstance(key, str) or not KEY.fullmatch(key) or len(key) > 100:
        raise BadRequest("needs a key of small letters, digits and dashes")
    return key, read(found, industries)


def written(scenario: Scenario) -> str:
    """Return the scenario as YAML that can be read again. Without a key it gets one made of its name and id."""
    content = {name: value for name, value in scenario.content.items() if value not in (None, [])}
    if scenario.content.get("failsFrom") is None:
        content["failsFrom"] = None
    text: str = yaml.safe_dump(
        {"key": key_of(scenario), **content}, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False
    )
    return text


def key_of(scenario: Scenario) -> str:
    if scenario.key:
        return scenario.key
    name = re.sub(r"[^a-z0-9]+", "-", str(scenario.content.get("name", "")).lower()).strip("-")[:60].strip("-")
    return f"{name}-{scenario.id.hex[:8]}" if name else scenario.id.hex


def take_shipped(industries: Mapping[str, Any], tx: Connection) -> int:
    """Import shipped scenarios that were never imported and whose industry exists. Return how many were imported."""
    scenarios.lock_keys(tx)
    taken = 0
    for _, text in shipped():
        with suppress(BadRequest):  # admins have removed its industry
            key, content = parsed(text, industries)
            if scenarios.by_key(key, tx) is None:
                scenarios.create(content.as_object(), None, True, tx, key)
                taken += 1
    return taken


def take_over(key: str, content: Content, tx: Connection) -> str:
    """Store a scenario for the house. Return `new`, `changed` (a new version was added) or `as it was`."""
    there = scenarios.by_key(key, tx)
    if there is None:
        scenarios.create(content.as_object(), None, True, tx, key)
        return "new"
    if there.content == content.as_object():
        return "as it was"
    scenarios.lock(there.id, tx)
    if not scenarios.change(there.id, content.as_object(), None, tx):
        raise BadRequest(f"has {scenarios.VERSIONS} versions already")
    return "changed"
