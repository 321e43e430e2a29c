"""Accordion: blocks that can be folded away."""

from __future__ import annotations

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.layout import Layout
from nbblocks.core.events import Event


class Accordion(Layout):
    """Blocks that can be folded away below their caption."""

    label = t.Unicode(None, allow_none=True).tag(sync=True)
    open = t.Bool(True).tag(sync=True)  # pyright: ignore[reportAssignmentType]

    height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    max_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)

    expand = Event("the user unfolded it")
    collapse = Event("the user folded it away")

    def __init__(
        self,
        label: str | None = None,
        *,
        open: bool = True,
        height: int | str | None = None,
        max_height: int | str | None = None,
        **shared: Unpack[BlockProps],
    ) -> None:
        """Create it with the caption ``label``, unfolded if ``open``.

        :param height: px or CSS length of what is unfolded, as ``max_height``; what is longer scrolls
        """
        props = {"label": label, "open": open, "height": height, "max_height": max_height}
        super().__init__(props, shared)
