"""Names that people give to things, and the slugs that stand for them in URLs and files."""

import re
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Annotated

from pydantic import AfterValidator

from rplay.errors import BadRequest
from rplay.web.body import Title
from rplay.web.views import Arguments, View, preceded

_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")


Name = Annotated[Title, AfterValidator(str.strip)]


def slug_of(name: str) -> str:
    """Return the name in lower case, with a dash for each run of other characters than letters and digits; "" if
    nothing is left.
    """
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name.lower())).strip("-")


def with_slugs(refusal: str) -> Callable[[View], View]:
    """Respond with 400 and the text `refusal` unless every argument of the path is a slug."""

    def check(arguments: Arguments, _: ExitStack) -> Arguments:
        if not all(_SLUG.fullmatch(value) for value in arguments.values() if isinstance(value, str)):
            raise BadRequest(refusal)
        return arguments

    return partial(preceded, step=check)
