"""Timer: fires ``tick`` every so many seconds while somebody looks at the app."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.component import Component
from nbblocks.bridge.files import shortened
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick


class Timer(Component[float, float]):
    """An unseen clock, in seconds. Each session has its own; it stands still while nobody looks (EV-200).

    Handlers get and return the interval; ``gr.Timer(active=False)`` as an output stops it.
    """

    api_schema = {"type": "number"}
    api_example = 1

    shared: ClassVar[type] = BlockProps
    transparent: ClassVar[bool] = True
    ticks = True

    value = t.Float(1.0, allow_none=True).tag(sync=True)
    active = t.Bool(True).tag(sync=True)

    change = Event("the interval became different")
    tick = Event("the interval has passed", show_progress="hidden")

    def __init__(self, value: float | None = 1, *, active: bool = True, **shared: Unpack[BlockProps]) -> None:
        """Create a clock that ticks every ``value`` seconds, or stands still if that is None.

        :param active: False lets it stand still until a handler or a cell sets it to True
        :raises ValueError: if ``value`` is neither positive nor None
        """
        super().__init__({"value": value, "active": active}, shared)

    @t.validate("value")
    def _positive(self, proposal: Any) -> float | None:
        return None if proposal["value"] is None else interval(proposal["value"])

    def ticks_every(self, wire: Any) -> float | None:
        """The interval while it is active."""
        return wire if self.active else None

    @quick
    def postprocess(self, value: Any) -> float | None:
        """The interval in seconds; None lets the clock stand still.

        :raises ValueError: if it is not positive (EV-201)
        """
        return None if value is None else interval(value)

    def from_page(self, raw: Any) -> float | None:
        """A page may set it by js."""
        return self.postprocess(raw)


def interval(given: object) -> float:
    """``given`` as a number of seconds.

    :raises ValueError: if it is not a positive number
    """
    if not isinstance(given, (int, float)) or isinstance(given, bool) or not 0 < given <= sys.float_info.max:
        raise ValueError(
            f"the interval of a Timer must be a positive number of seconds, got {shortened(given)}"
        )
    return float(given)
