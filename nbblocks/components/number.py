"""Number: one number, typed in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick

from .checks import number_of, rounded
from .tools import ToolField, ToolProps


class Number(ToolField[float, float]):
    """A number to type in."""

    api_example = 3

    usual = ()

    value = t.Union([t.Int(), t.Float()], default_value=None, allow_none=True).tag(sync=True)
    placeholder = t.Unicode(None, allow_none=True).tag(sync=True)
    precision = t.Int(None, allow_none=True).tag(sync=True)
    minimum = t.Float(None, allow_none=True).tag(sync=True)
    maximum = t.Float(None, allow_none=True).tag(sync=True)
    step = t.Float(1).tag(sync=True)

    input = Event("the user changed the number")
    submit = Event("the user pressed Enter")
    focus = Event("the box came into focus")
    blur = Event("the box lost the focus")

    def __init__(
        self,
        value: float | Callable[..., Any] | None = None,
        *,
        placeholder: str | None = None,
        precision: int | None = None,
        minimum: float | None = None,
        maximum: float | None = None,
        step: float = 1,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create a box that holds ``value``.

        :param precision: digits behind the point; 0 gives ints, None does not round
        :param minimum: least number that handlers accept; it may be shown all the same, as may ``maximum``
        """
        props = {
            "value": value,
            "placeholder": placeholder,
            "precision": precision,
            "minimum": minimum,
            "maximum": maximum,
            "step": step,
        }
        super().__init__(props, shared)

    @quick
    def preprocess(self, payload: float | None) -> float | None:
        """The number, rounded.

        :raises Error: if it is out of bounds
        """
        if payload is None:
            return None
        if self.minimum is not None and payload < self.minimum:
            raise PlainError(f"{payload} is less than the minimum {self.minimum:g}")
        if self.maximum is not None and payload > self.maximum:
            raise PlainError(f"{payload} is greater than the maximum {self.maximum:g}")
        return rounded(payload, self.precision)

    @quick
    def postprocess(self, value: Any) -> float | None:
        """The number, rounded; NaN and infinities empty the box, as None does.

        :raises TypeError: if it is no number
        """
        number = None if value is None else number_of("Number", value)
        return None if number is None else rounded(number, self.precision)

    def from_page(self, raw: Any) -> float | None:
        """A finite number, or None."""
        return finite(self.type_name, raw)


def finite(owner: str, raw: Any) -> float | None:
    """What a page has sent, checked to be a finite number or None.

    :raises MessageError: if it is neither
    """
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not is_finite(raw):
        raise MessageError(f"value of {owner}: expected a finite number or null, got {shortened(raw)}")
    return raw


def is_finite(number: float) -> bool:
    """Whether it is, as a float; an int may be too large for one."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False
