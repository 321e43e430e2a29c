"""The State of one session: values that it keeps for its stateful nodes, each with a clock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

import anyio

from .nodes import Node
from .tracebacks import detach

logger = logging.getLogger("nbblocks")


@dataclass
class Kept:
    """A value and since when it has been there; ``written`` is in seconds, by a monotonic clock."""

    node: Node
    value: Any
    written: float


class States:
    """Read and written by worker threads and the loop alike, under a lock that user code never holds.

    :param clock: seconds, monotonic
    :param failed: is told of a function given as initial value that has raised (ST-25)
    """

    def __init__(self, clock: Callable[[], float], failed: Callable[[Node, BaseException], None]) -> None:
        self._clock, self._failed = clock, failed
        self._kept: dict[int, Kept] = {}
        self._lock = threading.Lock()
        self._making: dict[int, threading.Event] = {}
        """What is being made; nobody holds a lock meanwhile, since that is user code."""
        self._closed = False

    def get(self, node: Node) -> Any:
        """The session's own object, made at first use (ST-22, ST-23). May run user code."""
        while True:
            with self._lock:
                kept = self._kept.get(node._id)
                if kept is not None:
                    return kept.value
                others = self._making.get(node._id)
                if others is None:
                    ours = self._making[node._id] = threading.Event()
                    break
            others.wait()
        try:
            made = Kept(node, self._made(node), self._clock())
            with self._lock:  # somebody may have written it, or closed the session, meanwhile
                too_late = self._closed
                kept = made if too_late else self._kept.setdefault(node._id, made)
        finally:
            with self._lock:
                del self._making[node._id]
            ours.set()
        if too_late:
            call_back_here(made)
        return kept.value

    def _made(self, node: Node) -> Any:
        try:
            return node.initial()
        except BaseException as error:
            detach(error)
            logger.exception("the function that gives the initial value of a State failed")
            self._failed(node, error)
            return None

    def set(self, node: Node, value: Any, *, written: float | None = None) -> None:
        """Keep another object; its clock begins now, unless told when it was written."""
        with self._lock:
            if self._closed:
                return
            self._kept[node._id] = Kept(node, value, self._clock() if written is None else written)

    def peek(self, node: Node) -> Kept | None:
        """What is kept for a node; nothing is made."""
        with self._lock:
            return self._kept.get(node._id)

    # -- deleting; whoever takes a value out calls its delete_callback

    def expired(self, now: float, spared: Callable[[], Collection[Node]]) -> list[Kept]:
        """Take out the values whose time has passed (ST-42).

        :param spared: nodes that runs use at the moment; asked only if something has expired
        """
        with self._lock:
            found = [
                kept
                for kept in self._kept.values()
                if kept.node.time_to_live is not None and now - kept.written > kept.node.time_to_live
            ]
        if not found:
            return []
        in_use = spared()
        with self._lock:  # what was written meanwhile has its time before it
            found = [k for k in found if k.node not in in_use and self._kept.get(k.node._id) is k]
            for kept in found:
                del self._kept[kept.node._id]
        return found

    def take(self, node: Node) -> list[Kept]:
        """Take out the value of one node, if there is one."""
        with self._lock:
            kept = self._kept.pop(node._id, None)
            return [] if kept is None else [kept]

    def values(self) -> list[Any]:
        """The values that are kept now."""
        with self._lock:
            return [kept.value for kept in self._kept.values()]

    def take_all(self) -> list[Kept]:
        """Take out everything, and keep nothing from now on: the session has closed."""
        with self._lock:
            self._closed = True
            found = list(self._kept.values())
            self._kept.clear()
            return found


def called_back(kept: Kept) -> Awaitable[Any] | None:
    """Call the delete_callback of a value that was taken out; what is yet to be awaited. Runs user code."""
    callback = kept.node.delete_callback
    result = None if callback is None else callback(kept.value)
    return result if hasattr(result, "__await__") else None


def call_back_here(kept: Kept) -> None:
    """As `called_back`, in a thread where no loop runs, to the end; what goes wrong is logged (ST-48)."""
    try:
        result = called_back(kept)
        if result is not None:
            anyio.run(_awaited, result)
    except BaseException as error:
        detach(error)
        logger.exception("the delete_callback of a State failed")


async def _awaited(result: Any) -> None:
    await result
