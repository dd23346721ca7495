"""The documentation says what the code does."""

from pathlib import Path

from rplay.web.limits import TABLE

DOCS = Path(__file__).parent.parent / "docs"


def test_the_table_of_rate_limits_is_the_one_in_force():
    lines = (DOCS / "limits.md").read_text(encoding="utf-8").splitlines()
    for name, row in TABLE.items():
        assert f"| {name} | {' | '.join(row)} |" in lines
