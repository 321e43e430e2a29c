"""What lies in nested data, looked at without recursion: they may be of any depth, and hold themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

PLAIN = frozenset((str, int, float, bool, type(None)))


def items_in(value: object) -> Iterator[Any]:
    """``value`` and all that lies in it: the values of dicts, and what lists and tuples hold.

    Each of these comes once, however often it is in there.
    """
    waiting: list[Any] = [value]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if type(item) in PLAIN:  # most are: nothing is to be asked of them
            yield item
        elif isinstance(item, (list, tuple, dict)):
            if id(cast("object", item)) in seen:  # some hold themselves
                continue
            seen.add(id(cast("object", item)))
            yield item
            inner = cast("Any", item)
            waiting += inner.values() if isinstance(item, dict) else inner
        else:
            yield item
