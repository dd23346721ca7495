"""The product, signed in to a fake project in Azure: over plain HTTP the SDK takes a key only."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from wsgi import app  # noqa: I001  it patches, so it comes first
from fakes.foundry import Identity, sign_in_as

app.extensions["rplay"].azure._foundry._sign_in = sign_in_as(Identity())

__all__ = ["app"]
