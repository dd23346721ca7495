"""A client to talk with: small enough to know by heart."""

from rplay.agents.persona.life import Figure, Kind, Life, Subject, Unit


def _subject(
    id_: str, kind: Kind, name: str, words: str = "", says: str = "", **figures: tuple[float, Unit]
) -> Subject:
    return Subject(
        id=id_,
        kind=kind,
        name=name,
        words=tuple(words.split(", ")) if words else (),
        says={"what": (says,)} if says else {},
        figures={aspect: Figure(value=value, unit=unit) for aspect, (value, unit) in figures.items()},
    )


DARNELL = Life(
    name="Darnell Brooks",
    first_name="Darnell",
    age=43,
    subjects=(
        _subject("self", "self", "me"),
        _subject(
            "work", "work", "my job with the city", "transit authority, buses, the city", "I fix buses for the city."
        ),
        _subject("income", "income", "my pay", "pay"),
        _subject("partner", "partner", "my wife Keisha", "keisha, wife", "My wife's Keisha, we've got two kids."),
        _subject("children", "children", "my kids", "kids, children"),
        _subject("child-1", "child", "Maya", "maya"),
        _subject("child-2", "child", "Jonah", "jonah"),
        _subject("relatives", "relatives", "my folks", "folks"),
        _subject("home", "home", "the house", "house"),
        _subject(
            "asset-1", "asset", "my savings account", "savings account, savings", "There's $9,500 in savings.",
            what=(9500, "dollars"),
        ),
        _subject("asset-2", "asset", "my 457 plan", "457 plan, 457b, 457", what=(48000, "dollars")),
        _subject(
            "debt-1", "debt", "the mortgage", "mortgage", "We owe $212,000 on the house.",
            what=(212000, "dollars"), rate=(5.9, "percent"),
        ),
        _subject(
            "debt-2", "debt", "the car loan", "car loan, auto loan, car", "The car's got $14,200 left on it.",
            what=(14200, "dollars"), rate=(7.4, "percent"),
        ),
        _subject("debt-3", "debt", "the credit card", "credit card, card, cards", what=(3100, "dollars")),
        _subject("spending", "spending", "what we spend"),
        _subject("cover", "cover", "the life insurance from work", "group life"),
        _subject("estate", "estate", "my will"),
        _subject("goal-1", "goal", "paying off the card", "paying off the card"),
        _subject("goal-2", "goal", "college for the kids", "college"),
        _subject("worry-1", "worry", "leaving Keisha with the house"),
        _subject("worry-2", "worry", "being sold something"),
        _subject("lately", "lately", "what happened to Luis", "luis", "A guy I worked with, Luis, died last fall."),
        _subject("advisor", "advisor", "the insurance guy", "insurance guy"),
        _subject("risk", "risk", "risk"),
        _subject("knowledge", "knowledge", "what I know"),
        _subject("decision", "decision", "deciding"),
        _subject("meeting", "meeting", "this meeting"),
        _subject("retirement", "retirement", "retirement"),
        _subject("if", "if", "what if"),
        _subject("product", "product", "products"),
    ),
)  # fmt: skip
