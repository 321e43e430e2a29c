"""Slider: one number picked from a bounded scale."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.component import FieldProps
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick

from .button import Button
from .checks import number_of, rounded
from .number import sent_number
from .tools import ToolField


class Slider(ToolField[float, float]):
    """A number picked from a bounded scale.

    Integers of any length are exact both ways. What a handler returns is shown as it is, an infinity or NaN
    too; only what lies on the scale comes back.
    """

    value = t.Union([t.Int(), t.Float()], default_value=0).tag(sync=True, ts="number | bigint")
    minimum = t.Union([t.Int(), t.Float()], default_value=0).tag(sync=True)
    maximum = t.Union([t.Int(), t.Float()], default_value=100).tag(sync=True)
    step = t.Union([t.Int(), t.Float()], default_value=1).tag(sync=True)
    precision = t.Int(None, allow_none=True).tag(sync=True)

    derived = {**ToolField.derived, "minimum": ("step",), "maximum": ("step",)}

    input = Event("the user moved the handle")
    release = Event("the user let go of the handle")

    def __init__(
        self,
        minimum: float = 0,
        maximum: float = 100,
        value: float | Callable[..., Any] | None = None,
        *,
        step: float | None = None,
        precision: int | None = None,
        randomize: bool = False,
        buttons: Sequence[str | Button] | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create a slider at ``value``, or at ``minimum`` if that is None.

        :param step: distance of two values; None takes the power of ten that gives 100 to 1000 of them
        :param precision: digits behind the point; 0 gives ints, None does not round
        :param randomize: start at a random place in each session
        :param buttons: ``["reset"]`` (or None) shows the button that goes back to the start, ``[]`` does not;
            Buttons of your own stand beside the caption
        :raises ValueError: if ``minimum`` is not below ``maximum``
        """
        if not minimum < maximum:
            raise ValueError(f"Slider needs minimum < maximum, got {minimum} and {maximum}")
        distance = usual_step(minimum, maximum) if step is None else step
        self._scale = minimum, maximum, distance
        props = {
            "value": self.get_random_value if randomize else value,
            "minimum": minimum,
            "maximum": maximum,
            "step": distance,
            "precision": precision,
        }
        super().__init__(props, {**shared, "buttons": buttons})

    def get_random_value(self) -> float:
        """A random place of the scale, where a ``randomize`` slider starts."""
        minimum, maximum, step = self._scale
        return round(minimum + step * random.randint(0, math.floor((maximum - minimum) / step)), 10)

    @quick
    def preprocess(self, payload: float | None) -> float | None:
        """The number.

        :raises Error: if it is out of bounds
        """
        if payload is None:
            return None
        if not self.minimum <= payload <= self.maximum:
            raise PlainError(f"{payload} is not between {self.minimum} and {self.maximum}")
        return rounded(payload, self.precision)

    @quick
    def postprocess(self, value: Any) -> float:
        """The number, as it is even out of bounds; None, an empty text and missing values go to the minimum.

        :raises TypeError: if it is no number
        """
        number = number_of("Slider", value)
        return self.minimum if number is None else rounded(number, self.precision)

    def from_page(self, raw: Any) -> float:
        """A number."""
        number = sent_number(self.type_name, raw)
        if number is None:
            raise MessageError("value of slider: expected a number, got null")
        return number


def usual_step(minimum: float, maximum: float) -> float:
    """The power of ten that gives a scale of 100 to 1000 steps."""
    return 10 ** math.floor(math.log10(maximum - minimum) - 2)
