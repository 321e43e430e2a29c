"""Numbers that JSON or JavaScript would change on the way between page and kernel: packed as texts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

from nbblocks.core.errors import MessageError

from .nesting import items_in

EXACT, NUMBER = "nbb:exact", "nbb:number"
"""Only keys of an object that stands for another value: a value with such numbers in it, and one of those."""
SAFE = 2**53 - 1
"""Greatest integer that JavaScript keeps apart from its neighbours."""
LONGEST = 4300
"""Digits that Python reads of an integer by itself."""


def packed(value: Any) -> Any:
    """``value`` itself if it survives the way, else an object that `unpacked` makes it of again.

    These do not: integers beyond 2**53, infinities and NaN, at any depth.
    """
    return {EXACT: _packed(value)} if _needs_packing(value) else value


def unsendable(value: Any) -> tuple[Any] | None:
    """What in ``value`` is neither of JSON's types nor binary, the first of it in a tuple; else None."""
    for item in items_in(value):
        if isinstance(item, dict):
            given = cast("dict[Any, Any]", item)
            if not all(isinstance(key, str) for key in given):
                return (given,)
        elif item is not None and not isinstance(
            item, (list, tuple, str, int, float, bytes, bytearray, memoryview)
        ):
            return (item,)
    return None


def unpacked(raw: Any) -> Any:
    """What was packed, or any other value as it is.

    :raises MessageError: if it is not of the form that `packed` makes
    """
    if not isinstance(raw, dict):
        return raw
    given = cast("dict[str, Any]", raw)
    return _unpacked(given[EXACT]) if given.keys() == {EXACT} else given


def _needs_packing(value: Any) -> bool:
    # Its own loop: whatever a page gets is looked through, and `items_in` takes almost twice as long.
    waiting: list[Any] = [value]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        kind = type(cast("object", item))  # most values are of these: nothing is to be asked of them
        if kind is str or kind is bool or item is None:
            continue
        if isinstance(item, int):
            if not -SAFE <= item <= SAFE:
                return True
        elif isinstance(item, float):
            if not math.isfinite(item):
                return True
        elif isinstance(item, (list, tuple, Mapping)):
            if id(cast("object", item)) in seen:  # some hold themselves
                continue
            seen.add(id(cast("object", item)))
            if isinstance(item, (list, tuple)):
                waiting += cast("list[Any]", item)
                continue
            if EXACT in item or NUMBER in item:
                return True
            waiting += cast("Mapping[Any, Any]", item).values()
    return False


def _packed(value: Any) -> Any:
    if isinstance(value, int):
        return value if -SAFE <= value <= SAFE else {NUMBER: int.__str__(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {NUMBER: float.__repr__(value)}
    if isinstance(value, Mapping):
        inner = {name: _packed(one) for name, one in cast("Mapping[str, Any]", value).items()}
        return {EXACT: inner} if EXACT in inner or NUMBER in inner else inner
    return [_packed(one) for one in cast("list[Any]", value)] if isinstance(value, (list, tuple)) else value


def _unpacked(raw: Any) -> Any:
    if isinstance(raw, list):
        return [_unpacked(one) for one in cast("list[Any]", raw)]
    if not isinstance(raw, dict):
        return raw
    given = cast("dict[str, Any]", raw)
    if given.keys() == {NUMBER}:
        return _number(given[NUMBER])
    if given.keys() == {EXACT} and isinstance(given[EXACT], dict):  # an object that has such a key itself
        given = cast("dict[str, Any]", given[EXACT])
    return {name: _unpacked(one) for name, one in given.items()}


def _number(text: object) -> int | float:
    try:
        if not isinstance(text, str) or len(text) > LONGEST:
            raise ValueError
        return int(text) if text.removeprefix("-").isdecimal() else float(text)
    except ValueError:
        raise MessageError(f"expected a number as a text, got {repr(text)[:60]}") from None
