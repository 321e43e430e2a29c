"""Checkbox: yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick

from .checks import is_missing, named, plain
from .tools import ToolField, ToolProps


class Checkbox(ToolField[bool, bool]):
    """A box to tick."""

    api_example = True

    value = t.Bool(False).tag(sync=True)

    input = Event("the user ticked or cleared the box")
    select = Event("the user ticked or cleared the box; the data say which")

    def __init__(self, value: bool | Callable[..., Any] = False, **shared: Unpack[ToolProps]) -> None:
        """Create a box, ticked if ``value`` is True."""
        super().__init__({"value": value}, shared)

    @quick
    def postprocess(self, value: Any) -> bool:
        """``bool(value)``: None, and what pandas says for a missing value, clear the box.

        :raises TypeError: for what is neither true nor false, such as an array of several
        """
        try:
            return not is_missing(value) and bool(plain(value))
        except (TypeError, ValueError) as error:
            raise TypeError(f"Checkbox expects True or False, got {named(value)}") from error

    def picture(self, show: sketch.Files) -> str:
        """As every component: ticked or not."""
        label = self.label or self.type_name.capitalize()
        return sketch.captioned(None, sketch.choices([(label, self.value is True)], sketch.TICKS), self.info)

    def from_page(self, raw: Any) -> bool:
        """True or False."""
        if not isinstance(raw, bool):
            raise MessageError(f"value of checkbox: expected true or false, got {shortened(raw)}")
        return raw
