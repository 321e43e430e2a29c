"""Code: an editor with syntax colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.core.events import Event

from .checks import kind_of, one_of
from .tools import ToolField, ToolProps

DIALECTS = "msSQL mySQL mariaDB sqlite cassandra plSQL hive pgSQL gql gpSQL sparkSQL esper".split()
LANGUAGES = (
    *"python c cpp markdown latex json html css javascript jinja2 typescript".split(),
    *"yaml dockerfile shell r sql".split(),
    *(f"sql-{dialect}" for dialect in DIALECTS),
    None,
)


class Code(ToolField[str, str]):
    """An editor for code."""

    api_example = "print('Hello World')"

    framed = False
    chunks: ClassVar[tuple[str, ...]] = ("editor",)
    usual = ("copy", "download")

    value = t.Unicode(None, allow_none=True).tag(sync=True)
    language = t.Unicode(None, allow_none=True).tag(sync=True)
    lines = t.Int(5).tag(sync=True)
    max_lines = t.Int(None, allow_none=True).tag(sync=True)
    wrap_lines = t.Bool(False).tag(sync=True)
    show_line_numbers = t.Bool(True).tag(sync=True)
    autocomplete = t.Bool(False).tag(sync=True)

    input = Event("the user edited the code")
    focus = Event("the editor came into focus")
    blur = Event("the editor lost the focus")

    def __init__(
        self,
        value: str | Callable[..., Any] | None = None,
        language: str | None = None,
        *,
        lines: int = 5,
        max_lines: int | None = None,
        wrap_lines: bool = False,
        show_line_numbers: bool = True,
        autocomplete: bool = False,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create an editor that holds ``value``.

        :param language: what to colour it as; None does not colour
        :param lines: lines it always has room for
        :param max_lines: lines it grows to before it scrolls; None for no limit
        :param wrap_lines: break long lines instead of scrolling them
        :param show_line_numbers: number the lines at their beginning
        :param autocomplete: propose words while the user types
        :raises ValueError: for an unknown ``language``
        """
        one_of("Code", "language", language, LANGUAGES)
        props = {
            "value": value,
            "language": language,
            "lines": lines,
            "max_lines": max_lines,
            "wrap_lines": wrap_lines,
            "show_line_numbers": show_line_numbers,
            "autocomplete": autocomplete,
        }
        super().__init__(props, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: its text, character by character."""
        return self.captioned(sketch.code(self.value))

    def postprocess(self, value: Any) -> str | None:
        """The code without white space around it.

        :raises TypeError: if it is no str
        """
        if value is not None and not isinstance(value, str):
            raise TypeError(f"Code expects a str, got {kind_of(value)}: {value!r}")
        return None if value is None else value.strip()
