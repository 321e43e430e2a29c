"""Whether a value became different: asked on the scheduler's loop, where no code of a user's may run."""

from __future__ import annotations

import numbers
from typing import Any, cast

_OURS = __name__.partition(".")[0]
_KNOWN = frozenset({"datetime", "decimal", "fractions", "pathlib", "uuid"})
"""Modules of the standard library whose objects compare themselves in no time."""


def same(a: Any, b: Any) -> bool:
    """Deep equality of two wire values: JSON, bytes, objects of the library and of some standard modules.

    What else a handler may have put in is the same only as itself: its ``__eq__`` is the user's, and may take
    any time. 1 and True are different, NaN is what NaN was.
    """
    if a is b:
        return True
    if isinstance(a, bool) or isinstance(b, bool):
        return False  # there is one of each
    try:
        if isinstance(a, str):
            return isinstance(b, str) and str.__eq__(a, b)
        if isinstance(a, bytes):
            return isinstance(b, bytes) and bytes.__eq__(a, b)
        if isinstance(a, (int, float)):
            return isinstance(b, (int, float)) and _are_equal(a, b)
        if _is_known(a):
            return _is_known(b) and bool(a == b)
        if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
            ours, theirs = cast("list[Any]", a), cast("list[Any]", b)
            return len(ours) == len(theirs) and all(map(same, ours, theirs))
        if isinstance(a, dict) and isinstance(b, dict):
            mine, yours = cast("dict[Any, Any]", a), cast("dict[Any, Any]", b)
            return mine.keys() == yours.keys() and all(same(value, yours[key]) for key, value in mine.items())
    except Exception:  # noqa: BLE001 - what cannot be compared is different
        return False
    return False


def _are_equal(a: float, b: float) -> bool:
    if isinstance(a, float):
        return float.__eq__(a, b) or (a != a and b != b)
    return float.__eq__(b, a) if isinstance(b, float) else int.__eq__(a, b)


def _is_known(value: Any) -> bool:
    """Whether the class of ``value`` is one that brings its own, quick way to compare."""
    kind = cast("type[object]", type(value))
    module = kind.__module__.partition(".")[0]
    if module == _OURS:
        return "__eq__" in vars(kind)
    return module in _KNOWN or (module == "numpy" and isinstance(value, numbers.Number))
