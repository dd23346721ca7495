"""Scenarios and assignments for tests."""

CONTENT = {
    "name": "The cover that nobody reads",
    "industry": "insurance",
    "subcategory": "life-health",
    "difficulty": "beginner",
    "task": "Find out what happens to the family if the income fails.",
    "client": {"name": "Nora Feld", "age": 41, "occupation": "Carpenter", "goals": ["Keep the workshop"]},
    "secrets": [
        {
            "about": "my heart",
            "words": ["heart", "hospital"],
            "says": ["I was in hospital with my heart in May, and told nobody."],
            "unlock": ["reason", "empathy"],
        }
    ],
    "product": ["The waiting time is six months."],
    "mustSay": [{"text": "Name the waiting time", "phrases": ["waiting time", "six months"]}],
    "mustNotSay": [{"text": "Promise a return", "phrases": ["guarantee* returns"], "severity": "high"}],
    "passMark": 6,
    "attempts": 2,
}


def scenario_of(person, **more):
    """The id of a new scenario of this trainer's."""
    answer = person.post("/api/scenarios", {"scenario": {**CONTENT, **more}})
    assert answer.status_code == 201, answer.text
    return answer.get_json()["data"]["id"]


def assigned(person, scenario, **to):
    """The id of a new assignment."""
    answer = person.post("/api/assignments", {"scenarioId": scenario, **to})
    assert answer.status_code == 201, answer.text
    return answer.get_json()["data"]["id"]
