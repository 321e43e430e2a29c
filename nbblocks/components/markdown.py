"""Markdown: formatted text."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.component import Component, ComponentProps
from nbblocks.core.events import Event

from .checks import shows, text_of
from .prose import DELIMITERS, PROSE, delimiters_of, prose_chunks

Length = int | str


class Markdown(Component[str, Any]):
    """Text in Markdown, with LaTeX between delimiters."""

    api_example = "# Hello!"

    chunks: ClassVar[tuple[str, ...]] = PROSE

    value = t.Unicode(None, allow_none=True).tag(sync=True)
    label = t.Unicode(None, allow_none=True).tag(sync=True)
    show_label = t.Bool(True).tag(sync=True)
    rtl = t.Bool(False).tag(sync=True)
    latex_delimiters = t.List(t.Dict(), DELIMITERS).tag(
        sync=True, ts="{ left: string; right: string; display: boolean }[]"
    )
    sanitize_html = t.Bool(True).tag(sync=True)
    line_breaks = t.Bool(False).tag(sync=True)
    header_links = t.Bool(False).tag(sync=True)
    show_copy_button = t.Bool(False).tag(sync=True)
    height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    max_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    min_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    container = t.Bool(False).tag(sync=True)
    padding = t.Bool(False).tag(sync=True)

    derived = {"buttons": ("show_copy_button",)}

    change = Event("the text became different")
    copy = Event("the user pressed the copy button")

    def __init__(
        self,
        value: str | Callable[..., Any] | None = None,
        *,
        label: str | None = None,
        show_label: bool | None = None,
        rtl: bool = False,
        latex_delimiters: Sequence[Mapping[str, Any]] | None = None,
        sanitize_html: bool = True,
        line_breaks: bool = False,
        header_links: bool = False,
        height: Length | None = None,
        max_height: Length | None = None,
        min_height: Length | None = None,
        show_copy_button: bool | None = None,
        buttons: Sequence[str] | None = None,
        container: bool = False,
        padding: bool = False,
        **shared: Unpack[ComponentProps],
    ) -> None:
        """Create the text ``value``.

        :param label: caption, shown with ``container=True``
        :param rtl: write from right to left
        :param latex_delimiters: dicts of ``left``, ``right`` and ``display`` (as a block); None takes ``$$``
        :param sanitize_html: take scripts and the like out of HTML in the text; False only for text you trust
        :param line_breaks: keep single line breaks
        :param header_links: give headings ids, and links to themselves
        :param height: px or CSS length, as ``max_height`` and ``min_height``; longer text scrolls
        :param show_copy_button: offer to copy the text as it was written; ``buttons=["copy"]`` does the same
        :param container: put it into a frame with its caption
        :param padding: leave room around the text
        :raises ValueError: for odd ``latex_delimiters`` or ``buttons``
        """
        props = {
            "value": value,
            "label": label,
            "show_label": show_label is not False,
            "rtl": rtl,
            "latex_delimiters": delimiters_of("Markdown", latex_delimiters),
            "sanitize_html": sanitize_html,
            "line_breaks": line_breaks,
            "header_links": header_links,
            "height": height,
            "max_height": max_height,
            "min_height": min_height,
            "show_copy_button": shows("copy", buttons, show_copy_button, "show_copy_button") or False,
            "container": container,
            "padding": padding,
        }
        super().__init__(props, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: its source."""
        return sketch.prose(self.value)

    def postprocess(self, value: object) -> str | None:
        """``str(value)`` without the indentation that its lines have in common."""
        return None if value is None else inspect.cleandoc(text_of("Markdown", value))

    def get_config(self) -> dict[str, Any]:
        """As every block, with the names of its ``buttons``."""
        return {**super().get_config(), "buttons": ["copy"] if self.show_copy_button else []}

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """What draws the text, and its formulas and code if there are any."""
        delimiters = shown.get("latex_delimiters", self.latex_delimiters)
        return prose_chunks(shown.get("value", self.value), delimiters)
