"""Dropdown: one or several choices from a list that folds away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.places import warn

from .checks import is_missing, plain
from .choices import Choice, ChoiceField, is_in, listed, listed_of, pairs
from .tools import ToolProps


class First:
    """Stands for the first choice, as long as no value is given."""

    def __repr__(self) -> str:
        return "<first choice>"


FIRST: Any = First()


class Dropdown(ChoiceField[Any, Any]):
    """One or several choices from a list that folds away."""

    value = t.Any(None, allow_none=True).tag(
        sync=True, ts="string | number | bigint | boolean | (string | number | bigint | boolean)[] | null"
    )
    multiselect = t.Bool(False).tag(sync=True)
    allow_custom_value = t.Bool(False).tag(sync=True)
    max_choices = t.Int(None, allow_none=True).tag(sync=True)
    num_choices_shown = t.Int(100, allow_none=True).tag(sync=True)
    filterable = t.Bool(True).tag(sync=True)

    focus = Event("the box came into focus")
    blur = Event("the box lost the focus")
    key_up = Event("the user released a key while typing in the box")

    def __init__(
        self,
        choices: Iterable[Choice] | None = None,
        *,
        value: Any | Callable[..., Any] | None = FIRST,
        type: str = "value",
        multiselect: bool | None = None,
        allow_custom_value: bool = False,
        max_choices: int | None = None,
        num_choices_shown: int | None = 100,
        filterable: bool = True,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create it with ``value`` chosen: the first choice if it is not given, nothing if it is None.

        :param choices: values, or pairs of the name shown and the value
        :param type: whether handlers get the value or its ``"index"``, which is None for custom text
        :param multiselect: take several; handlers get and give lists
        :param allow_custom_value: let the user type what is no choice
        :param max_choices: most choices that can be taken with ``multiselect``
        :param num_choices_shown: choices drawn at first, more as the user scrolls; None draws all
        :param filterable: let the user type to narrow the list
        :raises ValueError: if ``num_choices_shown`` is not positive
        """
        if num_choices_shown is not None and num_choices_shown < 1:
            raise ValueError(f"num_choices_shown of Dropdown must be at least 1, got {num_choices_shown}")
        if max_choices is not None and not multiselect:
            warn("max_choices has no effect without multiselect=True")
        found = pairs(choices)
        if value is FIRST:
            value = found[0][1] if found and not multiselect else None
        props = {
            "value": value,
            "multiselect": bool(multiselect),
            "allow_custom_value": allow_custom_value,
            "max_choices": max_choices,
            "num_choices_shown": num_choices_shown,
            "filterable": filterable,
        }
        super().__init__(found, type, props, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: what is chosen."""
        chosen: list[Any] = listed_of(self.value)
        names = [
            name for name, value in cast("list[tuple[Any, Any]]", list(self.choices)) if is_in(value, chosen)
        ]
        others = [one for one in chosen if type(one) is str and one not in names]
        return self.captioned(sketch.text(names or others))

    def preprocess(self, payload: Any) -> Any:
        """The chosen value or its index; a list of them with ``multiselect``."""
        if self.multiselect:
            return [self.taken(one) for one in listed(payload)]
        return None if payload is None and not self.is_choice(None) else self.taken(payload)

    def taken(self, value: Any) -> Any:
        """As every choice; custom text is itself, and has no index."""
        if self.allow_custom_value and not self.is_choice(value):
            return None if self.type == "index" else value
        return super().taken(value)

    def postprocess(self, value: Any) -> Any:
        """The value, or a list with ``multiselect``; what is no choice is shown with a warning."""
        if self.multiselect:
            chosen = listed(value)
        elif isinstance(value, (list, tuple, set)) and not self.is_choice(value):
            chosen = listed(value)[:1]
            warn(f"Dropdown without multiselect got the list {value!r}")
        else:
            given: Any = plain(value)
            chosen = [given] if self.is_choice(given) or not is_missing(given) else []
        for one in chosen:
            if not self.allow_custom_value and not self.is_choice(one):
                warn(f"{one!r} is not among the choices of this Dropdown")
        return chosen if self.multiselect else chosen[0] if chosen else None

    def from_page(self, raw: Any) -> Any:
        """One value or None; a list with ``multiselect``."""
        if isinstance(raw, list) != bool(self.multiselect) and (self.multiselect or not self.is_choice(raw)):
            wanted = "a list" if self.multiselect else "one value"
            raise MessageError(f"value of dropdown: expected {wanted}, got {shortened(raw)}")
        if self.multiselect and isinstance(raw, list):
            return [self.chosen(one) for one in cast("list[Any]", raw)]
        return None if raw is None else self.chosen(raw)
