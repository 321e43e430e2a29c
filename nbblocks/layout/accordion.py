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

    expand = Event("the user unfolded it")
    collapse = Event("the user folded it away")

    def __init__(self, label: str | None = None, *, open: bool = True, **shared: Unpack[BlockProps]) -> None:
        """Create it with the caption ``label``, unfolded if ``open``."""
        super().__init__({"label": label, "open": open}, shared)
