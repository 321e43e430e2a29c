"""Small checks and conversions that several components share."""

from __future__ import annotations

import math
import numbers
import operator
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, SupportsFloat, SupportsIndex, cast

from nbblocks.core.places import warn

NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|[+-]?(inf(inity)?|nan)", re.IGNORECASE)
"""A number as a text, in the form that Python and JSON share."""
MISSING = ("NAType", "NaTType")
"""Classes of what pandas says for a value that is not there."""
MOST_DIGITS = 4000
"""Digits of an integer that can still be written down in a moment."""


def one_of(owner: str, name: str, value: object, allowed: Sequence[object]) -> None:
    """Check a parameter.

    :raises ValueError: if ``value`` is not among ``allowed``
    """
    if value not in allowed:
        listed = ", ".join(map(repr, allowed))
        raise ValueError(f"{name} of {owner} must be one of {listed}, got {value!r}")


def kind_of(value: object) -> str:
    """Name of the class of ``value``; for where ``type`` is a parameter."""
    return type(value).__name__


def is_missing(value: object) -> bool:
    """Whether ``value`` is None, or what pandas and numpy say for a value or a time that is not there."""
    return value is None or kind_of(value) in MISSING or (is_numpy_time(value) and str(value) == "NaT")


def is_numpy_time(value: object, *, several: bool = False) -> bool:
    """Whether it is a time, a date or a duration of numpy; with ``several`` an array of them."""
    is_time = getattr(getattr(value, "dtype", None), "kind", "") in ("M", "m")
    return is_time and (getattr(value, "ndim", 0) > 0) is several


def is_zero_d(value: object) -> bool:
    """Whether it is an array of no dimension, which has the methods of a sequence and is none."""
    return getattr(value, "ndim", None) == 0


def plain(value: Any) -> Any:
    """``value``, or the Python scalar in a scalar of numpy or its like, or in an array of one."""
    if not (hasattr(value, "dtype") and hasattr(value, "item")):
        return value
    try:
        return value.item()
    except (ValueError, TypeError, RuntimeError):  # an array of several: its user says what it expects
        return value


def named(value: object) -> str:
    """``value`` in an error message: its class, and what it is, shortened."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - the user's __repr__ may raise anything
        return kind_of(value)
    return f"{kind_of(value)}: {text if len(text) <= 80 else text[:79] + '…'}"


def text_of(owner: str, value: object) -> str:
    """``str(value)``.

    :raises TypeError: if it has none
    """
    try:
        return str(value)
    except Exception as error:  # an integer of thousands of digits, or the user's __str__
        raise TypeError(f"{owner} expects a text, got {named(value)}, which has none: {error}") from error


def number_of(owner: str, value: Any) -> float | int | None:
    """``value`` as an int or float: of a number, a text that tells one, or what turns into one.

    None, an empty text, and what pandas says for a missing value give None. An integer stays one; a Decimal
    or Fraction that no float can hold is one too.

    :raises TypeError: if it is no number
    :raises ValueError: for an integer that is too long
    """
    if is_missing(value):
        return None
    value = value if is_numpy_time(value) else plain(value)
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if not NUMERAL.fullmatch(text) or len(text) > MOST_DIGITS:
            raise TypeError(f"{owner} expects a number, or a text such as '1.5', got {named(value)}")
        value = int(text) if text.lstrip("+-").isdecimal() else _nearest(Decimal(text))
    if isinstance(value, float):
        return float(value)
    if not is_numpy_time(value) and getattr(value, "ndim", 0) == 0:
        if isinstance(value, numbers.Integral) or hasattr(value, "__index__"):
            return short(owner, operator.index(cast("SupportsIndex", value)))
        if isinstance(value, (numbers.Real, Decimal)):
            return short(owner, _nearest(value))
        if hasattr(value, "__float__"):
            return float(cast("SupportsFloat", value))
    raise TypeError(f"{owner} expects a number, or a text such as '1.5', got {named(value)}")


def _nearest(value: Any) -> float | int:
    """The float that is nearest; an int if the number is a whole one that no float can hold."""
    try:
        near = float(value)
    except OverflowError:
        near = math.inf
    if math.isfinite(near) and (near == value or abs(near) < 2**53):
        return near
    if isinstance(value, Decimal):
        if not value.is_finite():
            return near
        if value.adjusted() >= MOST_DIGITS:
            raise ValueError(f"a number of at most {MOST_DIGITS} digits is expected, got {value}")
    return int(value) if value == int(value) else near


def short(owner: str, number: float | int) -> float | int:
    """``number``, which can be written down in a moment.

    :raises ValueError: for an integer that is too long
    """
    if isinstance(number, int) and number.bit_length() > 3 * MOST_DIGITS:
        raise ValueError(
            f"{owner} expects a number of at most {MOST_DIGITS} digits, got an integer of "
            f"{number.bit_length()} bits"
        )
    return number


def rounded(value: float | int, precision: int | None) -> float | int:
    """``value`` to ``precision`` digits behind the point; 0 gives an int, None leaves it alone.

    Infinities and NaN stay what they are.
    """
    if precision is None or (isinstance(value, float) and not math.isfinite(value)):
        return value
    return round(value) if precision == 0 else round(value, precision)


def shows(button: str, buttons: Iterable[Any] | None, old: bool | None, old_name: str) -> bool | None:
    """Whether a small button is shown, asked for by ``buttons`` or an older parameter (CP-200).

    None if neither was given.

    :raises TypeError: if ``buttons`` holds anything but names
    """
    if buttons is None:
        return old
    names = list(buttons)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"buttons must be names such as 'copy', got {kind_of(name)}: {name!r}")
    if old is not None and old != (button in names):
        warn(f"buttons={names} wins over {old_name}={old}")
    return button in names
