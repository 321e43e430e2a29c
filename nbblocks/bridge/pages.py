"""What a page must know of an app beside the properties of its blocks."""

from __future__ import annotations

from typing import Any

from nbblocks.core.graph import Graph

from .component import Component

_SHOWN = ("show_progress", "show_progress_on", "trigger_mode", "js")
_OF_STREAMS = ("stream_every", "time_limit")
_OF_LISTENERS = ("id", "targets", "inputs", "outputs", *_SHOWN)


def page_listeners(graph: Graph) -> list[dict[str, Any]]:
    """The listeners that a page raises events for, runs the js of, or shows the status of."""
    return [
        {name: config[name] for name in _OF_LISTENERS}
        | {"backend": config["backend_fn"]}
        | ({name: config[name] for name in _OF_STREAMS} if _is_stream(config) else {})
        for config in (listener.config() for listener in graph.listeners.values())
        if any(target[0] is not None for target in config["targets"])
        or config["show_progress"] != "hidden"
        or config["js"]
    ]


def _is_stream(config: dict[str, Any]) -> bool:
    return any(event == "stream" for _, event in config["targets"])


def is_interactive(block: Component[Any, Any], graph: Graph) -> bool:
    """Whether the user may edit ``block``, asked for or worked out from the listeners (CP-6).

    What no listener reads or writes is there for cells to read.
    """
    if block.interactive is not None:
        return block.interactive
    return graph.is_input(block) or (not graph.is_output(block) and not block.stateful)
