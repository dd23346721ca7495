"""A cache for functions whose argument cannot be hashed."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


def remembered(most: int) -> Callable[[Callable[[Thing], Made]], Callable[[Thing], Made]]:
    """Return a decorator that keeps the results for the `most` last used arguments, which are compared by identity.

    Use it for arguments that are never changed and cannot be hashed, which `lru_cache` would require.
    """

    def decorate(make: Callable[[Thing], Made]) -> Callable[[Thing], Made]:
        # the argument is kept too: once it was freed, another object could get its id
        kept: OrderedDict[int, tuple[Thing, Made]] = OrderedDict()

        @wraps(make)
        def once(thing: Thing) -> Made:
            found = kept.pop(id(thing), None) or (thing, make(thing))
            kept[id(thing)] = found
            if len(kept) > most:
                kept.popitem(last=False)
            return found[1]

        return once

    return decorate
