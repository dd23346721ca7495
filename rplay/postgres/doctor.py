"""Finds what is unusual in a database, and says what to do about it. It changes nothing."""

import re
from dataclasses import dataclass

import psycopg

from rplay.db import migrate


@dataclass(frozen=True)
class Finding:
    """Something an operator should know. A `serious` finding keeps somebody from working or endangers data."""

    serious: bool
    text: str
    examples: tuple[str, ...] = ()


# The checks: (serious, statement that returns one text per row, what it means and what to do).
_CHECKS: tuple[tuple[bool, str, str], ...] = (
    (
        True,
        r"SELECT email FROM users WHERE password !~ '^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$' ORDER BY email",
        "{count} accounts hold a password that is no bcrypt hash, perhaps in clear text. Nobody can log in to them: "
        "set a new password for each, or delete them.",
    ),
    (
        True,
        "SELECT string_agg(email, ', ' ORDER BY email) FROM users GROUP BY lower(email) HAVING count(*) > 1 ORDER BY 1",
        "{count} addresses belong to several accounts that differ only in capitals. The one written exactly as "
        "typed is signed in, else the oldest: keep one of each and delete the others.",
    ),
    (
        False,
        "SELECT s.user_id FROM sessions s LEFT JOIN users u ON u.id::text = lower(s.user_id)"
        " WHERE u.id IS NULL ORDER BY 1",
        "{count} sessions belong to nobody. They let no one in and may be deleted.",
    ),
    (
        False,
        "SELECT simulation_id FROM simulations WHERE user_id IS NULL ORDER BY 1",
        "{count} training talks have no owner: only admins see them.",
    ),
    (
        False,
        "SELECT DISTINCT f.simulation_id FROM nps_feedback f LEFT JOIN simulations s USING (simulation_id)"
        " WHERE s.id IS NULL ORDER BY 1",
        "Feedback was given for {count} training talks that are gone; it still counts in the statistics.",
    ),
    (
        False,
        "SELECT name FROM parameters WHERE category_id IS NULL ORDER BY 1",
        "{count} parameters are in no category: they steer the agents, but the catalog does not show them.",
    ),
    (
        False,
        "SELECT user_email FROM sessions WHERE NOT hashed AND expires_at > now() AT TIME ZONE 'UTC' ORDER BY 1",
        "{count} live sessions of the old backend are stored in clear text; they end by themselves within 30 days.",
    ),
)
_INDEX = re.compile(r"CREATE INDEX IF NOT EXISTS (\w+)")
SHOWN_EXAMPLES = 5  # examples per finding


def examine(url: str) -> list[Finding]:
    """Return all findings, the serious ones first. Raise StartError if the database cannot be reached."""
    pending = migrate.status(url).pending
    if pending:
        return [Finding(True, "Migrations have not run: run `rplay db upgrade`, then look again.", tuple(pending))]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        findings = [*_checked(connection), *_missing_indexes(connection)]
    return sorted(findings, key=lambda finding: not finding.serious)


def _checked(connection: psycopg.Connection) -> list[Finding]:
    findings = []
    for serious, statement, text in _CHECKS:
        rows = [str(row[0]) for row in connection.execute(statement.encode()).fetchall()]
        if rows:
            findings.append(Finding(serious, text.format(count=len(rows)), tuple(rows[:SHOWN_EXAMPLES])))
    return findings


def _missing_indexes(connection: psycopg.Connection) -> list[Finding]:
    wanted = {name for migration in migrate.migrations() for name in _INDEX.findall(migration.sql)}
    there = {row[0] for row in connection.execute("SELECT indexname FROM pg_indexes").fetchall()}
    missing = sorted(wanted - there)
    if not missing:
        return []
    text = f"{len(missing)} indexes are missing, which makes requests slow: create them as the migrations do."
    return [Finding(True, text, tuple(missing[:SHOWN_EXAMPLES]))]
