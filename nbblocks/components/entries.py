"""What a user enters in a cell, in the type that its column has."""

from __future__ import annotations

import contextlib
import datetime
import json
import math
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

DAY = re.compile(r"[+-]?\d{4,}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?")
"""Dates that mean the same everywhere."""


class UnfitError(ValueError):
    """Raised if a column cannot hold what was entered, as it was entered."""


def integer(cell: Any, least: float = -math.inf, most: float = math.inf) -> int:
    """``cell`` as an integer, every digit of it.

    :raises UnfitError: if it is none, or beyond these limits
    """
    found: int | None = None
    if isinstance(cell, int) and not isinstance(cell, bool):
        found = cell
    elif isinstance(cell, float) and cell.is_integer():
        found = int(cell)
    elif isinstance(cell, str) and re.fullmatch(r"[+-]?\d{1,4000}", cell.strip()):
        found = int(cell)
    if found is None or not least <= found <= most:
        raise UnfitError(cell)
    return found


def real(cell: Any, rounded: Callable[[Any], float] = float) -> float:
    """``cell`` as a float. An integer that it could not hold is none; so is what would become infinite.

    :param rounded: what makes a narrower float of it
    :raises UnfitError: if it is none
    """
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise UnfitError(cell)
    try:
        exact = Decimal(cell.strip() if isinstance(cell, str) else cell)
        found = float(rounded(cell if isinstance(cell, float) else float(exact)))
    except (InvalidOperation, OverflowError, ValueError):
        raise UnfitError(cell) from None
    whole = isinstance(cell, int) or (isinstance(cell, str) and re.fullmatch(r"[+-]?\d+", cell.strip()))
    if exact.is_finite() and (not math.isfinite(found) or (whole and found != exact)):
        raise UnfitError(cell)
    return found


def boolean(cell: Any) -> bool:
    """``cell`` as a bool.

    :raises UnfitError: if it is none
    """
    if isinstance(cell, bool):
        return cell
    found = {"true": True, "false": False}.get(cell.strip().lower()) if isinstance(cell, str) else None
    if found is None:
        raise UnfitError(cell)
    return found


def day(cell: Any) -> str:
    """``cell`` as the text of a date, with or without a time.

    :raises UnfitError: if it is none, or may mean several
    """
    if not isinstance(cell, str) or not DAY.fullmatch(cell.strip()):
        raise UnfitError(cell)
    return cell.strip()


def like(cell: Any, neighbours: Iterable[Any]) -> Any:
    """``cell`` as a column of objects takes it: in their type, if all are of one that texts can be read as.

    Anything else stays as it was entered: such a column holds all.
    """
    kinds: set[Any] = {type(one) for one in neighbours if not missing(one)}
    if cell is None or not kinds:
        return cell
    try:
        if kinds <= {int, float, Decimal}:
            return _number(cell, kinds)
        kind = kinds.pop() if len(kinds) == 1 else None
        read: Callable[[Any], Any] | None = READERS.get(kind) if kind is not None else None
        return cell if read is None else read(cell)
    except (ValueError, InvalidOperation):  # an UnfitError too
        return cell


def missing(value: Any) -> bool:
    """Whether it stands for a cell without a value: None, NaN, NaT or NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, Decimal)) and math.isnan(value)


def _number(cell: Any, kinds: set[Any]) -> Any:
    if isinstance(cell, bool):
        raise UnfitError(cell)
    if kinds == {Decimal}:
        return Decimal(cell if isinstance(cell, (str, int)) else repr(cell))
    if isinstance(cell, float):
        return cell
    whole = None
    with contextlib.suppress(UnfitError):
        whole = integer(cell)
    if whole is None:
        return real(cell)
    return float(whole) if kinds == {float} and abs(whole) <= 2**53 else whole


def _container(kind: Any) -> Callable[[Any], Any]:
    def read(cell: Any) -> Any:
        found = json.loads(cell) if isinstance(cell, str) else cell
        if kind in (tuple, set, frozenset) and isinstance(found, list):
            return cast("Any", kind(cast("list[Any]", found)))
        if not isinstance(found, kind):
            raise UnfitError(cell)
        return found

    return read


def _parsed(kind: Any) -> Callable[[Any], Any]:
    def read(cell: Any) -> Any:
        if not isinstance(cell, str):
            raise UnfitError(cell)
        return kind(cell.strip())

    return read


def _complex(text: str) -> complex:
    return complex(text.replace(" ", ""))


READERS: Mapping[type, Callable[[Any], Any]] = {
    bool: boolean,
    complex: _parsed(_complex),
    datetime.date: _parsed(datetime.date.fromisoformat),
    datetime.datetime: _parsed(datetime.datetime.fromisoformat),
    datetime.time: _parsed(datetime.time.fromisoformat),
    uuid.UUID: _parsed(uuid.UUID),
    **{kind: _container(kind) for kind in (list, dict, tuple, set, frozenset)},
}
