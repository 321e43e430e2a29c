"""What pages are told of an app: its blocks and listeners, and the chunks of the front-end that draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from nbblocks.core.graph import Graph

from .assets import asset, parts
from .block import Block
from .layout import Layout
from .pages import page_listeners

Unshown = Callable[[str, Exception], Mapping[str, Any]]
"""Is told of a key whose value cannot be drawn, and gives what is sent instead."""


class Outline:
    """The newest tree and listeners of one app. Whoever changes what stands in the app renews it.

    :param top: the layout that holds the app's blocks
    :param graph: its blocks and listeners
    """

    def __init__(self, top: Layout, graph: Graph) -> None:
        self._top, self._graph = top, graph
        self._newest: dict[str, Any] = {}
        self._chunks: set[str] = set()

    def now(self) -> dict[str, Any]:
        """The outline as it is now, as keys of the root's state."""
        return {"tree": self._top.tree(), "listeners": page_listeners(self._graph)}

    def renewed(self) -> dict[str, Any]:
        """As `now`, to be sent: what was to be sent before is not needed any more."""
        self._newest = self.now()
        return self._newest

    def current(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """What a page still needs of ``changes``: not what is gone, nor an outline if a newer one waits."""
        return {key: value for key, value in changes.items() if self._is_current(key, value)}

    def drawable(self, shown: Mapping[str, Any], unshown: Unshown) -> dict[str, Any]:
        """``shown``, keys of the root's state, with all that draws them if there are new ones: ``chunks``.

        A value that its own block cannot read is not for a page either. The widget models that pages get the
        chunks from are made here.
        """
        known = len(self._chunks)
        drawable = self._drawable(shown, unshown)
        return drawable | self._refs() if len(self._chunks) > known or "chunks" in shown else drawable

    def whole(self, shown: Mapping[str, Any], unshown: Unshown) -> dict[str, Any]:
        """As `drawable`, with what draws all that was shown before, too."""
        return self._drawable(shown, unshown) | self._refs()

    def need(self, names: Iterable[str]) -> bool:
        """Note chunks that a page needs for something else than a block; whether they are new to it."""
        new = set(names) - self._chunks
        self._chunks |= new
        return bool(new)

    def _drawable(self, shown: Mapping[str, Any], unshown: Unshown) -> dict[str, Any]:
        if "tree" in shown:
            for node in (self._top, *list(self._graph.nodes.values())):
                block = cast("Block", node)
                try:
                    self._chunks.update(block.chunks_for({}))
                except Exception:  # noqa: BLE001 - it is told of with the value, below
                    self._chunks.update(block.chunks)
                if (part := parts().get(block.page_type)) is not None:
                    self._chunks.add(part)
        drawable: dict[str, Any] = {}
        for key, value in shown.items():
            owner, _, name = key.partition(".")
            node = self._graph.nodes.get(int(owner)) if owner.isdigit() else None
            drawable[key] = value
            if isinstance(node, Block):
                try:
                    self._chunks.update(node.chunks_for({name: value}))
                except Exception as error:  # noqa: BLE001 - the others are shown
                    del drawable[key]
                    drawable |= unshown(key, error)
        return drawable

    def _refs(self) -> dict[str, Any]:
        refs = {name: f"anywidget:{asset(f'{name}.js').model_id}" for name in sorted(self._chunks)}
        return {"chunks": refs} if refs else {}

    def _is_current(self, key: str, value: Any) -> bool:
        if key in self._newest:
            return value is self._newest[key]
        owner, _, name = key.partition(".")
        if owner == "run":
            return int(name) in self._graph.listeners
        return not owner.isdigit() or int(owner) in self._graph.nodes or int(owner) == self._top._id
