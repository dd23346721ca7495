"""The documentation says what the code does."""

from pathlib import Path

from rplay.agents.providers.azure_agents import NAMES
from rplay.agents.tools import tools_of
from rplay.web.limits import TABLE

DOCS = Path(__file__).parent.parent / "docs"


def test_the_table_of_rate_limits_is_the_one_in_force():
    lines = (DOCS / "limits.md").read_text(encoding="utf-8").splitlines()
    for name, row in TABLE.items():
        assert f"| {name} | {' | '.join(row)} |" in lines


def test_the_agents_in_azure_are_those_that_are_made_there():
    lines = (DOCS / "azure.md").read_text(encoding="utf-8").splitlines()
    for agent, name in NAMES.items():
        assert f"| {agent} | `rplay-{name}` | {', '.join(tool.name for tool in tools_of(agent))} |" in lines
