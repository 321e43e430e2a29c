"""Functions of others that are replaced for a while."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

ABSENT: Any = object()


class Patches:
    """What was replaced, to be put back in the end unless somebody else has replaced it meanwhile."""

    def __init__(self) -> None:
        self._done: list[tuple[Any, str, Any, Any]] = []

    def wrap(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put ``make(stock)`` in the place of the function ``name`` of a class or an object.

        What cannot be set, as on some classes written in C, stays as it is.
        """
        stock = getattr(owner, name, None)
        if stock is None:
            return
        self.put(owner, name, functools.wraps(stock)(make(stock)))

    def put(self, owner: Any, name: str, ours: Any) -> None:
        """Put ``ours`` in the place of ``name``."""
        own: Any = getattr(owner, "__dict__", {}).get(name, ABSENT)
        try:
            setattr(owner, name, ours)
        except (AttributeError, TypeError):
            return
        self._done.append((owner, name, own, ours))

    def undo(self) -> None:
        """Put back what was there."""
        while self._done:
            owner, name, own, ours = self._done.pop()
            if owner.__dict__.get(name) is not ours:
                continue
            if own is ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, own)
