"""Button: text to press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import traitlets as t
from typing_extensions import Unpack

from nbblocks.core.events import Event
from nbblocks.core.nodes import quick

from .checks import text_of
from .pressable import Pressable, PressableProps


class Button(Pressable[str, str]):
    """A button. Its value is the text on it."""

    skip_api = True
    icon_only_from: ClassVar[str | None] = "."

    value = t.Unicode("Run").tag(sync=True)
    link = t.Unicode(None, allow_none=True).tag(sync=True)
    link_target = t.Unicode(None, allow_none=True).tag(sync=True)

    change = Event("the text became different")

    def __init__(
        self,
        value: str | Callable[..., Any] | None = "Run",
        *,
        link: str | None = None,
        link_target: str | None = None,
        **shared: Unpack[PressableProps],
    ) -> None:
        """Create a button with the text ``value``.

        :param link: address that is opened instead of firing ``click``
        :param link_target: where it opens, as in HTML; None is a new tab
        """
        super().__init__({"value": value, "link": link, "link_target": link_target}, shared)

    @quick
    def postprocess(self, value: object) -> str:
        """``str(value)``; None leaves the button without text (CP-65)."""
        return "" if value is None else text_of(type(self).__name__, value)
