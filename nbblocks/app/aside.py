"""Doing what a handler does outside of a run: apart from what is open here, and in a thread of its own."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from nbblocks.bridge import cache
from nbblocks.bridge.placing import open_layout
from nbblocks.core.graph import building

T = TypeVar("T")


@contextmanager
def apart(
    store: cache.FileCache | None, more: Mapping[contextvars.ContextVar[Any], Any] | None = None
) -> Generator[None]:
    """Inside, files go to ``store``, and no layout is open that something built would join (EV-48).

    :param store: None: to where they go already
    :param more: context variables, and what they are inside
    """
    inside: dict[contextvars.ContextVar[Any], Any] = {open_layout: None, building: None, **(more or {})}
    if store is not None:
        inside[cache.active] = store
    tokens = [(variable, variable.set(value)) for variable, value in inside.items()]
    try:
        yield
    finally:
        for variable, token in tokens:
            variable.reset(token)


def in_a_thread(work: Callable[[], T], name: str) -> T:
    """Do ``work`` in a thread of its own: the calling one may have a running loop, as a notebook's has."""
    ended: list[tuple[Any, BaseException | None]] = []
    context = contextvars.copy_context()

    def run() -> None:
        try:
            ended.append((context.run(work), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where it was called
            ended.append((None, error))

    thread = threading.Thread(target=run, name=name)
    thread.start()
    thread.join()
    value, error = ended[0]
    if error is not None:
        raise error
    return value
