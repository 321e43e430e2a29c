"""HTML: markup shown as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.component import Component, ComponentProps
from nbblocks.core.events import Event


class HTML(Component[str, Any]):
    """HTML of the author's own making: it is shown unchanged, so never put foreign text in it unescaped."""

    value = t.Unicode(None, allow_none=True).tag(sync=True)
    label = t.Unicode(None, allow_none=True).tag(sync=True)
    show_label = t.Bool(False).tag(sync=True)
    min_height = t.Int(None, allow_none=True).tag(sync=True)
    max_height = t.Int(None, allow_none=True).tag(sync=True)
    container = t.Bool(False).tag(sync=True)
    padding = t.Bool(False).tag(sync=True)
    autoscroll = t.Bool(False).tag(sync=True)

    change = Event("the markup became different")
    click = Event("the user clicked on it")

    def __init__(
        self,
        value: str | Callable[..., Any] | None = None,
        *,
        label: str | None = None,
        show_label: bool | None = None,
        min_height: int | None = None,
        max_height: int | None = None,
        container: bool = False,
        padding: bool = False,
        autoscroll: bool = False,
        **shared: Unpack[ComponentProps],
    ) -> None:
        """Create the markup ``value``.

        :param label: caption, shown with ``container=True`` unless ``show_label`` is False
        :param max_height: px; what is longer scrolls
        :param autoscroll: stay at the end when the content grows
        """
        props = {
            "value": value,
            "label": label,
            "show_label": container if show_label is None else show_label,
            "min_height": min_height,
            "max_height": max_height,
            "container": container,
            "padding": padding,
            "autoscroll": autoscroll,
        }
        super().__init__(props, shared)

    derived = {"container": ("show_label",)}

    def postprocess(self, value: object) -> str | None:
        """``str(value)``."""
        return None if value is None else str(value)
