"""A block shown on its own: as last line of a cell, or in a VBox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbblocks.core.graph import Graph

from .component import Component
from .host import Host
from .layout import Layout
from .options import ShowOptions

if TYPE_CHECKING:
    from .block import Block


class Alone(Layout):
    """The frame of a block that stands in no app."""

    drawn_as = "blocks"


class Shown:
    """A block together with the host made for it."""

    def __init__(self, block: Block) -> None:
        frame = Alone({}, {"render": False})
        frame.children = [block]
        graph = Graph(frame)
        for found in _below(block):
            graph.add_node(found)
        self.host = Host(frame, graph, ShowOptions(footer=False))
        self.host.alone = block if isinstance(block, Component) else None
        self.host.subject = block

    @property
    def model_id(self) -> str:
        """Id of its root."""
        return self.host.show().model_id

    def mimebundle(self) -> Any:
        """What a cell displays."""
        return self.host.mimebundle("a component")


def host_of(block: Block) -> Shown:
    """The frame that shows ``block`` alone, made at first use."""
    shown: Shown | None = block.shown_alone
    if shown is None or shown.host.closed:
        shown = block.shown_alone = Shown(block)
    return shown


def _below(block: Block) -> list[Block]:
    found = [block]
    for child in getattr(block, "children", ()):
        found += _below(child)
    return found
