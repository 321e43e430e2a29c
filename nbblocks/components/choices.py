"""ChoiceField: what Radio, CheckboxGroup and Dropdown have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import traitlets as t

from nbblocks.bridge.component import User, Wire
from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event

from .checks import kind_of, one_of, plain
from .tools import ToolField

Choice = str | int | float | tuple[str, str | int | float]
TS_CHOICES = "[string, string | number | boolean][]"


class ChoiceField(ToolField[Wire, User]):
    """A field whose value comes from ``choices``, a list of pairs of label and value."""

    usual = ()

    choices = t.List(t.Any()).tag(sync=True, ts=TS_CHOICES)

    input = Event("the user chose")
    select = Event("the user chose; the data say which")

    def __init__(
        self,
        choices: Iterable[Choice] | None,
        type: str,
        props: Mapping[str, Any],
        shared: Mapping[str, Any],
    ) -> None:
        """Create it.

        :param type: ``"value"`` or ``"index"``: what handlers get
        :raises ValueError: for another ``type``
        """
        one_of(kind_of(self), "type", type, ("value", "index"))
        self.type = type
        super().__init__({**props, "choices": pairs(choices)}, shared)

    @t.validate("choices")
    def _as_pairs(self, proposal: Any) -> list[tuple[str, Any]]:
        """What code in a cell sets may be values or pairs, as in the constructor."""
        return pairs(proposal["value"])

    @property
    def allowed(self) -> list[Any]:
        """The values that can be chosen."""
        return [value for _, value in cast("list[tuple[str, Any]]", self.choices)]

    def taken(self, value: Any) -> Any:
        """What a handler gets for one chosen ``value``.

        :raises Error: if it is no choice
        """
        allowed = self.allowed
        if value not in allowed:
            # The wording that programs know: '1' and 1 look alike to who reads it in a toast.
            raise PlainError(
                f"Value: {value!r} (type: {type(value)}) is not in the list of choices: {shortened(allowed)}"
            )
        index = allowed.index(value)
        return index if self.type == "index" else allowed[index]

    def scalar(self, raw: Any) -> Any:
        """One value that a page has sent, checked to be a str, number or bool.

        :raises MessageError: if it is anything else
        """
        if not isinstance(raw, (str, int, float)):
            raise MessageError(
                f"value of {self.type_name}: expected one of the choices, got {shortened(raw)}"
            )
        return raw


def pairs(choices: Iterable[Choice] | None) -> list[tuple[str, Any]]:
    """``choices`` as a list of pairs of label and value."""
    return [_pair(plain(choice)) for choice in choices or ()]


def _pair(choice: Any) -> tuple[str, Any]:
    if isinstance(choice, Sequence) and not isinstance(choice, str):
        if len(choice) != 2:  # pyright: ignore[reportUnknownArgumentType]
            raise ValueError(f"a choice is a value or a pair (name, value), got {choice!r}")
        return str(choice[0]), plain(choice[1])  # pyright: ignore[reportUnknownArgumentType]
    return str(choice), choice


def listed(value: Any) -> list[Any]:
    """One value or several, as a list of plain values."""
    if value is None:
        return []
    if isinstance(value, (str, int, float)):
        return [value]
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [plain(one) for one in value] if isinstance(value, Iterable) else [value]  # pyright: ignore[reportUnknownVariableType]
