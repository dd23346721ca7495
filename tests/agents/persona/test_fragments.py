"""Fragments of a profile as the client says them: noun phrases, infinitives, gerunds and whole clauses."""

from pathlib import Path

import pytest

from rplay.agents.persona import phrasing
from rplay.agents.persona.first_person import Speaker

TABLE = [
    line.split("\t") for line in Path(__file__).with_name("fragments.tsv").read_text(encoding="utf-8").splitlines()
]


def said(kind: str, text: str) -> str:
    who = Speaker("Robin Keller", "f" if " she " in f" {text} ".lower() or " her " in f" {text} ".lower() else "m")
    if kind == "goal":
        deed, noun = phrasing.goal(text, who)
        return phrasing.gerund(deed) if deed else noun
    return phrasing.worry(text, who) if kind == "worry" else phrasing.doubt(text, who)


@pytest.mark.parametrize(("kind", "text", "told"), TABLE)
def test_a_fragment_becomes_speech(kind: str, text: str, told: str) -> None:
    assert told in said(kind, text)


def test_the_client_names_themselves_without_a_title() -> None:
    assert Speaker("Maj. Caleb Whitaker", "m").first.lower() == "caleb"
