"""What a probe asks the database."""

from rplay import db
from rplay.errors import DatabaseError


def try_to_write() -> None:
    """DatabaseError where PostgreSQL takes no writes or has no room.

    It puts numbers into a file for a moment, which leaves no row, no lock and no log behind. An update would tell
    nothing: on a full disk there is still room in the pages that a table has.
    """
    with db.transaction() as tx:
        db.execute("SET LOCAL work_mem = '64kB'", tx=tx)  # the least there is: 20,000 numbers do not fit into it
        read_only = db.value(
            "SELECT current_setting('transaction_read_only') FROM generate_series(1, 20000) LIMIT 1", tx=tx
        )
    if read_only == "on":
        raise DatabaseError("it is read-only")
