"""Reads forms with files (multipart/form-data), even from a client that declares another content type."""

import io
import re
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from rplay.errors import BadRequest

_FIRST_LINE = re.compile(rb"--([^\r\n]{1,200})\r?\n")
_PARTS = 100  # more parts than any of our forms has
UNREADABLE = "Invalid form data in request body"


def boundary_of(raw: bytes) -> bytes | None:
    """Return the boundary between the parts of the body; None if it is not a form.

    The existing frontend sends its form as `application/json` without a boundary. It is then taken from the first line:
    JSON never begins with two dashes.
    """
    if request.mimetype == "multipart/form-data" and request.mimetype_params.get("boundary"):
        return request.mimetype_params["boundary"].encode("utf-8", "replace")
    if request.mimetype not in ("application/json", "multipart/form-data"):
        return None
    first = _FIRST_LINE.match(raw)
    return first[1] if first else None


def read(raw: bytes, boundary: bytes) -> dict[str, str | bytes]:
    """Return the fields and the contents of the files by name. Raise BadRequest if the form is incomplete or
    malformed.
    """
    parser = MultiPartParser(stream_factory=_in_memory, max_form_parts=_PARTS)
    try:
        fields, files = parser.parse(io.BytesIO(raw), boundary, len(raw))
    except (ValueError, RequestEntityTooLarge):
        raise BadRequest(UNREADABLE) from None
    return {**fields.to_dict(), **{name: file.read() for name, file in files.items()}}


def _in_memory(*_: Any, **__: Any) -> io.BytesIO:
    """Keep files in memory, as the whole body is already there and its size is limited."""
    return io.BytesIO()
