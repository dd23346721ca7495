"""A new review of a stored talk, with the life that the server keeps of its client."""

from rplay.agents.types import Difficulty
from rplay.db import simulations
from rplay.db.reviews import Review
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.reviews import access, kept, making
from rplay.web import lives
from rplay.web.auth import again
from rplay.web.fields.training import difficulty_of
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering


def difficulty_in(talk: Simulation) -> Difficulty:
    return difficulty_of(talk.difficulty) or "beginner"


def review(user: SignedIn, talk: Simulation) -> Review:
    """Made and kept as the next version; fails as `evaluation.review` does. No connection is held while it is made.

    Who may see it is looked at once more when it is there: it took a while.
    """
    difficulty = difficulty_in(talk)
    profile = talk.client_profile if isinstance(talk.client_profile, dict) else {}
    life = lives.of_talk(str(talk.id), talk.user_id, profile, talk.industry, talk.subcategory, difficulty)
    said = making.messages_in(simulations.history(talk.id))
    made = making.made(chain_of(user), parts().data, steering(), talk, said, difficulty, life)
    talk = access.seen_by(again(user), talk.id)
    access.note_seen(user, talk)
    return kept.keep_own(talk.id, made, user.id)
