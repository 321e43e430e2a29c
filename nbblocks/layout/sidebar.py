"""Sidebar: blocks beside the others, which can be put away."""

from __future__ import annotations

from typing import Literal

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.layout import Layout
from nbblocks.core.events import Event


class Sidebar(Layout):
    """Blocks at one side of those it stands among; put away, a handle is left of it.

    In a narrow output it lies over the others while it is open.
    """

    label = t.Unicode(None, allow_none=True).tag(sync=True)
    open = t.Bool(True).tag(sync=True)  # pyright: ignore[reportAssignmentType]
    width = t.Union([t.Int(), t.Unicode()], default_value=320).tag(sync=True)
    position = t.Enum(["left", "right"], "left").tag(sync=True)

    expand = Event("the user opened it")
    collapse = Event("the user put it away")

    def __init__(
        self,
        label: str | None = None,
        *,
        open: bool = True,
        width: int | str = 320,
        position: Literal["left", "right"] = "left",
        **shared: Unpack[BlockProps],
    ) -> None:
        """Create it with the heading ``label``, in sight if ``open``.

        :param width: px or CSS length
        :param position: the side, ``"left"`` or ``"right"``
        :raises ValueError: for another ``position``
        """
        if position not in ("left", "right"):
            raise ValueError(f"position of Sidebar must be 'left' or 'right', got {position!r}")
        super().__init__({"label": label, "open": open, "width": width, "position": position}, shared)
