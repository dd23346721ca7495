"""What gunicorn itself has to say, as lines like ours."""

from typing import Any

from gunicorn.glogging import Logger

from rplay.runtime.lines import Lines


class InProduction(Logger):  # type: ignore[misc]
    """gunicorn's logger, for JSON."""

    production = True

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Lines(production=self.production))


class InDevelopment(InProduction):
    production = False
