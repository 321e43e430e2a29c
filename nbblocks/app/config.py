"""An app as JSON-like data in Gradio's shape, for programs and tests written against it (AP-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from nbblocks.bridge.block import Block
from nbblocks.bridge.layout import Layout

if TYPE_CHECKING:
    from .blocks import Blocks


def config_of(app: Blocks) -> dict[str, Any]:
    """``components``, ``layout`` and ``dependencies`` of ``app``. Works without a kernel."""
    graph = app.graph
    return {
        "mode": app.mode,
        "title": app.title,
        "enable_queue": True,
        "connect_heartbeat": any(
            node.stateful and getattr(node, "delete_callback", None) is not None
            for node in graph.nodes.values()
        )
        or bool(graph.triggered_by(graph.owner, "unload")),
        "components": [_component(cast("Block", node)) for node in graph.nodes.values() if node is not app],
        "layout": {"id": app._id, "children": [_layout(child) for child in app.children]},
        "dependencies": [listener.config() for listener in graph.listeners.values()],
    }


def _component(block: Block) -> dict[str, Any]:
    return {
        "id": block._id,
        "type": _type_of(block),
        "props": {**block.get_config(), "name": _type_of(block)},
    }


def _type_of(block: Block) -> str:
    return "column" if block.type_name == "blocks" else block.type_name


def _layout(block: Block) -> dict[str, Any]:
    if isinstance(block, Layout):
        return {"id": block._id, "children": [_layout(child) for child in block.children]}
    return {"id": block._id}
