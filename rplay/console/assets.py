"""Static files of the pages: styles, scripts, icons. Their URLs contain a hash of the contents, so browsers can
cache them.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, request, url_for

from rplay.errors import NotFound
from rplay.web.auth import public

bp = Blueprint("assets", __name__, url_prefix="/static")

FOLDER = Path(__file__).with_name("static")
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
FOR_EVER, A_DAY = "public, max-age=31536000, immutable", "public, max-age=86400"


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    zipped: bytes | None
    kind: str
    etag: str


@cache
def every() -> dict[str, Asset]:
    """Return all files by their path in the folder: 200 kB, read once."""
    paths = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in KINDS)
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in paths}


@cache
def current() -> str:
    """Return the version of all files together. They share one version, so that a script can import another by a
    relative path.
    """
    return sha256("".join(asset.etag for asset in every().values()).encode()).hexdigest()[:12]


def address(name: str) -> str:
    """Return the URL of this file."""
    assert name in every(), f"there is no {name} in {FOLDER}"
    return url_for("console.assets.file", version=current(), name=name)


@bp.get("/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    answer = served(name)
    if version == current():
        answer.headers["Cache-Control"] = FOR_EVER
    return answer


def served(name: str) -> Response:
    asset = every().get(name)
    if asset is None:
        raise NotFound("Endpoint not found")
    zipped = asset.zipped if request.accept_encodings["gzip"] else None
    answer = Response(zipped or asset.content, content_type=asset.kind)
    answer.headers["Cache-Control"] = A_DAY
    answer.headers["Vary"] = "Accept-Encoding"
    if zipped:
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(asset.etag)
    answer.make_conditional(request)
    return answer


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    zipped = gzip.compress(content, 9, mtime=0) if path.suffix not in (".png", ".ico") else None
    return Asset(content, zipped, KINDS[path.suffix], sha256(content).hexdigest()[:20])
