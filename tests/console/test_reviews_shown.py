"""How a review is told: texts with their lines, breaches first, each text once at a line."""

from rplay.console.reviews_shown import told

QUOTED = "Ask on. At line 4 the client had just said “x”, and you went on with “y”. Better here: “z”"
REVIEW = {
    "moments": [{"kind": "improvement", "line": 4, "text": QUOTED, "quote": "y", "better": "z"}],
    "competencyScores": [
        {"name": "Rapport", "score": 4, "improvements": [QUOTED, "Slow down, as in line 6."]},
        {"name": "Needs", "score": 4, "improvements": [QUOTED]},
    ],
}


def test_a_text_is_told_without_the_quote_that_stands_beside_it():
    [first, second] = told(REVIEW, []).competencies[0].improvements
    assert (first.words, first.line, first.quote, first.better) == ("Ask on.", 4, "y", "z")
    assert (second.words, second.line) == ("Slow down, as in line 6.", 6)


def test_a_line_leads_once_to_what_several_competencies_tell():
    page = told(REVIEW, [])
    assert [text.id for text in page.by_line[4]] == [page.competencies[0].improvements[0].id]


def test_a_breach_has_its_rule_its_line_and_what_would_have_been_right():
    moment = {"kind": "breach", "line": 4, "text": "Line 4 breaks a rule", "quote": "y", "better": "z"}
    found = told({"breaches": [{"name": "Promises", "line": 4, "quote": "y"}], "moments": [moment]}, [])
    [breach] = found.breaches
    assert (breach.words, breach.line, breach.quote, breach.better) == ("Promises", 4, "y", "z")


def test_how_one_spoke_is_told_in_figures(app):
    spoken = {"talkShare": 61, "medianPauseMs": 1240, "wordsPerMinute": "odd", "interruptions": 2}
    with app.test_request_context("/"):
        found = told({"delivery": spoken}, []).delivery
    assert [value for _, value in found] == ["61 %", "1.2 seconds", "2"]
