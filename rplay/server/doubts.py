"""Finds settings that are valid but cannot have the intended effect. They are reported at each start and by `config
check`.
"""

from collections.abc import Iterator

from rplay.config import Settings, without_path
from rplay.mail import smtp


def doubts(settings: Settings) -> Iterator[str]:
    yield from without_path(settings)
    yield from smtp.doubts(settings)
