"""The layout that is open here and now, and how blocks come to stand in it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from nbblocks.core.graph import building

if TYPE_CHECKING:
    from .block import Block
    from .layout import Layout

open_layout: ContextVar[Layout | None] = ContextVar("nbblocks_open_layout", default=None)
"""Innermost layout whose ``with`` is open, per thread and per asyncio task (AP-11)."""


def place(block: Block) -> None:
    """Append ``block`` to the open layout; without one it stays unplaced.

    :raises DuplicateBlockError: if it stands in this app already
    """
    graph = building.get()
    layout = open_layout.get()
    if graph is None or layout is None:
        return
    graph.add_node(block)
    layout.append(block)
    block.is_rendered = True
    block.placed(graph)


def take_out(block: Block) -> None:
    """Take ``block`` from its layout and from its app, if it stands in one."""
    if block.parent is not None:
        block.parent.children.remove(block)
        graph = graph_of(block)
        if graph is not None:
            graph.remove_node(block)
        block.parent = None
    block.is_rendered = False


def graph_of(block: Any) -> Any:
    """The graph of the app that ``block`` stands in, or None."""
    while block is not None:
        graph = getattr(block, "graph", None)
        if graph is not None:
            return graph
        block = block.parent
    return None
