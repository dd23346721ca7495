"""What is made again and again of the same things, kept."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


def remembered(most: int) -> Callable[[Callable[[Thing], Made]], Callable[[Thing], Made]]:
    """Keeps what was made of the `most` things used last, which are told apart by identity.

    For things that nobody changes and that cannot be hashed, as `lru_cache` needs.
    """

    def decorate(make: Callable[[Thing], Made]) -> Callable[[Thing], Made]:
        kept: OrderedDict[int, tuple[Thing, Made]] = OrderedDict()  # holds the thing, or its id would go to another

        @wraps(make)
        def once(thing: Thing) -> Made:
            found = kept.pop(id(thing), None) or (thing, make(thing))
            kept[id(thing)] = found
            if len(kept) > most:
                kept.popitem(last=False)
            return found[1]

        return once

    return decorate
