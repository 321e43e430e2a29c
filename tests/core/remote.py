"""Functions that executors are sent: of a module, so that other processes find them by name."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any


def double(x: int) -> int:
    return 2 * x


def decorated(x: int) -> int:
    return 3 * x


def pid() -> int:
    return os.getpid()


def pair(x: Any, y: Any = "default") -> tuple[Any, Any]:
    return y, x


def keep(items: list[Any], x: Any) -> tuple[list[Any], int]:
    """Change a State in place, and return another."""
    items.append("in place")
    return [x], len(items)


def fail(x: Any) -> None:
    raise ValueError(f"no {x}")


def leave(x: Any) -> None:
    raise SystemExit(f"left {x}")


def lock() -> Any:
    return threading.Lock()


def die() -> None:
    """End the process without a word."""
    os._exit(1)


def many(values: list[Any]) -> list[list[Any]]:
    return [[(value, os.getpid()) for value in values]]


def wrong(values: list[Any]) -> list[Any]:
    return values


def steps(x: int) -> Any:
    yield x
    yield os.getpid()


async def coroutine() -> int:
    return os.getpid()


def wait(folder: str, name: str) -> str:
    """Note that it runs, wait until the file ``open`` is there, and note that it has ended."""
    path = Path(folder)
    (path / f"{name}.runs").touch()
    end = time.monotonic() + 20
    while not (path / "open").exists() and time.monotonic() < end:
        time.sleep(0.005)
    (path / f"{name}.ended").touch()
    return name
