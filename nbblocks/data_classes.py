"""Gradio's ``gradio.data_classes``: the same names here, as far as they mean something without a server.

`GradioModel` and `GradioRootModel` are JSON-like data here, and no models of pydantic: annotations give them
fields and defaults, the types are not checked.
"""

from typing import TYPE_CHECKING

from ._names import looked_up
from .bridge.files import FileMeta as FileDataMeta
from .bridge.files import FileRecord as FileDataDict
from .core.filedata import FileData, ImageData, ListFiles
from .core.records import Record as GradioModel
from .core.records import Records as GradioRootModel

GradioDataModel = GradioModel | GradioRootModel

__all__ = [
    "FileData",
    "FileDataDict",
    "FileDataMeta",
    "GradioDataModel",
    "GradioModel",
    "GradioRootModel",
    "ImageData",
    "ListFiles",
]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
