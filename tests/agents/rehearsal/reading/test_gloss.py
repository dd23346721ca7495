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


def test_of_two_languages_the_english_is_read_unless_the_other_asks() -> None:
    said = "Lo siento mucho, eso duele más de lo que debería. Did anyone explain to you why?"
    assert spoken_in(said) == ("es", "Did anyone explain to you why?")
    asks = (
        "Brigitte was born there, I saw. Ich habe zwei Jahre in Leipzig studiert, sprechen Sie noch manchmal Sächsisch?"
    )
    assert not spoken_in(asks)[1].endswith("I saw.")
