"""What the modules under Gradio's names share: names that are looked up in the package when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

MODULES = (
    "blocks", "chat_interface", "components", "data_classes", "events", "exceptions", "external", "flagging",
    "helpers", "interface", "layouts", "renderable", "templates", "utils",
)  # fmt: skip
"""Modules that are attributes of the package, as Gradio's are; loaded when asked for."""


def looked_up(module: str, names: Sequence[str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of ``module``: ``names`` are what the package has under them."""

    def get(name: str) -> Any:
        if name in names:
            return getattr(importlib.import_module(module.rpartition(".")[0]), name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return get


def submodule(name: str) -> Any:
    """The ``__getattr__`` of the package itself."""
    if name in MODULES:
        return importlib.import_module(f"nbblocks.{name}")
    raise AttributeError(f"module 'nbblocks' has no attribute {name!r}")
