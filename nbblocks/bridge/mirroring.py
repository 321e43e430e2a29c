"""Mirroring: the traits of an app's blocks follow what runs and pages set, and observers are told."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

from nbblocks.core.nodes import Node

from .observing import Change, Failed, observers_of, tell

if TYPE_CHECKING:
    from .block import Block

logger = logging.getLogger("nbblocks")

Key = tuple[Node, str]
GRACE = 0.005
"""Seconds that idle observers have before the page is told: what quick ones correct goes with the rest."""
MANY = 1000
"""Blocks' changes that may wait for observers; of more, those of one block are put together."""


class Doing(Protocol):
    """Whoever does jobs in order: a `Hand`, or nobody but the caller."""

    def do(self, job: Callable[[], object], grace: float = 0.0) -> None:
        """Have ``job`` done."""
        ...


class _AtOnce:
    def do(self, job: Callable[[], object], grace: float = 0.0) -> None:
        job()


class Mirroring:
    """Sets traits, tells observers, and gives properties the form that pages get, for one app.

    :param observers: does what observers do, so that nobody else waits for them
    :param apart: does what the code of users' own components does
    :param around: a context for both
    :param unshown: is told of a property that has no form for pages; gives keys to be sent instead
    :param failed: is told what an observer has raised, or why a trait did not take a value
    """

    def __init__(
        self,
        observers: Doing | None = None,
        apart: Doing | None = None,
        around: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext,
        unshown: Callable[[Block, str, Exception], Mapping[str, Any]] | None = None,
        failed: Failed | None = None,
    ) -> None:
        self._observers, self._apart = observers or _AtOnce(), apart or _AtOnce()
        self._around = around
        self._unshown = unshown or _log_unshown
        self._failed = failed or _log_failed
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Block, list[Change]]] = deque()

    def apart(self, job: Callable[[], object]) -> None:
        """Do a job in which the code of users' own components is called."""

        def inside() -> None:
            with self._around():
                job()

        self._apart.do(inside)

    def for_page(self, props: Mapping[Key, Any]) -> dict[str, Any]:
        """The keys of the root's state for these properties."""
        changed: dict[str, Any] = {}
        for (node, name), value in props.items():
            block = cast("Block", node)
            try:
                changed[f"{block._id}.{name}"] = block.page_prop(name, value)
            except Exception as error:  # noqa: BLE001 - the other properties go on
                changed |= self._unshown(block, name, error)
        return changed

    def mirror(self, props: Mapping[Key, Any]) -> None:
        """Set traits, all of a block together, and have its observers told."""
        by_node: dict[Node, dict[str, Any]] = {}
        for (node, name), value in props.items():
            by_node.setdefault(node, {})[name] = value
        told: list[tuple[Block, list[Change]]] = []
        for node, given in by_node.items():
            block = cast("Block", node)
            try:
                changes = block.mirror(given, self._failed)
            except Exception as error:  # noqa: BLE001 - the other blocks go on
                self._failed(f"{block!r} could not take over its {', '.join(given)}", error)
                continue
            watched = [change for change in changes if observers_of(block, change[0])]
            if watched:
                told.append((block, watched))
        if told:
            with self._lock:
                told = [one for one in told if not self._joined(*one)]
                self._waiting.extend(told)
            if told:
                self._observers.do(self._tell, GRACE)

    def _joined(self, block: Block, changes: list[Change]) -> bool:
        """Whether the changes could be put together with others that wait, of which there are too many."""
        before = None
        if len(self._waiting) >= MANY:
            before = next((found for waiting, found in self._waiting if waiting is block), None)
        if before is None:
            return False
        before[:] = _together([*before, *changes])
        return True

    def _tell(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                block, changes = self._waiting.popleft()
            with self._around():
                for change in changes:
                    for error in tell(block, change):
                        self._failed(f"an observer of {block!r} failed", error)


def _together(changes: Iterable[Change]) -> list[Change]:
    found: dict[str, Change] = {}
    for name, old, new in changes:
        first = found.get(name)
        found[name] = (name, old if first is None else first[1], new)
    return list(found.values())


def _log_unshown(block: Block, name: str, error: Exception) -> dict[str, Any]:
    logger.error("%r cannot show its %s", block, name, exc_info=error)
    return {}


def _log_failed(what: str, error: BaseException) -> None:
    logger.error("%s", what, exc_info=error)
