"""What the client owns and owes: sums from the profile, with rates, years and payments that fit them."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from rplay.agents.persona.dice import Dice
from rplay.agents.persona.given import Given, Holding, amount_of
from rplay.agents.persona.grammar import article, is_of, lower_title, rounded
from rplay.agents.persona.place import Place
from rplay.agents.persona.stated import debt_year
from rplay.agents.persona.tables import table, words
from rplay.agents.persona.work import NOW, NUMBER, Work, count_of


@dataclass(frozen=True)
class Asset:
    kind: str  # the name of a section in holdings.toml
    name: str  # as the client speaks of it, such as "the 401(k)"
    noun: str  # the name without its article
    amount: float
    told: bool  # whether the profile gives the sum
    text: str
    since: int
    rate: float  # in percent a year
    monthly: int
    where: str

    @property
    def invested(self) -> bool:
        return self.kind in _INVESTED

    @property
    def liquid(self) -> bool:
        return self.kind in _LIQUID


@dataclass(frozen=True)
class Debt:
    kind: str
    name: str
    noun: str
    amount: float
    told: bool
    text: str
    since: int
    rate: float
    monthly: int
    until: int
    lender: str

    @property
    def left(self) -> int:
        return self.until - NOW

    @property
    def variable(self) -> bool:
        return self.kind in ("card", "heloc", "business")


_INVESTED = frozenset({"workplan", "ira", "brokerage", "college", "stock", "funds", "bonds", "hsa"})
_LIQUID = frozenset({"savings", "checking", "cd"})


@cache
def _kinds(side: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rf"(?i)\b(?:{entry['match']})")) for kind, entry in table("holdings")[side].items())


_ELSEWHERE = re.compile(
    r"\b(?:(?:beach|lake|vacation|summer) (?:house|home|condo)|rental|duplex|cabin|cottage|shop|building|store"
    r"|commercial|land|camp)\b"
)


def is_let(noun: str) -> bool:
    """Return whether a mortgage is on something else than the home."""
    return bool(_ELSEWHERE.search(noun.lower()))


def kind_of(side: str, name: str) -> str:
    return next((kind for kind, pattern in _kinds(side) if pattern.search(name)), "other")


# -- assets ------------------------------------------------------------------------------------------------------------


def assets_of(given: Given, work: Work, age: int, place: Place, income: float, dice: Dice) -> tuple[Asset, ...]:
    held = given.assets if given.assets is not None else tuple(_invented_assets(work, age, income, dice))
    held = tuple(one for one in held if not is_insurance(one) and not is_pension(one))
    bought = told_purchase(given.background)
    made = (_asset(one, index, work, age, place, income, dice) for index, one in enumerate(held))
    return tuple(replace(one, since=bought) if bought and one.kind == "home" else one for one in made)


_BOUGHT = re.compile(
    r"\b(?:bought|built|moved into|purchased|closed on)\b[^.;]{0,40}?\b(?:house|home|condo|townhouse|place"
    r"|bungalow|duplex)\b"
    r"[^.;]{0,30}?(?: in ((?:19|20)\d\d)\b| (\w+) years ago\b)"
)


def told_purchase(background: str) -> int | None:
    """Return the year in which the home was bought; None if the background does not say."""
    hit = _BOUGHT.search(background)
    if hit and hit[1]:
        return int(hit[1])
    return NOW - count_of(hit[2].lower()) if hit and re.fullmatch(NUMBER, hit[2].lower()) else None


_INSURANCE = re.compile(
    r"\b(?:term|group|burial|funeral) (?:life|policy|insurance|cover)|\bterm life|\b[sfv]e?gli\b"
    r"|\blife (?:cover|insurance) through\b"
)


def is_insurance(held: Holding) -> bool:
    """Return whether a holding is a policy without a cash value: it counts as insurance, not as an asset."""
    text = f"{held.name} {held.text}".lower()
    return bool(_INSURANCE.search(text)) and "cash value" not in text


def is_pension(held: Holding) -> bool:
    """Return whether a holding is a pension that pays by the month, or of which no sum is told: it is no asset."""
    told = held.amount is not None and not re.search(r"^[^$]*\$[\d,.]+ ?(?:(?:a|per) month|/ ?mo)", held.text)
    return kind_of("assets", held.name) == "pension" and not told


def _invented_assets(work: Work, age: int, income: float, dice: Dice) -> Iterator[Holding]:
    """Yield what people of this age and income usually own, for a profile that says nothing of assets."""
    saved = income * max(1, min(age, 66) - 24) * (0.03 + dice.share("saved") * 0.06)
    if saved > 4000 and work.status in ("employed", "retired"):
        yield Holding("401(k)", rounded(saved), "")
    yield Holding("savings account", rounded(income * (0.05 + dice.share("cash") * 0.2)), "")


def _asset(held: Holding, index: int, work: Work, age: int, place: Place, income: float, dice: Dice) -> Asset:
    held = replace(held, name=_plain(held.name))
    kind = "rental" if _LET.search(held.name) else kind_of("assets", held.name)
    entry = table("holdings")["assets"][kind]
    key = f"asset {index}"
    low, high = entry["rate"]
    amount = held.amount if held.amount is not None else _likely(entry, income, place, dice, key)
    return Asset(
        kind=kind,
        name=_spoken(held.name, entry),
        noun=_noun(held.name, entry),
        amount=amount,
        told=held.amount is not None,
        text=held.text,
        since=_asset_since(kind, work, age, held.text, dice, key),
        rate=told
        if (told := _told_rate(held.text)) is not None
        else round(low + dice.share(f"{key} rate") * (high - low), entry.get("digits", 1)),
        monthly=_monthly_in(kind, work, income, dice, key),
        where=_where(kind, work, dice, key),
    )


def _likely(entry: dict[str, float], income: float, place: Place, dice: Dice, key: str) -> float:
    """Return a likely sum for something that the profile names without one."""
    if "of_income" in entry:
        return rounded(income * entry["of_income"] * (0.7 + 0.6 * dice.share(f"{key} sum")))
    return rounded(entry.get("sum", 9000) * place.level * (0.7 + 0.6 * dice.share(f"{key} sum")))


def _asset_since(kind: str, work: Work, age: int, text: str, dice: Dice, key: str) -> int:
    told = re.search(r"(?:since|in|from|bought) ((?:19|20)\d\d)\b", text)
    grown = NOW - age + 19
    if told and grown <= int(told[1]) <= NOW:
        return int(told[1])
    if kind == "vehicle":
        year = re.search(r"\b(20[0-2]\d)\b", text)
        return max(grown, min(NOW - 1, int(year[1]) if year else dice.between(f"{key} since", 2016, 2024)))
    if kind == "workplan":
        return max(grown, 1985, min(NOW - 1, work.began + 1 if dice.chance(f"{key} old", 55) else work.since))
    earliest = max(grown + 2, NOW - 24)
    latest = NOW - 1 if kind in ("cd", "savings", "checking", "crypto") else NOW - 3
    return max(grown, min(NOW - 1, dice.between(f"{key} since", min(earliest, latest), latest)))


def spread(assets: tuple[Asset, ...], saves: int, employed: bool) -> tuple[Asset, ...]:
    """Return the assets with the monthly savings shared out among them, so that the parts add up to `saves`."""
    savers = [one for one in assets if one.monthly and not (employed and one.kind in _PAYROLL)]
    weight = sum(one.monthly for one in savers)
    shares = {id(one): 25 * int(saves * one.monthly / weight / 25) for one in savers}
    if savers:
        shares[id(savers[0])] += saves - sum(shares.values())
    return tuple(replace(one, monthly=shares[id(one)]) if id(one) in shares else one for one in assets)


# paid from the salary before it is paid out, so these take no share of what is saved
_PAYROLL = frozenset({"workplan", "hsa"})


def _monthly_in(kind: str, work: Work, income: float, dice: Dice, key: str) -> int:
    """Return what is saved in this asset each month; 0 for people who earn nothing."""
    if work.status in ("retired", "jobless", "home"):
        return 0
    shares = {
        "workplan": 0.06,
        "ira": 0.02,
        "savings": 0.02,
        "brokerage": 0.025,
        "college": 0.015,
        "hsa": 0.012,
        "funds": 0.02,
    }
    share = shares.get(kind, 0)
    if not share or dice.chance(f"{key} idle", 15 if kind == "workplan" else 30):
        return 0
    amount = income * share * (0.6 + 0.8 * dice.share(f"{key} monthly")) / 12
    most = {"workplan": 1950, "ira": 600, "hsa": 350}.get(kind, 3000)
    return int(min(most, max(25, round(amount / 25) * 25)))


def _where(kind: str, work: Work, dice: Dice, key: str) -> str:
    if kind in ("workplan", "hsa"):
        return (
            f"through {work.employer}"
            if work.status in ("employed", "retired")
            else f"at {dice.one(key, words('places', 'brokers'))}"
        )
    if kind in ("savings", "checking", "cd"):
        return f"at {dice.one(key, words('places', 'banks'))}"
    if kind in ("annuity", "life_policy"):
        return f"with {dice.one(key, words('places', 'insurers'))}"
    return f"at {dice.one(key, words('places', 'brokers'))}" if kind in _INVESTED else ""


# -- debts -------------------------------------------------------------------------------------------------------------


def debts_of(given: Given, age: int, assets: tuple[Asset, ...], dice: Dice) -> tuple[Debt, ...]:
    if given.debts is None:
        return ()
    return tuple(
        _debt(one, index, age, assets, dice, debt_year(one.name, given)) for index, one in enumerate(given.debts)
    )


def _debt(held: Holding, index: int, age: int, assets: tuple[Asset, ...], dice: Dice, told: int | None) -> Debt:
    held = replace(held, name=_plain(held.name))
    kind = kind_of("debts", held.name)
    entry = table("holdings")["debts"][kind]
    key = f"debt {index}"
    since = max(NOW - age + 18, told) if told else _debt_since(kind, age, assets, dice, key)
    rate = _told_rate(held.text)
    if rate is None:
        rate = 0.0 if re.search(r"\bbills?\b", held.name.lower()) else _debt_rate(kind, since, dice, key)
    amount = held.amount if held.amount is not None else entry["sum"]
    monthly, left = _payment(kind, amount, rate, age, since, held.text, dice, key)
    lender = words("places", "banks")
    return Debt(
        kind=kind,
        name=_spoken(held.name, entry),
        noun=_noun(held.name, entry),
        amount=amount,
        told=held.amount is not None,
        text=held.text,
        since=since,
        rate=rate,
        monthly=monthly,
        until=NOW + left,
        lender=_told_lender(held.name) or entry.get("lender") or dice.one(f"{key} lender", lender),
    )


_LENDERS = re.compile(
    r"\b(?:Farm Credit|Discover|Citi|Chase|American Express|Amex|Capital One|Wells Fargo|Navy Federal|USAA|Best Buy"
    r"|Home Depot|Sallie Mae|Bank of America)\b"
)


def _told_lender(name: str) -> str:
    """Return the lender whom the name of a debt tells: `Farm Credit mortgage`; empty if it tells none."""
    hit = _LENDERS.search(name)
    return hit[0] if hit else ""


_TERMS = {"mortgage": 30, "car": 6, "student": 20, "heloc": 15, "personal": 5, "business": 8, "medical": 3, "family": 5,
          "tax": 4, "card": 6, "plan_loan": 5, "other": 5}  # fmt: skip


_PROPERTY = re.compile(
    r"(?i)\b(?:building|motels?|hotel|cabins?|land|farm|shop|store|property|commercial|real estate|barn|parlor"
    r"|lot|dairy|rental"
    r"|warehouse|church|orchard)\b[^:]*\b(?:loans?|note|mortgage)\b"
)
_ON_PROPERTY = 20  # years


_LARGE, _LEAST = 100_000, 12  # dollars, years


def _debt_since(kind: str, age: int, assets: tuple[Asset, ...], dice: Dice, key: str) -> int:
    grown = NOW - age + 19
    if kind == "mortgage" and (home := next((one for one in assets if one.kind == "home"), None)):
        return max(home.since, grown)
    if kind == "student":
        return max(NOW - 18, min(NOW - 1, grown + dice.between(f"{key} since", 0, 4)))
    longest = {"mortgage": 22, "card": 6, "heloc": 6, "medical": 2, "car": 4}.get(kind, 4)
    return max(grown, NOW - dice.between(f"{key} since", 1, longest))


def _debt_rate(kind: str, since: int, dice: Dice, key: str) -> float:
    low, high = map(float, table("holdings")["debts"][kind]["rate"])
    if kind == "mortgage":
        spans = (
            (2009, 5.1, 6.4),
            (2012, 4.0, 5.0),
            (2019, 3.5, 4.6),
            (2021, 2.75, 3.4),
            (2022, 4.0, 5.5),
            (2030, 6.0, 7.1),
        )
        low, high = next((from_, to) for until, from_, to in spans if since <= until)
        return round(round((low + dice.share(f"{key} rate") * (high - low)) * 8) / 8, 3)
    return round(low + dice.share(f"{key} rate") * (high - low), 1)


def _payment(
    kind: str, amount: float, rate: float, age: int, since: int, text: str, dice: Dice, key: str
) -> tuple[int, int]:
    """Return the monthly payment, and the years until the debt is paid off, which follow from each other."""
    told = re.search(r"(\$[\d,]+)(?:\.\d+)? ?(?:/|per|a|each) ?mo", text)
    if told and (paid := amount_of(told[1])) and paid > amount * rate / 1200:
        return int(paid), years_to_pay(amount, rate, paid)
    term = _ON_PROPERTY if _PROPERTY.search(text) and kind in ("business", "other", "personal") else _TERMS[kind]
    left = max(2, term - (NOW - since))
    if kind == "card":
        left = dice.between(f"{key} left", 2, 4)
    if kind == "mortgage" and age > 55:
        left = min(left, max(4, 74 - age))
    if kind == "mortgage" and amount > _LARGE:
        left = max(left, _LEAST)  # borrowed on again since, else so much would not be left
    monthly = payment(amount, rate, left)
    return max(15, int(round(monthly / 5) * 5) if monthly < 1000 else int(round(monthly / 10) * 10)), left


def payment(amount: float, rate: float, years: int) -> float:
    """Return the monthly payment that pays the amount off in this number of years."""
    monthly = rate / 1200
    if not monthly:
        return amount / (years * 12)
    return amount * monthly / (1 - math.pow(1 + monthly, -12 * years))


def years_to_pay(amount: float, rate: float, paid: float) -> int:
    monthly = rate / 1200
    months = amount / paid if not monthly else -math.log(1 - amount * monthly / paid) / math.log(1 + monthly)
    return max(1, min(40, math.ceil(months / 12)))


# -- both --------------------------------------------------------------------------------------------------------------


def _told_rate(text: str) -> float | None:
    hit = re.search(r"(\d{1,2}(?:\.\d{1,3})?) ?(?:%|percent)(?! (?:stake|share|of|ownership|owner|interest in))", text)
    return float(hit[1]) if hit and float(hit[1]) < 40 else None


_LET = re.compile(r"(?i)\brental\b|\brented out\b")
_BESIDE = re.compile(
    r" and \d[\d,]* acres.*|,? at \d[\d.]* ?(?:%|percent).*|, (?:now|paid|mostly|mainly|all|two|three|four|his"
    r"|her|their|not|still|shared"
    r"|both|jointly|fully|in|on|cash"
    r"|about|from|inherited|bought|\d[\d,]* acres)\b.*| \d[\d,]* acres.*"
)


def _plain(name: str) -> str:
    """Return the name without remarks on it, and in the client's words: `Camp on a pond, shared with his brother` is
    `Camp on a pond`."""
    name = _BESIDE.sub("", name) or name
    return re.sub(r"\b(?:his|her|their)\b", lambda hit: "our" if hit[0] == "their" else "my", name)


def _noun(name: str, entry: dict[str, str]) -> str:
    name = re.sub(r"\s*\((?:from|about|offer|both|equipment|\d+ acres|inherited)\b[^)]*\)?", "", name)
    name = re.sub(r"(?:: (?:vested|paid off|unknown|n/a)\b.*| \((?:lives|rents|rented|let)\b.*)", "", name)
    name = re.sub(r" \((?!\w+\))[^()]*\)?$", "", name) or name
    noun = re.sub(r"(?i)^(?:an?|the|my|our|his|her|their|some|small|modest)\s+", "", lower_title(name.strip()))
    if re.fullmatch(r"(?:(?:primary|family|own) )?(?:home|residence)", noun):
        return "house"
    noun = noun[:60].strip(" ()-–:;,./&'\"+=*?!") + (")" if re.search(r"\(\w+\)$", noun) else "")
    return noun if re.search(r"[^\W_]", noun) else entry["name"]


def _spoken(name: str, entry: dict[str, str]) -> str:
    """Return the name with `the` or `my`, for something that was already mentioned."""
    noun = _noun(name, entry)
    # the noun names its owner already, as in `Claire's student loan`
    owned = noun.startswith(("our ", "my ")) or _OWNED.match(noun)
    return noun if owned else f"{entry.get('own', 'the')} {noun}"


_OWNED = re.compile(r"[A-Z][\w-]+['’]s? ")


def is_plural(noun: str) -> bool:
    """Return whether the noun takes `are`: `lifts and tools` and `certificates of deposit` do, `business` does not."""
    head = re.split(r" (?:with|of|for|at|from|on|in|worth|through)\b| \(|[,:;]", noun)[0].strip()
    return " and " in head or (head.endswith("s") and not re.search(r"(?:ss|us|is|[A-Z]S|[Ss]avings)$", head))


def with_article(noun: str) -> str:
    """Return the noun with an article if it needs one: `a 401(k)`, `a savings account`, `student loans`."""
    if _OWNED.match(noun):
        return noun
    head = re.split(r" (?:with|of|for|at|from|on|in|worth|through)\b| \(|[,:;]", noun)[0].strip()
    last = head.split(" ")[-1].lower() if head else ""
    return article(noun) if is_of("countable", last) or re.fullmatch(r"\d{3}\([a-z]\)", head) else noun
