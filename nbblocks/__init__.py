"""Gradio's Blocks, living wholly inside a Jupyter kernel: ``import nbblocks as gr``."""

import sys
from typing import TYPE_CHECKING, Any

from . import themes
from ._names import of_package as __getattr__  # noqa: F401  # pyright: ignore[reportUnusedImport] - gr.helpers, gr.Interface
from ._version import __version__
from .app.blocks import Blocks, close_all
from .app.later import *  # noqa: F403 - names that exist so that an import never fails
from .app.later import __all__ as _later
from .app.magic import offer as _offer_magic
from .app.render import render
from .bridge.component import Component as Component
from .bridge.options import FileSize
from .client import Client, handle_file
from .components import *  # noqa: F403
from .components import Checkboxgroup, DataFrame, Highlight, Highlightedtext, Json, Text
from .components import __all__ as _components
from .components.pictures import WatermarkOptions, WebcamOptions
from .components.textbox import InputHTMLAttributes
from .core.errors import (
    AppError,
    ComponentProcessingError,
    DuplicateBlockError,
    Error,
    InvalidApiNameError,
    InvalidBlockError,
    InvalidComponentError,
    InvalidPathError,
)
from .core.events import (
    CopyData,
    DeletedFileData,
    DownloadData,
    EditData,
    Event,
    EventData,
    KeyUpData,
    LikeData,
    RetryData,
    SelectData,
    UndoData,
    on,
)
from .core.filedata import FileData
from .core.listeners import Dependency
from .core.progress import Progress
from .core.requests import Request
from .core.toasts import info as Info
from .core.toasts import success as Success
from .core.toasts import warning as Warning  # noqa: F401  # pyright: ignore[reportUnusedImport] - not in __all__: it would hide the builtin
from .core.updates import skip, update
from .core.validation import validate
from .layout import *  # noqa: F403
from .layout import __all__ as _layout
from .themes import Theme

if TYPE_CHECKING:
    from .app.api import api
    from .app.examples import Examples
    from .app.flagging import CSVLogger, FlaggingCallback, SimpleCSVLogger
    from .app.interface import Interface
    from .app.loading import load
    from .app.tabbed import TabbedInterface

if "ipykernel" in sys.modules:
    # In a kernel an app is going to be shown: load what shows it with the import, not with the first app.
    from .bridge import mimebundle as _shows_apps  # noqa: F401  # pyright: ignore[reportUnusedImport]


_offer_magic()


def load_ipython_extension(ipython: Any) -> None:
    """What ``%load_ext nbblocks`` calls: it gives the cell magic ``%%blocks``, as the import does."""
    from .app.magic import load_ipython_extension as load_it

    load_it(ipython)


NO_RELOAD = True
"""True, as in Gradio outside of its reload mode."""

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "NO_RELOAD",
    "AppError",
    "Blocks",
    "CSVLogger",
    "Checkboxgroup",
    "Client",
    "ComponentProcessingError",
    "CopyData",
    "DataFrame",
    "DeletedFileData",
    "Dependency",
    "DownloadData",
    "DuplicateBlockError",
    "EditData",
    "Error",
    "Event",
    "EventData",
    "Examples",
    "FileData",
    "FileSize",
    "FlaggingCallback",
    "Highlight",
    "Highlightedtext",
    "Info",
    "InputHTMLAttributes",
    "Interface",
    "InvalidApiNameError",
    "InvalidBlockError",
    "InvalidComponentError",
    "InvalidPathError",
    "Json",
    "KeyUpData",
    "LikeData",
    "Progress",
    "Request",
    "RetryData",
    "SelectData",
    "SimpleCSVLogger",
    "Success",
    "TabbedInterface",
    "Text",
    "Theme",
    "UndoData",
    "WatermarkOptions",
    "WebcamOptions",
    "__version__",
    "api",
    "close_all",
    "handle_file",
    "load",
    "load_ipython_extension",
    "on",
    "render",
    "skip",
    "themes",
    "update",
    "validate",
    *_components,
    *_layout,
    *_later,
]
