"""Talks with reviews, and groups whose trainers see them."""

NOBODY = "00000000-0000-4000-8000-000000000000"
LINES = [
    {"role": "user", "content": "Good morning, I am Alice. What matters most to you about your cover?"},
    {"role": "assistant", "content": "That my family is safe, I suppose."},
    {"role": "user", "content": "You want your family to be safe. What would happen if you fell ill for a year?"},
    {"role": "assistant", "content": "I have never thought about it. We would manage for a month or two."},
]
SCORES = {"Active Listening": 4, "Building Rapport": 8}


def review_of(overall=6, scores=None, **more):
    scores = SCORES if scores is None else scores
    return {
        "overallScore": overall,
        "competencyScores": [{"name": name, "score": score} for name, score in scores.items()],
        "summary": "It went as it went.",
        **more,
    }


def talk_of(person, review=None, lines=LINES):
    """The id of a completed talk of this person's."""
    talk = person.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]
    path = f"/api/simulation/{talk['id']}"
    assert person.put(path, {"conversationHistory": lines}).status_code == 200
    body = {"total_xp": 1, "performance_review": review_of() if review is None else review}
    assert person.post(f"{path}/complete", body).status_code == 200
    return talk["id"]


def group_of(admin, name, *people):
    """The id of a new group with these people."""
    group = admin.post("/api/groups", {"name": name}).get_json()["data"]["id"]
    for person in people:
        assert admin.post(f"/api/groups/{group}/members", {"userId": person.id}).status_code == 201
    return group


def reviews_of(person, talk):
    return person.get(f"/api/simulation/{talk}/reviews").get_json()["data"]
