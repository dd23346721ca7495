"""Everything about a person as one JSON object, written row by row, as all talks of a person may not fit into
memory.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from rplay.db import personal_data
from rplay.runtime import json


def document(user_id: UUID) -> Iterator[bytes]:
    yield b'{"exported_at":%s' % json.dumps(datetime.now(UTC))
    for table, rows in personal_data.everything(user_id):
        yield b',"%s":[' % table.encode()
        for number, row in enumerate(rows):
            yield b"," * (number > 0) + json.dumps(row)
        yield b"]"
    yield b"}"
