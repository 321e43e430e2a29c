"""Which blocks and listeners an app has, as its pages are told, and what they need not be told any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbblocks.core.graph import Graph

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

    def _is_current(self, key: str, value: Any) -> bool:
        if key in self._newest:
            return value is self._newest[key]
        owner, _, name = key.partition(".")
        if owner == "run":
            return int(name) in self._graph.listeners
        return not owner.isdigit() or int(owner) in self._graph.nodes or int(owner) == self._top._id
