"""What is said of a text, and what is not."""

import time

import pytest

from rplay.tts.speakable import speakable


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*sighs* I don't know.", "I don't know."),
        ("*Sighs heavily.* Fine.", "Fine."),
        ("No *laughs* not at all.", "No not at all."),
        ("Well… *a long silence* I see.", "Well… I see."),
        ("**Note:** *leans back* Go on.", "Note: Go on."),
        ("_nods slowly_ Yes.", "Yes."),
        ("(laughs) Okay.", "Okay."),
        ("(whispering) Okay.", "Okay."),
        ("[clears throat] So [pauses] no.", "So no."),
    ],
)
def test_stage_directions_are_not_said(text, said):
    assert speakable(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**No**, I *really* mean _it_.", "No, I really mean it."),
        ("*Never* again. *I mean it.*", "Never again. I mean it."),
        ("**very *very* much**", "very very much"),
        ("# Hello\n\n- one\n* two\n> three\n---\n```\ncode\n```", "Hello\n\none\ntwo\nthree\n\n\ncode"),
        ("__Bold__, ***both*** and ~~no~~.", "Bold, both and no."),
        ("- [ ] call\n- [x] write\n~~~\ncode\n~~~\n===", "call\nwrite\n\ncode"),
        ("| a | b |\n|---|:-:|\n| 1 | |", "a, b\n\n1"),
        ("<b>Hi</b> there,<br/>it&#39;s 5 &gt; 3 &amp; 2&nbsp;&lt; 4.", "Hi there, it's 5 > 3 & 2 < 4."),
        (r"\$5 and \*that\* is all.", "$5 and that is all."),
        ("See [the site](https://x.example/a_b) or `this`.", "See the site or this."),
    ],
)
def test_marks_are_not_said_and_their_words_are(text, said):
    assert speakable(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No way 😀!", "No way!"),
        ("✅ Done → next ⚙️ ┌─┐ ◆ ★ ok", "Done next ok"),
        ("5️⃣ people", "5 people"),
        ("👨‍👩‍👧 family 1️⃣ ⭐ 🇫🇷", "family 1"),
        ("👍🏽", ""),
        ("***", ""),
        ("*sighs* …", ""),
    ],
)
def test_emoji_are_not_said(text, said):
    assert speakable(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "He said 5*3*2 and 5 * 3 * 2, snake_case, a 401(k) at 50% — $1,000.",
        "My wife (runs a small shop) knows; so does [Name].",
        "¿Qué tal? 你好。 Grüße!",
        "First.\n\nSecond.",
    ],
)
def test_ordinary_text_stays_as_it_is(text):
    assert speakable(text) == text


def test_half_a_character_is_a_mark():
    assert speakable("Hm \ud83d.") == "Hm \ufffd."


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "_",
        "[a",
        "(laughs ",
        "*sighs ",
        "[x](",
        " *a ",
        "\n ",
        " \t",
        "- ",
        "`",
        "[",
        "| ",
        "\n|",
        "<b",
        "&amp",
        "\\",
    ],
)
def test_no_text_takes_long(piece):
    began = time.process_time()
    speakable((piece * 4000)[:4000])
    assert time.process_time() - began < 1
