"""``display`` and ``clear_output`` in handlers: what they show goes to the log of the run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from . import output
from .patches import Patches

_patches = Patches()


def route() -> None:
    """Put it in place. IPython and kernels each have a class that publishes, and one more that captures."""
    for kind in dict.fromkeys(_publishers()):
        if "publish" in vars(kind):
            _patches.wrap(kind, "publish", _publish)
        if "clear_output" in vars(kind):
            _patches.wrap(kind, "clear_output", _clear_output)


def unroute() -> None:
    """Put back what was there."""
    _patches.undo()


def _publishers() -> Iterator[type]:
    ipython, stock = sys.modules.get("IPython"), sys.modules.get("IPython.core.displaypub")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        yield type(shell.display_pub)
    if stock is not None:
        yield from (stock.DisplayPublisher, stock.CapturingDisplayPublisher)
    kernel = sys.modules.get("ipykernel.zmqshell")
    if kernel is not None:  # a cell that captures has put another one in its place for now
        yield kernel.ZMQDisplayPublisher


def _target() -> output.Target | None:
    """Where a display belongs; a run that captures its own output gets it itself."""
    target = output.here()
    return None if target is None or target.redirected else target


def _publish(stock: Callable[..., Any]) -> Callable[..., Any]:
    def publish(
        self: Any, data: dict[str, Any], metadata: dict[str, Any] | None = None, *args: Any, **given: Any
    ) -> Any:
        target = _target()
        transient: dict[str, Any] = given.get("transient") or {}
        name = transient.get("display_id")
        update = bool(given.get("update"))
        if target is None or not target.show(data, metadata or {}, name, update=update):
            return stock(self, data, metadata, *args, **given)
        return None

    return publish


def _clear_output(stock: Callable[..., Any]) -> Callable[..., Any]:
    def clear_output(self: Any, wait: bool = False) -> Any:
        target = _target()
        return stock(self, wait) if target is None else target.clear(wait=wait)

    return clear_output
