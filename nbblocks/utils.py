"""Gradio's ``gradio.utils``: the same names here, as far as they are for programs to use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import components
from ._names import looked_up
from ._version import __version__
from .app.example_files import kept_directory
from .bridge import cache
from .bridge.component import Component
from .bridge.options import FileSize

NO_RELOAD = True


def get_package_version() -> str:
    """The version of nbblocks."""
    return __version__


def get_cache_folder() -> Path:
    """Where results of examples lie: what ``GRADIO_EXAMPLES_CACHE`` names, or a temporary directory."""
    return kept_directory() or Path(cache.shared().root)


def core_gradio_components() -> Iterator[type[Component[Any, Any]]]:
    """The classes of all components."""
    for name in components.__all__:
        yield getattr(components, name)


__all__ = ["NO_RELOAD", "FileSize", "core_gradio_components", "get_cache_folder", "get_package_version"]

__getattr__ = looked_up(__name__, ("set_static_paths",))
