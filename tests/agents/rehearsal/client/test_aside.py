"""Talk about the talk: lost, said again, why not, and how the talk began."""

from agents.rehearsal.client.talking import DARNELL, RUTH, last, talk


def test_the_last_point_is_said_again() -> None:
    said = talk("Hi Ruth.", "What happened with the claim?", "sorry phone was ringing. you were saying?", profile=RUTH)
    assert "claim" in said[-1].text
    assert said[-1].text != said[-2].text


def test_lost_at_a_word() -> None:
    lines = (
        "I'd glide down the duration and keep a satellite sleeve.",
        "The sleeve has a nice beta.",
        "Have I lost you?",
    )
    assert "“" in last("Hi Ruth.", *lines, profile=RUTH)


def test_not_lost() -> None:
    assert "“" not in last("Hi Ruth.", "Term insurance is like renting.", "Have I lost you?", profile=RUTH)


def test_why_not_after_a_hurry() -> None:
    said = last("Hi Darnell.", "I just need your signature today.", "Why not?", profile=DARNELL)
    assert said.startswith("Because")


def test_the_first_thing() -> None:
    said = talk("Hi Darnell.", "What brings you in?", "How are the kids?", "What was the first thing you told me?")
    assert "first" in said[-1].text


def test_silence_brings_no_stray_fact() -> None:
    said = talk("Hi Ruth.", "How did you get into the library?", "...", "mhm", profile=RUTH)
    assert not any(char.isdigit() for line in said[-2:] for char in line.text)


def test_how_to_be_called() -> None:
    assert "Ruth" in last("Good morning, I'm Claire. May I call you Ruth, or do you prefer Mrs. Okafor?", profile=RUTH)


def test_who_comes_from_there_never_says_they_do_not_understand() -> None:
    native = {**RUTH, "background": "Came from Medellín at nineteen and stayed."}
    said = talk("Hi Ruth.", "Ojalá pudiéramos platicar con soltura de sus ahorritos.", profile=native)
    assert "no lo he entendido" not in said[-1].text
    assert "inglés" in said[-1].text
