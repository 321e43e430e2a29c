"""Handles: how pages and widgets from elsewhere get hold of one block of an app (TR-63)."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, cast

import traitlets as t
from anywidget import AnyWidget
from ipywidgets import widget_serialization  # pyright: ignore[reportUnknownVariableType]

from .assets import asset, text_of
from .component import Component
from .mimebundle import mimebundle
from .placing import graph_of
from .root import close_comm

if TYPE_CHECKING:
    from .block import Block


class Handle(AnyWidget):
    """A widget that stands for a block: a view of it shows that block of its app, wherever it is placed.

    The root's front-end lets ``value`` follow that of the block and back, as ``jslink`` needs.
    """

    layout = t.Any(None, allow_none=True).tag(sync=True, **widget_serialization)
    """None until somebody asks for it, as with a root."""
    value: Any = t.Any(None, allow_none=True).tag(sync=True)
    block = t.Int().tag(sync=True)
    bundle = t.Unicode().tag(sync=True)
    root = t.Unicode(None, allow_none=True).tag(sync=True)
    """Reference of the app's root; None until the app is built."""

    def __init__(self, block: Block, **traits: Any) -> None:
        """Stand for ``block``."""
        self._esm = text_of("handle.js")
        self._block = weakref.ref(block)  # what is open keeps no app
        bundle = f"anywidget:{asset('bundle.js').model_id}"
        super().__init__(block=block._id, bundle=bundle, **traits)

    def mimebundle(self) -> Any:
        """What a cell displays."""
        block = cast("Block", self._block())
        return mimebundle(self.model_id, f"{block!r} of an app", None)

    def follow(self, root: Any) -> None:
        """Show the block in views of the app with this root from now on."""
        self.root = f"anywidget:{root.model_id}"

    def end(self, *, keep_views: bool) -> None:
        """As that of a root."""
        close_comm(self, keep_views=keep_views)


def handle_of(block: Block) -> Handle:
    """The block's one handle, made at first use. Its app begins, or will once it is built."""
    found = cast("Handle | None", block.handle)
    if found is None or found.comm is None:
        traits: dict[str, Any] = {}
        if isinstance(block, Component):
            component = cast("Component[Any, Any]", block)
            traits["value"] = component.page_prop("value", component.value)
        if block.own_layout is not None:
            traits["layout"] = block.own_layout
        found = block.handle = Handle(cast("Block", block), **traits)
        if block.running_host is not None:
            block.running_host.show_handles()
    root = graph_of(block).owner.root_for_handles()
    if root is not None:
        found.follow(root)
    return found
