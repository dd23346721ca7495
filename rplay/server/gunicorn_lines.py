"""Makes gunicorn's own log messages look like rplay's."""

from typing import Any

from gunicorn.glogging import Logger

from rplay.runtime.lines import Lines


class InProduction(Logger):  # type: ignore[misc]
    """gunicorn's logger with JSON lines."""

    production = True

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Lines(production=self.production))


class InDevelopment(InProduction):
    production = False
