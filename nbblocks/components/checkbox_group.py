"""CheckboxGroup: any of several choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError

from .choices import Choice, ChoiceField, listed
from .tools import ToolProps


class CheckboxGroup(ChoiceField[list[Any], list[Any]]):
    """Any of several choices."""

    value = t.List(t.Any()).tag(sync=True, ts="(string | number | bigint | boolean)[]")
    show_select_all = t.Bool(False).tag(sync=True)

    def __init__(
        self,
        choices: Iterable[Choice] | None = None,
        *,
        value: Iterable[str | int | float] | str | int | float | Callable[..., Any] | None = None,
        type: str = "value",
        show_select_all: bool = False,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create it with ``value``, one or several, chosen.

        :param choices: values, or pairs of the name shown and the value
        :param type: whether handlers get a list of values or of their indices (``"index"``)
        :param show_select_all: show a box that ticks all others
        """
        super().__init__(choices, type, {"value": value, "show_select_all": show_select_all}, shared)

    def preprocess(self, payload: list[Any] | None) -> list[Any] | None:
        """The chosen values, or their indices."""
        return None if payload is None else [self.taken(one) for one in payload]

    def postprocess(self, value: Any) -> list[Any]:
        """The values as a list; None chooses nothing."""
        return [value] if not isinstance(value, list) and self.is_choice(value) else listed(value)

    def from_page(self, raw: Any) -> list[Any]:
        """A list of values."""
        if not isinstance(raw, list):
            raise MessageError(f"value of checkboxgroup: expected a list, got {shortened(raw)}")
        return [self.chosen(one) for one in cast("list[Any]", raw)]
