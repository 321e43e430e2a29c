"""Small checks and conversions that several components share."""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any


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


def plain(value: Any) -> Any:
    """``value``, or the Python scalar in a numpy scalar or an array of one number."""
    return value.item() if hasattr(value, "dtype") and hasattr(value, "item") else value


def number_of(owner: str, value: Any) -> float | int | None:
    """``value`` as an int or float that JSON can hold: NaN and infinities become None.

    :raises TypeError: if it is no number
    """
    value = plain(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if not isinstance(value, (numbers.Real, Decimal)):
        raise TypeError(f"{owner} expects a number, got {kind_of(value)}: {value!r}")
    return float(value) if math.isfinite(value) else None


def rounded(value: float | int, precision: int | None) -> float | int:
    """``value`` to ``precision`` digits behind the point; 0 gives an int, None leaves it alone."""
    return value if precision is None else round(value) if precision == 0 else round(value, precision)


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
        warnings.warn(f"buttons={names} wins over {old_name}={old}", UserWarning, stacklevel=3)
    return button in names
