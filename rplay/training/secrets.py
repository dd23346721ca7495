"""Puts the secrets of a scenario into a client's life, in place of generated ones."""

from collections.abc import Sequence

from rplay.agents.persona.life import SCENARIO_SECRET, Life, Subject
from rplay.training.scenario import Secret

_MADE_UP = "hidden-"


def told(life: Life, secrets: Sequence[Secret]) -> Life:
    """Return the life with these secrets; unchanged if the scenario has none."""
    if not secrets:
        return life
    others = [one for one in life.subjects if not one.id.startswith(_MADE_UP)]
    own = [_subject(place, one) for place, one in enumerate(secrets, 1)]
    return life.model_copy(update={"subjects": (*others, *own)})


def _subject(place: int, secret: Secret) -> Subject:
    return Subject(
        id=f"{SCENARIO_SECRET}{place}",
        kind="worry",
        name=secret.about,
        words=tuple(word.lower() for word in secret.words),
        says={"what": tuple(secret.says)},
        reserve=2,
        unlock=tuple(dict.fromkeys(secret.unlock)),
    )
