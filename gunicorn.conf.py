"""gunicorn's settings, for those who start it in the source folder: rplay/server/gunicorn_config.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rplay.server.gunicorn_config import *  # noqa: F403
