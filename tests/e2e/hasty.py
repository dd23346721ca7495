"""The application for gunicorn, with some waiting times changed: TEST_CONSTANTS={"rplay.runtime.shutdown.GRACE_SECONDS": 1}."""

import json
import os
from importlib import import_module

from wsgi import app  # patches first

__all__ = ["app"]

for name, value in json.loads(os.environ["TEST_CONSTANTS"]).items():
    module, _, constant = name.rpartition(".")
    assert hasattr(import_module(module), constant), name
    setattr(import_module(module), constant, value)
