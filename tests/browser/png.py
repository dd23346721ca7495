"""Small PNGs of pages: as few colours as they need, and a picture of text needs few."""

import base64
import struct
import zlib
from typing import Any

import numpy as np

MOST_BYTES = 60_000
PALETTES = (128, 64, 32, 16, 8)  # colours; the first that is small enough is taken

PIXELS = """async (data) => {
  const image = await createImageBitmap(await (await fetch(data)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const bytes = context.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return { width: image.width, height: image.height, pixels: btoa(text) };
}"""


def small(browser: Any, png: bytes) -> bytes:
    """The same picture in at most `MOST_BYTES`; an empty page of the browser unpacks it."""
    page = browser.new_page()
    try:
        found = page.evaluate(PIXELS, f"data:image/png;base64,{base64.b64encode(png).decode()}")
    finally:
        page.close()
    rgba = np.frombuffer(base64.b64decode(found["pixels"]), np.uint8).reshape(found["height"], found["width"], 4)
    made = (_indexed(rgba[:, :, :3], colours) for colours in PALETTES)
    return next(one for one in made if len(one) <= MOST_BYTES)


def _indexed(rgb: Any, most: int) -> bytes:
    """With the colours that are used most; each pixel has the one that is nearest to it."""
    coarse = (rgb.astype(np.int32) + 4) // 8 * 8
    codes = (coarse[:, :, 0] << 20) | (coarse[:, :, 1] << 10) | coarse[:, :, 2]
    every, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    kept = every[np.argsort(-counts)[:most]]
    as_rgb = lambda code: np.stack([code >> 20, (code >> 10) & 1023, code & 1023], axis=-1)  # noqa: E731
    distance = np.abs(as_rgb(every)[:, None, :] - as_rgb(kept)[None, :, :]).sum(axis=-1)
    indexes = distance.argmin(axis=1)[places.reshape(rgb.shape[:2])].astype(np.uint8)
    height, width = indexes.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), indexes], axis=1).tobytes()
    palette = np.minimum(as_rgb(kept), 255).astype(np.uint8).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
