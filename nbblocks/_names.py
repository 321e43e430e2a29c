"""Names of the package, and of the modules under Gradio's names, that are looked up when asked for."""

from __future__ import annotations

import importlib
import sys
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
        raise unknown(module, name)

    return get


def unknown(module: str, name: str) -> AttributeError:
    """The error of a name that ``module`` does not have, with the one that may be meant."""
    text = f"module {module!r} has no attribute {name!r}"
    if not name.startswith("_"):
        for place in (module, "nbblocks"):
            if near := _near(name, sys.modules[place]):
                return AttributeError(f"{text}; did you mean {near if place == module else f'gr.{near}'!r}?")
    return AttributeError(text)


def _near(name: str, module: Any) -> str | None:
    import difflib

    known = {one.lower(): one for one in getattr(module, "__all__", None) or dir(module)}
    found = difflib.get_close_matches(name.lower(), known, 1)
    return known[found[0]] if found else None


LATE = {
    "CSVLogger": "app.flagging", "Examples": "app.examples", "FlaggingCallback": "app.flagging",
    "Interface": "app.interface", "SimpleCSVLogger": "app.flagging", "TabbedInterface": "app.tabbed",
    "api": "app.api", "load": "app.loading",
}  # fmt: skip
"""Names of the package that not every program uses, and the modules that have them."""


def of_package(name: str) -> Any:
    """The ``__getattr__`` of the package itself: modules and names that are loaded when asked for."""
    if name in MODULES:
        return importlib.import_module(f"nbblocks.{name}")
    if name in LATE:
        return getattr(importlib.import_module(f"nbblocks.{LATE[name]}"), name)
    raise unknown("nbblocks", name)
