"""Gradio's ``gradio.data_classes``: the same names here, as far as they mean something without a server."""

from .bridge.files import FileMeta as FileDataMeta
from .bridge.files import FileRecord as FileDataDict
from .core.filedata import FileData

__all__ = ["FileData", "FileDataDict", "FileDataMeta"]
