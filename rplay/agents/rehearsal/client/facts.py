"""Finds answers in the life: the aspect asked about, then details, then related aspects."""

from collections.abc import Iterator, Mapping, Sequence

from rplay.agents.persona.life import ASPECTS, Figure, Kind, Subject

# Aspects to go on with after the one that was told: a subject's story comes before its figures.
_STORY = ("why", "example", "happened", "then", "feel", "worst", "since", "plan", "done", "like", "progress", "view")
# Aspects that can answer if a subject lacks the one asked about.
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "why": ("happened", "feel", "since", "like"), "since": ("when", "what"), "when": ("since", "what"),
    "feel": ("why", "sleep", "view", "what"), "happened": ("then", "why", "what"), "then": ("happened", "done", "plan"),
    "plan": ("done", "until", "when", "what"), "done": ("plan", "then", "what"), "example": ("worst", "why", "what"),
    "worst": ("example", "why", "if_not"), "cost": ("monthly", "what"), "monthly": ("what",), "rate": ("what",),
    "first": ("why", "what"), "progress": ("plan", "what"), "view": ("what",), "amount": ("what",),
}  # fmt: skip


def deeper(subject: Subject, aspect: str) -> Iterator[tuple[str, str]]:
    """Yield aspects and sentences of a subject, from the aspect that was asked about."""
    order = dict.fromkeys([aspect, *_INSTEAD.get(aspect, ()), *_STORY, *ASPECTS[subject.kind]])
    for one in order:
        for sentence in subject.says.get(one, ()):
            yield one, sentence


# kinds with a story: what the story does not tell has no answer in another aspect
_TOLD: frozenset[Kind] = frozenset({"lately", "advisor"})


def sentences_of(subject: Subject, aspect: str) -> Sequence[str]:
    """Return the sentences of an aspect, or of the nearest one that the subject has."""
    found = subject.says.get(aspect)
    if found or subject.kind in _TOLD:
        return found or ()
    near = (subject.says[one] for one in _INSTEAD.get(aspect, ()) if subject.says.get(one))
    return next(near, subject.says.get("what", ()))


def spoken(figure: Figure) -> str:
    """Return a figure as people say it: `7.4 percent`, `$8,900`."""
    value = f"{figure.value:,.{3 if figure.unit == 'percent' else 2}f}".rstrip("0").rstrip(".")
    match figure.unit:
        case "dollars":
            return f"${figure.value:,.0f}"
        case "dollars a month":
            return f"${figure.value:,.0f} a month"
        case "dollars a year":
            return f"${figure.value:,.0f} a year"
        case "percent":
            return f"{value} percent"
        case "years":
            return f"{value} years"
        case "year":
            return f"{figure.value:.0f}"
    return value


_LIST_KINDS: frozenset[Kind] = frozenset({"asset", "debt"})


def overview(subjects: Sequence[Subject], aspect: str) -> str:
    """Return one figure of several subjects as one sentence; empty if fewer than two have it."""
    known = [(one.name, figure) for one in subjects if (figure := one.figures.get(aspect))]
    if len(known) < 2:
        return ""
    parts = [_each(name, figure, subjects[0].kind, at) for at, (name, figure) in enumerate(known[:5])]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _each(name: str, figure: Figure, kind: Kind, at: int) -> str:
    if figure.unit == "dollars" and kind == "debt":
        return f"{'I owe ' if at == 0 else ''}{spoken(figure)} on {name}"
    if figure.unit == "dollars" and kind == "asset":
        return (
            f"{'There is ' if at == 0 else ''}{spoken(figure)} in {name}"
            if _holds(name)
            else f"{name} at {spoken(figure)}"
        )
    return f"{spoken(figure)} on {name}" if kind == "debt" else f"{spoken(figure)} for {name}"


def _holds(name: str) -> bool:
    return not any(word in name.lower() for word in ("house", "home", "car", "truck", "van", "condo", "rental", "land"))
