"""Column: blocks one below the other."""

from __future__ import annotations

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.layout import Layout


class Column(Layout):
    """Blocks one below the other."""

    scale = t.Int(1).tag(sync=True)
    min_width = t.Int(320).tag(sync=True)
    variant = t.Enum(["default", "panel", "compact"], "default").tag(sync=True)
    show_progress = t.Bool(False).tag(sync=True)

    def __init__(
        self,
        *,
        scale: int = 1,
        min_width: int = 320,
        variant: str = "default",
        show_progress: bool = False,
        **shared: Unpack[BlockProps],
    ) -> None:
        """Create a column.

        :param scale: width relative to the other columns of a Row
        :param min_width: least width in px before the Row wraps; wins over ``scale``
        :param variant: ``"default"``, ``"panel"`` (grey background) or ``"compact"`` (no gaps)
        :param show_progress: show the progress of a listener that has the column as output
        """
        props = {"scale": scale, "min_width": min_width, "variant": variant, "show_progress": show_progress}
        super().__init__(props, shared)
