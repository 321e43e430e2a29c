"""ColorPicker: a colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick

from .checks import is_missing, text_of
from .tools import ToolField, ToolProps

COLOR = re.compile(r"[#\w(),.%/\s+-]{0,64}")
"""What a CSS colour is written with."""


class ColorPicker(ToolField[str, Any]):
    """A colour, as ``"#rrggbb"``."""

    api_example = "#000000"

    value = t.Unicode(None, allow_none=True).tag(sync=True)

    input = Event("the user picked or typed a colour")
    release = Event("the user let go of the picker, or was done with typing")
    submit = Event("the user pressed Enter")
    focus = Event("the picker or its text came into focus")
    blur = Event("the picker or its text lost the focus")

    def __init__(self, value: str | Callable[..., Any] | None = None, **shared: Unpack[ToolProps]) -> None:
        """Create it at ``value``: ``"#rrggbb"``, or any colour that CSS knows."""
        super().__init__({"value": value}, shared)

    @quick
    def preprocess(self, payload: str | None) -> str | None:
        """The colour: ``"#rrggbb"`` once the user has picked one, before that what code has set; or None."""
        return None if payload is None else str(payload)

    @quick
    def postprocess(self, value: object) -> str | None:
        """``str(value)``; None shows no colour."""
        return None if is_missing(value) else text_of("ColorPicker", value)

    def from_page(self, raw: Any) -> str | None:
        """A text that can be a colour, or None."""
        if raw is not None and not (isinstance(raw, str) and COLOR.fullmatch(raw)):
            raise MessageError(
                f"value of {self.type_name}: expected a colour such as '#1769d2', got {shortened(raw)}"
            )
        return raw
