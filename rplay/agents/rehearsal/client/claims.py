"""Corrects what the advisor says about the client."""

import re
from itertools import combinations

from rplay.agents.persona.life import Figure, Subject
from rplay.agents.rehearsal.client.facts import spoken
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare, names
from rplay.agents.rehearsal.reading.amounts import amounts
from rplay.agents.rehearsal.reading.types import Amount, Claim


def confirmed(moment: Moment) -> list[str]:
    """Return corrections, with the true figure, of wrong claims about the client; an empty list if no claim is
    wrong."""
    checked = [(claim, _true(moment, claim)) for claim in moment.reading.claims]
    wrong = [true for _, true in checked if true]
    if wrong:
        return [moment.say("claim.wrong"), *wrong[:2]]
    return []


def _true(moment: Moment, claim: Claim) -> str:
    """Return the correction of a claim; empty if the claim is right or cannot be judged."""
    if claim.target is None or len(claim.amounts) > 1:
        pieces = (piece for piece in _JOINT.split(claim.text) if amounts(piece))
        wrong = (_wrong(moment, piece, _owed_or_owned(moment, piece)) for piece in pieces)
        return " and ".join(dict.fromkeys(one for one in wrong if one))
    return _wrong(moment, claim.text, moment.subject_of(claim.target))


_JOINT = re.compile(r",(?= )|;| and (?!a half)")


def _owed_or_owned(moment: Moment, piece: str) -> Subject | None:
    """Return the debt or asset that a piece of the claim names; None if it names none."""
    text = f" {bare(piece)} "
    held = (*moment.life.of_kind("debt"), *moment.life.of_kind("asset"))
    return next((one for one in held if any(names(text, word) for word in one.words)), None)


def _wrong(moment: Moment, said: str, subject: Subject | None) -> str:
    text = f" {bare(said)} "
    if subject is None or not moment.tells(subject) or not any(names(text, word) for word in subject.words):
        return ""
    judged = (one for one in amounts(said) if one.value not in _NAMES_OF_PLANS and not is_total(moment, one.value))
    wrong = (_instead(amount, subject) for amount in judged)
    return " and ".join(dict.fromkeys(one for one in wrong if one))


_TOTAL, _MOST_ADDED = 0.02, 8


def is_total(moment: Moment, said: float) -> bool:
    """Return whether this is the sum of several debts or several assets: `295,000 in savings, brokerage and 401(k)`."""
    for kind in ("debt", "asset"):
        held = [one.figures["what"].value for one in moment.life.of_kind(kind)
                if one.id not in ("debts", "assets") and "what" in one.figures][:_MOST_ADDED]  # fmt: skip
        added = (sum(those) for many in range(2, len(held) + 1) for those in combinations(held, many))
        if any(abs(value - total) <= _TOTAL * total for total in added for value in (said, 1000 * said)):
            return True
    return False


_NAMES_OF_PLANS = frozenset({401.0, 403.0, 457.0, 529.0, 401_000.0, 403_000.0, 457_000.0, 529_000.0})
_CHECKED = frozenset({"dollars", "dollars a month", "dollars a year", "percent"})


def _instead(amount: Amount, subject: Subject) -> str:
    """Return the figure that the amount should have been; empty if the amount is right, or fits no figure of the
    subject."""
    meant = [one for one in subject.figures.values() if one.unit in _CHECKED and _alike(amount, one)]
    if not meant or any(_same(amount, figure) for figure in meant):
        return ""
    nearest = min(meant, key=lambda figure: abs(figure.value - amount.value))
    return f"it's {spoken(nearest)}" + (f" on {subject.name}" if subject.kind == "debt" else "")


def _same(amount: Amount, figure: Figure) -> bool:
    return abs(amount.value - figure.value) <= 0.06 * abs(figure.value)


def _alike(amount: Amount, figure: Figure) -> bool:
    if (amount.unit or figure.unit) != figure.unit:
        return False
    return figure.value > 0 and 0.2 <= amount.value / figure.value <= 5
