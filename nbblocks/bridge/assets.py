"""The front-end's bundle and its chunks as widget models: once per kernel, loaded once per page (D2)."""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

import traitlets as t
from ipywidgets import Widget

STATIC = Path(__file__).parent.parent / "static"
_lock = threading.Lock()
_assets: dict[str, Asset] = {}
_provided: dict[str, Callable[[], str]] = {}


class Asset(Widget):
    """A text that pages fetch as a widget model: the bundle, or one of its heavy chunks."""

    source = t.Unicode().tag(sync=True)
    hash = t.Unicode().tag(sync=True)


def provide(name: str, text: Callable[[], str]) -> None:
    """Take the file ``name`` from elsewhere than the built front-end: ``text`` is called when needed."""
    _provided[name] = text


@functools.cache
def text_of(name: str) -> str:
    """Text of a built front-end file, or of one that is provided.

    :raises FileNotFoundError: if the front-end was not built
    """
    if name in _provided:
        return _provided[name]()
    path = STATIC / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"the front-end file {name} is missing: in a checkout, build it with "
            "`npm ci && npm run build` in js/"
        ) from None


@functools.cache
def parts() -> dict[str, str]:
    """Which chunk draws a type of block; types that are not there are drawn by the bundle."""
    path = STATIC / "parts.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def asset(name: str) -> Asset:
    """The kernel's one model for the file ``name``, made at first use."""
    with _lock:
        found = _assets.get(name)
        if found is None or found.comm is None:
            source = text_of(name)
            digest = hashlib.sha256(source.encode()).hexdigest()[:16]
            found = _assets[name] = Asset(source=source, hash=digest)
        return found
