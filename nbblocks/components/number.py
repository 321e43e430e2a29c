"""Number: one number, typed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick

from .checks import number_of, plain, rounded
from .tools import ToolField, ToolProps


class Number(ToolField[float, float]):
    """A number to type in.

    Integers of any length are exact both ways; infinities and NaN are shown as such. A number that a page
    sends is an int if it is a whole one: 1.0, once edited, comes back as 1.
    """

    api_example = 3

    usual = ()

    value = t.Union([t.Int(), t.Float()], default_value=None, allow_none=True).tag(
        sync=True, ts="number | bigint | null"
    )
    placeholder = t.Unicode(None, allow_none=True).tag(sync=True)
    precision = t.Int(None, allow_none=True).tag(sync=True)
    minimum = t.Union([t.Int(), t.Float()], default_value=None, allow_none=True).tag(sync=True)
    maximum = t.Union([t.Int(), t.Float()], default_value=None, allow_none=True).tag(sync=True)
    step = t.Union([t.Int(), t.Float()], default_value=1).tag(sync=True)

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
            raise PlainError(f"{payload} is less than the minimum {_short(self.minimum)}")
        if self.maximum is not None and payload > self.maximum:
            raise PlainError(f"{payload} is greater than the maximum {_short(self.maximum)}")
        return rounded(payload, self.precision)

    @quick
    def postprocess(self, value: Any) -> float | None:
        """The number, rounded; a text is read, and None, an empty text and missing values empty the box.

        :raises TypeError: if it is no number
        """
        number = number_of("Number", value)
        return None if number is None else rounded(number, self.precision)

    def from_page(self, raw: Any) -> float | None:
        """A number, or None."""
        return sent_number(self.type_name, raw)


def sent_number(owner: str, raw: Any) -> float | None:
    """What a page or Client has sent, checked to be a number or None.

    :raises MessageError: if it is neither
    """
    if raw is None:
        return None
    given = plain(raw)
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise MessageError(f"value of {owner}: expected a number or null, got {shortened(raw)}")
    return given


def _short(bound: float) -> str:
    """A bound in words: 3 for 3.0, and an integer with all its digits."""
    return str(bound) if isinstance(bound, int) else f"{bound:g}"
