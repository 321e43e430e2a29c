"""What pages are told of an app: its blocks and listeners, and the chunks of the front-end that draw them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from nbblocks.core.graph import Graph

from .assets import asset, parts
from .block import Block
from .layout import Layout
from .pages import page_listeners


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
        """What a page still needs of ``changes``: not what is gone, nor an outline if a newer one waits.

        With it comes what pages need to draw it: `chunks`.
        """
        kept = {key: value for key, value in changes.items() if self._is_current(key, value)}
        known = len(self._chunks)
        self._note_chunks(kept)
        return kept | self._refs() if len(self._chunks) > known or "chunks" in kept else kept

    def chunks(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """What draws ``shown``, keys of the root's state, and all before: the key ``chunks``, or nothing.

        It makes the widget models that pages get them from.
        """
        self._note_chunks(shown)
        return self._refs()

    def need(self, names: Iterable[str]) -> bool:
        """Note chunks that a page needs for something else than a block; whether they are new to it."""
        new = set(names) - self._chunks
        self._chunks |= new
        return bool(new)

    def _note_chunks(self, shown: Mapping[str, Any]) -> None:
        if "tree" in shown:
            for node in (self._top, *list(self._graph.nodes.values())):
                block = cast("Block", node)
                self._chunks.update(block.chunks_for({}))
                if (part := parts().get(block.page_type)) is not None:
                    self._chunks.add(part)
        for key, value in shown.items():
            owner, _, name = key.partition(".")
            node = self._graph.nodes.get(int(owner)) if owner.isdigit() else None
            if isinstance(node, Block):
                self._chunks.update(node.chunks_for({name: value}))

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
