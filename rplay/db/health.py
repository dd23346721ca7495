"""What health probes ask the database."""

from rplay import db
from rplay.errors import DatabaseError


def try_to_write() -> None:
    """Raise DatabaseError if PostgreSQL accepts no writes or has no disk space left.

    This writes numbers into a temporary file, which leaves no row, lock or log entry behind. An UPDATE would prove
    nothing: on a full disk a table's existing pages still have room.
    """
    with db.transaction() as tx:
        db.execute("SET LOCAL work_mem = '64kB'", tx=tx)  # the smallest setting: 20,000 numbers do not fit into it
        read_only = db.value(
            "SELECT current_setting('transaction_read_only') FROM generate_series(1, 20000) LIMIT 1", tx=tx
        )
    if read_only == "on":
        raise DatabaseError("it is read-only")
