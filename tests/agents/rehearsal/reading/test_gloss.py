"""Other languages, as far as they are understood."""

import pytest

from rplay.agents.rehearsal.reading.gloss import spoken_in


@pytest.mark.parametrize(
    ("line", "code", "meant"),
    [
        ("¿Cuántos hijos tiene y qué edades tienen?", "es", "how many children do you have and how old are they?"),
        ("¿Desde cuándo, y qué pasó?", "es", "since when, and what happened?"),
        ("Wie alt sind Sie, und haben Sie Kinder?", "de", "how old are you, and do you have children?"),
        ("Wie hoch ist der Zins?", "de", "what is the interest rate?"),
    ],
)
def test_a_question_is_understood(line: str, code: str, meant: str) -> None:
    assert spoken_in(line) == (code, meant)


@pytest.mark.parametrize(
    "line", ["El zorro plateado brincó sobre aquella cerca vieja.", "Combien d'enfants avez-vous, madame ?"]
)
def test_what_is_not_understood_stays_as_it_is(line: str) -> None:
    assert spoken_in(line)[1] == line


def test_english_stays_english() -> None:
    assert spoken_in("How old are the kids?") == ("en", "How old are the kids?")
