"""Radio: one of several choices, all in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from .checks import is_missing, plain
from .choices import Choice, ChoiceField
from .tools import ToolProps


class Radio(ChoiceField[Any, Any]):
    """One of several choices, all in sight."""

    value = t.Any(None, allow_none=True).tag(sync=True, ts="string | number | bigint | boolean | null")
    rtl = t.Bool(False).tag(sync=True)

    def __init__(
        self,
        choices: Iterable[Choice] | None = None,
        *,
        value: str | int | float | Callable[..., Any] | None = None,
        type: str = "value",
        rtl: bool = False,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create it with ``value`` chosen, or nothing if that is None.

        :param choices: values, or pairs of the name shown and the value
        :param type: whether handlers get the value or its ``"index"``
        """
        super().__init__(choices, type, {"value": value, "rtl": rtl}, shared)

    def preprocess(self, payload: Any) -> Any:
        """The chosen value, or its index; None if nothing is chosen."""
        return None if payload is None and not self.is_choice(None) else self.taken(payload)

    def postprocess(self, value: Any) -> Any:
        """The value; None chooses nothing."""
        value = plain(value)
        return None if is_missing(value) and not self.is_choice(value) else value

    def from_page(self, raw: Any) -> Any:
        """One value, or None."""
        return None if raw is None else self.chosen(raw)
