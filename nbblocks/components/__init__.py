"""The components, one small file each."""

from typing import TYPE_CHECKING

from nbblocks._names import looked_up
from nbblocks.bridge.component import Component as Component
from nbblocks.bridge.component import Field as FormComponent  # noqa: F401  # pyright: ignore[reportUnusedImport] - for programs

from .browser_state import BrowserState
from .button import Button
from .checkbox import Checkbox
from .checkbox_group import CheckboxGroup
from .clear_button import ClearButton
from .code import Code
from .color_picker import ColorPicker
from .custom import CustomComponent
from .dataframe import Dataframe, List, Matrix, Numpy
from .dataset import Dataset
from .date_time import DateTime
from .download_button import DownloadButton
from .dropdown import Dropdown
from .file import File, Files
from .gallery import Gallery
from .highlighted_text import HighlightedText
from .html import HTML
from .image import Image
from .json import JSON
from .label import Label
from .markdown import Markdown
from .native_plot import BarPlot, LinePlot, ScatterPlot
from .native_plot import NativePlot as NativePlot
from .number import Number
from .plot import Plot
from .radio import Radio
from .shortcuts import component_of
from .shortcuts import get_component_instance as get_component_instance
from .slider import Slider
from .state import State
from .textbox import TextArea, Textbox
from .timer import Timer
from .upload_button import UploadButton
from .widget import Widget

DataFrame = Dataframe
Text = Textbox
Json = JSON
Checkboxgroup = CheckboxGroup
Highlightedtext = Highlight = HighlightedText
component = component_of

__all__ = [
    "HTML",
    "JSON",
    "BarPlot",
    "BrowserState",
    "Button",
    "Checkbox",
    "CheckboxGroup",
    "ClearButton",
    "Code",
    "ColorPicker",
    "CustomComponent",
    "Dataframe",
    "Dataset",
    "DateTime",
    "DownloadButton",
    "Dropdown",
    "File",
    "Files",
    "Gallery",
    "HighlightedText",
    "Image",
    "Label",
    "LinePlot",
    "List",
    "Markdown",
    "Matrix",
    "Number",
    "Numpy",
    "Plot",
    "Radio",
    "ScatterPlot",
    "Slider",
    "State",
    "TextArea",
    "Textbox",
    "Timer",
    "UploadButton",
    "Widget",
]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
