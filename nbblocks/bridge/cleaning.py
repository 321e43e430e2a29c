"""Deleting the old files of an app while it runs (AP-18)."""

from __future__ import annotations

import dataclasses
import os
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

import anyio
import anyio.to_thread

from .cache import FileCache

_LEAVES = (int, float, complex, bytes, bytearray, memoryview, type, types.ModuleType, types.FunctionType)


async def delete_old(
    store: FileCache, delete_cache: tuple[float, float] | None, values: Callable[[], Iterable[object]]
) -> None:
    """Sweep ``store`` for ever, or not at all if ``delete_cache`` is None. On the scheduler's loop.

    :param delete_cache: seconds between two sweeps, and seconds after which an unused file is old
    :param values: gives all that is shown or held at the moment: files that these values name stay, in
        whatever containers and objects they are. Called on the loop
    """
    if delete_cache is None:
        return
    frequency, age = delete_cache
    while True:
        await anyio.sleep(frequency)
        await anyio.to_thread.run_sync(_sweep, store, age, list(values()))


def _sweep(store: FileCache, age: float, values: list[object]) -> None:
    try:
        keep = set(paths_within(values, store.root))
    except RuntimeError:  # a handler changes a State under our eyes: next time
        return
    store.sweep(age, keep)


def paths_within(value: object, root: str) -> Iterator[str]:
    """All paths below ``root`` that are, or lie in, ``value``: in containers, dataclasses and plain objects.

    :raises RuntimeError: if a container changes its size meanwhile
    """
    beginning = root.rstrip(os.sep) + os.sep
    seen: set[int] = set()
    waiting: deque[object] = deque([value])
    while waiting:
        item = waiting.pop()
        if isinstance(item, (str, os.PathLike)):
            path = item if isinstance(item, str) else os.fspath(cast("os.PathLike[Any]", item))
            if isinstance(path, str) and path.startswith(beginning):
                yield os.path.normpath(path)
        elif item is not None and not isinstance(item, _LEAVES) and id(item) not in seen:
            seen.add(id(item))
            waiting.extend(_inside(item))


def _inside(item: object) -> Iterable[object]:
    if isinstance(item, Mapping):
        found = cast("Mapping[Any, Any]", item)
        return [*found.keys(), *found.values()]
    if isinstance(item, (list, tuple, set, frozenset, deque)):
        return list(cast("Iterable[object]", item))
    if dataclasses.is_dataclass(item):  # one with slots has no dict
        return [getattr(item, field.name, None) for field in dataclasses.fields(item)]
    try:
        return list(object.__getattribute__(item, "__dict__").values())
    except AttributeError:
        return ()
