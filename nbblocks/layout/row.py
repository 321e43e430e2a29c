"""Row: blocks side by side."""

from __future__ import annotations

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.layout import Layout

Length = int | str


class Row(Layout):
    """Blocks side by side, wrapping where there is no room."""

    variant = t.Enum(["default", "panel", "compact"], "default").tag(sync=True)
    sketched = "display:flex;flex-wrap:wrap;gap:8px"
    equal_height = t.Bool(False).tag(sync=True)
    show_progress = t.Bool(False).tag(sync=True)
    scale = t.Int(None, allow_none=True).tag(sync=True)
    height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    max_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    min_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        *,
        variant: str = "default",
        scale: int | None = None,
        height: Length | None = None,
        max_height: Length | None = None,
        min_height: Length | None = None,
        equal_height: bool = False,
        show_progress: bool = False,
        **shared: Unpack[BlockProps],
    ) -> None:
        """Create a row.

        :param variant: ``"default"``, ``"panel"`` (grey background) or ``"compact"`` (no gaps)
        :param scale: height relative to the neighbours, at the top level of an app with ``fill_height``
        :param height: px or CSS length, as ``max_height`` and ``min_height``
        :param equal_height: make all children as high as the highest
        :param show_progress: show the progress of a listener that has the row as output
        """
        props = {
            "variant": variant,
            "scale": scale,
            "height": height,
            "max_height": max_height,
            "min_height": min_height,
            "equal_height": equal_height,
            "show_progress": show_progress,
        }
        super().__init__(props, shared)
