"""Group: blocks without gaps between them."""

from __future__ import annotations

from typing_extensions import Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.layout import Layout


class Group(Layout):
    """Blocks without gaps between them."""

    def __init__(self, **shared: Unpack[BlockProps]) -> None:
        """Create a group."""
        super().__init__({}, shared)
