"""Generates what a client owns and owes, to fit age, income and work."""

import re
from collections.abc import Iterator
from random import Random

from rplay.agents.persona.work import status_of


def dollars(amount: float) -> str:
    return f"${amount:,.0f}"


def assets_and_debts(
    random: Random, age: int, income: int, occupation: str, wealthy: bool, home: bool
) -> tuple[list[str], list[str]]:
    """Return the assets and the debts. With `home` the client owns a home in any case."""
    owns_home = random.random() < _chance_of_home(age, income) or home
    assets = list(_assets(random, age, income, occupation, owns_home, wealthy))
    return assets[:4], list(_debts(random, age, income, occupation, owns_home))[:3]


def _chance_of_home(age: int, income: int) -> float:
    if income < 45_000 and age < 45:
        return 0.0
    return min(0.9, max(0.05, (age - 22) / 40 + (income - 60_000) / 250_000))


def _assets(random: Random, age: int, income: int, occupation: str, owns_home: bool, wealthy: bool) -> Iterator[str]:
    years = max(1, min(age, 67) - 23)
    saved = income * years * random.uniform(0.03, 0.09) * (1.6 if wealthy else 1)
    own = status_of(occupation, age) == "own"
    if saved > 2500:
        plan = "SEP IRA" if own else "403(b)" if re.search("Teacher|Nurse|Professor", occupation) else "401(k)"
        yield f"{plan}: {_rounded(saved)}"
    yield f"Savings account: {_rounded(income * random.uniform(0.04, 0.3))}"
    if owns_home:
        yield f"Home: {_rounded(income * random.uniform(2.6, 4.2))}"
    if wealthy or (income > 90_000 and random.random() < 0.6):
        yield f"Brokerage account: {_rounded(saved * random.uniform(0.3, 1.4))}"
    elif random.random() < 0.3:
        yield f"Car: {_rounded(random.uniform(7, 26) * 1000)}"


def _debts(random: Random, age: int, income: int, occupation: str, owns_home: bool) -> Iterator[str]:
    if owns_home and random.random() < max(0.1, 1.2 - age / 62):
        yield f"Mortgage: {_rounded(income * random.uniform(1.1, 2.6) * max(0.25, (70 - age) / 45))}"
    if (age < 42 and random.random() < 0.6) or occupation == "Graduate Student":
        yield f"Student loans: {_rounded(random.uniform(6, 46) * 1000)}"
    if random.random() < 0.45:
        yield f"Car loan: {_rounded(random.uniform(4, 28) * 1000)}"
    if random.random() < 0.35:
        yield f"Credit card balance: {_rounded(random.uniform(1.2, 9) * 1000)}"


def _rounded(amount: float) -> str:
    step = 10 ** max(2, len(str(int(amount))) - 2)
    return dollars(max(step, round(amount / step) * step))
