"""What a line of the advisor shows, by how the client took it."""

import pytest

from rplay.agents.rehearsal.assessment.evidence import gather

SO_FAR = (
    ("Hi, I'm Dana. What would you like to leave with?", "A plan for the kitchen, and I need it by spring."),
    ("What would the kitchen cost?", "About eighty thousand, the contractor says."),
    ("And what is it in now?", "All of it in the one fund your firm sold me."),
)  # fmt: skip


def shown(line: str, answer: str, before: tuple[tuple[str, str], ...] = SO_FAR) -> set[str]:
    said = [one for mine, theirs in (*before, (line, answer))
            for one in ({"role": "user", "content": mine}, {"role": "assistant", "content": theirs})]  # fmt: skip
    counts = gather(said).record.counts
    return {kind for kind in counts if counts[kind]}


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("I'd bring both versions. Thursday the 18th, after lunch?", "Three o'clock. Come to the diner."),
        ("Tuesday the 9th, your kitchen, ten o'clock?", "Nine. I still get up at four."),
        ("Check-in on March 2nd?", "Sure. March 2."),
        ("A meeting with both of you, say the 4th?", "She'll faint. Yeah. The 4th."),
        ("I'll bring both to you, the 17th after your shift?", "Five-thirty. And if I go with the other thing?"),
    ],
)
def test_a_day_that_is_asked_for_and_agreed_to_is_a_dated_next_step(asked, answer):
    assert {"next_step", "dated", "closing"} <= shown(asked, answer)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Thursday the 18th, after lunch?", "No. I don't want another meeting."),
        ("Did the fund fall on the 4th?", "It fell all year long."),
    ],
)
def test_a_day_that_is_refused_or_past_is_none(asked, answer):
    assert shown(asked, answer).isdisjoint({"next_step", "dated", "closing"})


@pytest.mark.parametrize("asked", ["Where do you want to start?", "What's first on your list?",
                                   "What would you need to know by the end of this call?"])  # fmt: skip
def test_who_asks_the_client_where_to_begin_agrees_on_how_the_time_is_used(asked):
    assert "agenda" in shown(f"I've read your file. {asked}", "The fees, if you don't mind my asking.", ())
    assert "agenda" not in shown("I've read your file. How was the drive?", "Fine, there was no traffic at all.", ())
