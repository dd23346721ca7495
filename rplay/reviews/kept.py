"""Stores reviews as versions: those that clients send and those made by the server."""

from typing import Any
from uuid import UUID

from rplay import db
from rplay.db import Connection, reviews, simulations, users
from rplay.db.reviews import Review
from rplay.errors import Conflict, NotFound
from rplay.reviews.access import NOT_FOUND
from rplay.reviews.numbers import numbers_in


def keep_clients(simulation_id: UUID, review: dict[str, Any], by: UUID, tx: Connection) -> None:
    """Store the review that a client sent at the end of a talk. The same review sent again is stored only once.

    The caller must hold the talk's lock.
    """
    if not review:
        return
    scores = numbers_in(review)
    if reviews.add(simulation_id, "client", review, scores, by, tx) is None:
        reviews.replace_last_of_client(simulation_id, review, scores, tx)


def keep_own(simulation_id: UUID, review: dict[str, Any], by: UUID) -> Review:
    with db.transaction() as tx:
        users.keep(by, tx)
        if simulations.locked(simulation_id, tx) is None:
            raise NotFound(NOT_FOUND)
        kept = reviews.add(simulation_id, "server", review, numbers_in(review), by, tx)
    if kept is None:
        raise Conflict(TOO_MANY)
    return kept


TOO_MANY = f"There are {reviews.VERSIONS} reviews of this simulation already, the most there can be"
