"""Forms with files (multipart/form-data), also from a client that labels them as something else."""

import io
import re
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from rplay.errors import BadRequest

_FIRST_LINE = re.compile(rb"--([^\r\n]{1,200})\r?\n")
_PARTS = 100  # more than any form of ours has
UNREADABLE = "Invalid form data in request body"


def boundary_of(raw: bytes) -> bytes | None:
    """What separates the parts of the body; None when it is no form.

    The existing frontend calls its form `application/json` and names no boundary: then the first line tells it, as JSON
    never begins with two dashes.
    """
    if request.mimetype == "multipart/form-data" and request.mimetype_params.get("boundary"):
        return request.mimetype_params["boundary"].encode("utf-8", "replace")
    if request.mimetype not in ("application/json", "multipart/form-data"):
        return None
    first = _FIRST_LINE.match(raw)
    return first[1] if first else None


def read(raw: bytes, boundary: bytes) -> dict[str, str | bytes]:
    """The fields and the contents of the files, by name; BadRequest when the form is cut off or none."""
    parser = MultiPartParser(stream_factory=_in_memory, max_form_parts=_PARTS)
    try:
        fields, files = parser.parse(io.BytesIO(raw), boundary, len(raw))
    except (ValueError, RequestEntityTooLarge):
        raise BadRequest(UNREADABLE) from None
    return {**fields.to_dict(), **{name: file.read() for name, file in files.items()}}


def _in_memory(*_: Any, **__: Any) -> io.BytesIO:
    """The whole body is in memory already, and bounded."""
    return io.BytesIO()
