"""Textbox and TextArea: text to read and edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import traitlets as t
from typing_extensions import TypedDict, Unpack

from nbblocks.bridge.component import FieldProps
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick
from nbblocks.core.places import warn

from .button import Button
from .checks import is_missing, one_of, shows, text_of
from .tools import ToolField, names_in


class InputHTMLAttributes(TypedDict, total=False):
    """Attributes of the input element, for ``Textbox(html_attributes=...)``; as in HTML."""

    autocapitalize: str
    autocorrect: str
    autocomplete: str
    enterkeyhint: str
    lang: str
    spellcheck: bool
    tabindex: int
    inputmode: str


class Textbox(ToolField[str, Any]):
    """Text in one line or several."""

    api_example = "Hello!!"

    value = t.Unicode(None, allow_none=True).tag(sync=True)
    lines = t.Int(1).tag(sync=True)
    max_lines = t.Int(20, allow_none=True).tag(sync=True)
    placeholder = t.Unicode(None, allow_none=True).tag(sync=True)
    autofocus = t.Bool(False).tag(sync=True)
    autoscroll = t.Bool(True).tag(sync=True)
    type = t.Enum(["text", "password", "email"], "text").tag(sync=True)
    text_align = t.Enum(["left", "right"], None, allow_none=True).tag(sync=True)
    rtl = t.Bool(False).tag(sync=True)
    show_copy_button = t.Bool(False).tag(sync=True)
    max_length = t.Int(None, allow_none=True).tag(sync=True)
    submit_btn = t.Union([t.Bool(), t.Unicode()], default_value=False).tag(sync=True)
    stop_btn = t.Union([t.Bool(), t.Unicode()], default_value=False).tag(sync=True)
    html_attributes = t.Dict(t.Any()).tag(sync=True)

    derived = {**ToolField.derived, "buttons": ("show_copy_button",), "type": ("lines",)}

    input = Event("the user typed")
    select = Event("the user selected some of the text")
    submit = Event("the user pressed Enter, or Shift+Enter in a box of several lines")
    focus = Event("the box came into focus")
    blur = Event("the box lost the focus")
    stop = Event("the user pressed the stop button")
    copy = Event("the user pressed the copy button")

    def __init__(
        self,
        value: str | Callable[..., Any] | None = None,
        *,
        lines: int = 1,
        max_lines: int | None = 20,
        placeholder: str | None = None,
        autofocus: bool = False,
        autoscroll: bool = True,
        type: str = "text",
        text_align: str | None = None,
        rtl: bool = False,
        show_copy_button: bool | None = None,
        max_length: int | None = None,
        submit_btn: str | bool | None = False,
        stop_btn: str | bool | None = False,
        buttons: Sequence[str | Button] | None = None,
        html_attributes: InputHTMLAttributes | dict[str, Any] | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create a box that holds ``value``.

        :param lines: lines it always has room for
        :param max_lines: lines it grows to before it scrolls
        :param autoscroll: stay at the end when the value grows
        :param type: ``"text"``, or ``"password"`` or ``"email"`` in one line
        :param submit_btn: show a button that submits; a str is its text
        :param stop_btn: as ``submit_btn``, for a button that fires ``stop``
        :param max_length: most characters that the user can type
        :param text_align: ``"left"`` or ``"right"``; None as the language writes
        :param rtl: write from right to left
        :param buttons: ``["copy"]``, the newer form of ``show_copy_button=True``, and Buttons of your own
        :param html_attributes: attributes of the input element, those of `InputHTMLAttributes`
        :raises ValueError: for a ``type`` or ``text_align`` outside the allowed values
        """
        one_of("Textbox", "type", type, ("text", "password", "email"))
        one_of("Textbox", "text_align", text_align, ("left", "right", None))
        if lines > 1 and type != "text":
            warn(f"lines={lines} has no effect with type={type!r}")
            lines = 1
        copies = shows("copy", names_in(buttons), show_copy_button, "show_copy_button")
        props = {
            "value": value,
            "lines": lines,
            "max_lines": max_lines,
            "placeholder": placeholder,
            "autofocus": autofocus,
            "autoscroll": autoscroll,
            "type": type,
            "text_align": text_align,
            "rtl": rtl,
            "show_copy_button": copies or False,
            "max_length": max_length,
            "submit_btn": submit_btn or False,
            "stop_btn": stop_btn or False,
            "html_attributes": html_attributes or {},
        }
        super().__init__(props, {**shared, "buttons": buttons})

    def from_page(self, raw: Any) -> str | None:
        """A text; a number, as Clients may give it, is taken for its text."""
        return super().from_page(str(raw) if isinstance(raw, (int, float)) else raw)

    def held(self, wire: str | None) -> str:
        """An empty field holds an empty text, as in Gradio's page."""
        return "" if wire is None else wire

    @quick
    def postprocess(self, value: object) -> str | None:
        """``str(value)``; None, and what pandas says for a missing value, empty the box."""
        return None if is_missing(value) else text_of("Textbox", value)


class TextArea(Textbox):
    """A Textbox of seven lines."""

    drawn_as = "textbox"

    def __init__(
        self, value: str | Callable[..., Any] | None = None, *, lines: int = 7, **options: Any
    ) -> None:
        """Create a box that holds ``value``; ``options`` are those of `Textbox`."""
        super().__init__(value, lines=lines, **options)

    @property
    def type_name(self) -> str:
        """It is a textbox to all others."""
        return "textbox"
