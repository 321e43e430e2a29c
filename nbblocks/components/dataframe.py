"""Dataframe: a table to read and edit."""

from __future__ import annotations

import importlib.util
import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.component import Field, FieldProps
from nbblocks.bridge.files import shortened
from nbblocks.bridge.schemas import list_of, object_of
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.places import warn

from .cells import Lists, Source, fitting
from .checks import one_of, shows
from .edits import Edit, check_edits, columns_of
from .prose import DELIMITERS, delimiters_of, prose_chunks
from .tables import KINDS, TYPES, WHOLE, Styles, given_back, read
from .wholes import DataframeData, are_headers, are_rows, brought, sample
from .windows import Table, known, told_of

Kind = Literal["str", "number", "bool", "date", "markdown", "html", "image", "auto"]
Count = int | tuple[int, str] | None
Limits = tuple[int | None, int | None]
MAX_TEXT = 1_000_000
"""Characters of a table that is sent whole."""
SENT = 16
"""Small tables that are kept, of those that pages were sent: what a user does to one names it."""

TS_TABLE = (
    "{ headers: unknown[]; data: unknown[][]; metadata: { display_value?: (string | null)[][] | null; "
    "styling?: (string | null)[][] | null } | null; rows?: number; table?: string; cut?: [number, number][]; "
    "numbers?: number[]; missing?: Record<string, string>; edits?: Record<string, unknown>[] } | null"
)


class Dataframe(Field[DataframeData | Table, Any]):
    """A table, of any length: a large one stays in the kernel, and the page gets the rows in sight."""

    api_schema = object_of(headers=list_of({}), data=list_of(list_of({})), metadata={"type": "object"})
    api_example = {"headers": ["a", "b"], "data": [["foo", "bar"]]}

    framed = False
    chunks: ClassVar[tuple[str, ...]] = ("grid", "markdown", "katex")

    value = t.Any(None, allow_none=True).tag(sync=True, ts=TS_TABLE)
    headers = t.List(t.Any()).tag(sync=True)
    row_count = t.List(t.Any(), [1, "dynamic"]).tag(sync=True, ts='[number, "fixed" | "dynamic"]')
    column_count = t.List(t.Any(), [3, "dynamic"]).tag(sync=True, ts='[number, "fixed" | "dynamic"]')
    row_limits = t.List(t.Any(), None, allow_none=True).tag(
        sync=True, ts="[number | null, number | null] | null"
    )
    column_limits = t.List(t.Any(), None, allow_none=True).tag(
        sync=True, ts="[number | null, number | null] | null"
    )
    datatype = t.Union([t.Unicode(), t.List(t.Unicode())], default_value="str").tag(sync=True)
    latex_delimiters = t.List(t.Dict(), DELIMITERS).tag(
        sync=True, ts="{ left: string; right: string; display: boolean }[]"
    )
    max_height = t.Union([t.Int(), t.Unicode()], default_value=500).tag(sync=True)
    wrap = t.Bool(False).tag(sync=True)
    line_breaks = t.Bool(True).tag(sync=True)
    column_widths = t.List(t.Unicode()).tag(sync=True)
    show_row_numbers = t.Bool(False).tag(sync=True)
    max_chars = t.Int(None, allow_none=True).tag(sync=True)
    show_search = t.Enum(["none", "search", "filter"], "none").tag(sync=True)
    pinned_columns = t.Int(0).tag(sync=True)
    static_columns = t.List(t.Int()).tag(sync=True)
    show_copy_button = t.Bool(True).tag(sync=True)
    show_fullscreen_button = t.Bool(True).tag(sync=True)

    derived = {
        **Field.derived,
        "buttons": ("show_copy_button", "show_fullscreen_button"),
        "headers": ("column_count",),
        "col_count": ("column_count",),
        "static_columns": ("column_count",),
        "height": ("max_height",),
    }

    input = Event("the user changed the table")
    select = Event("the user chose a cell; the data say which, as (row, column) of the table as it was given")
    edit = Event("the user changed a cell; the data say which, and what it held before")

    def __init__(
        self,
        value: Any | Callable[..., Any] | None = None,
        *,
        headers: Sequence[Any] | None = None,
        row_count: Count = None,
        row_limits: Limits | None = None,
        col_count: Count = None,
        column_count: Count = None,
        column_limits: Limits | None = None,
        datatype: Kind | Sequence[Kind] = "str",
        type: str = "pandas",
        latex_delimiters: Sequence[Mapping[str, str | bool]] | None = None,
        height: int | str | None = None,
        max_height: int | str = 500,
        wrap: bool = False,
        line_breaks: bool = True,
        column_widths: Sequence[str | int] | None = None,
        buttons: Sequence[str] | None = None,
        show_copy_button: bool | None = None,
        show_fullscreen_button: bool | None = None,
        show_row_numbers: bool = False,
        max_chars: int | None = None,
        show_search: str = "none",
        pinned_columns: int | None = None,
        static_columns: Sequence[int] | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with ``value``: a DataFrame of pandas or polars, a Styler, an array, rows, or a csv file.

        An index of a DataFrame is not shown. Handlers get all cells that nobody has edited as they were, in
        the types of their columns; what a user enters is turned into the type of its column. If that cannot
        hold it, the column becomes one of objects, or of a nullable type if an integer or bool was emptied.

        :param headers: names of columns, for values that have none; too few are filled with "2", "3", ...
        :param row_count: rows of an empty table, and whether the user may add some: n or (n, "dynamic"),
            (n, "fixed"); ``column_count`` likewise, by default as many as headers, else 3
        :param row_limits: least and most rows that the user may make of it, as ``column_limits``
        :param col_count: older name of ``column_count``, as ``height`` is of ``max_height``
        :param datatype: what columns hold, of one or of each: "str", "number", "bool", "date", "markdown",
            "html", "image" (an address), or "auto": what their cells are
        :param type: what handlers get: "pandas", "polars", "numpy" or "array" (a list of rows)
        :param max_height: px or CSS length, beyond which it scrolls
        :param wrap: break long texts into lines instead of cutting them off
        :param column_widths: px or CSS lengths of the columns
        :param buttons: small buttons to show, of "copy" and "fullscreen"
        :param max_chars: characters of a cell beyond which it is cut until it is chosen
        :param show_search: "search" for a field to search with, "filter" to keep what it has found besides
        :param pinned_columns: so many columns stay in sight when it scrolls sideways
        :param static_columns: indices of columns that the user cannot edit
        :raises ValueError: for a parameter outside its allowed values, and for a value that is no table
        :raises ImportError: if ``type`` needs a library that is not there
        """
        one_of("Dataframe", "type", type, TYPES)
        if type == "polars" and importlib.util.find_spec("polars") is None:
            raise ImportError(
                "Dataframe(type='polars') needs polars, which is not installed: pip install polars"
            )
        for kind in [datatype] if isinstance(datatype, str) else datatype:
            one_of("Dataframe", "datatype", kind, KINDS)
        one_of("Dataframe", "show_search", show_search, ("none", "search", "filter"))
        if col_count is not None and column_count is not None and col_count != column_count:
            text = f"column_count={column_count} wins over col_count={col_count}"
            warn(text)
        columns = _count(
            "column_count", col_count if column_count is None else column_count, len(headers or ()) or 3
        )
        if static_columns:
            columns[1] = "fixed"
        self.type = type
        self._sent: deque[Table] = deque(maxlen=SENT)
        self._edited: Table | None = None
        """The table that a page has edited last: more edits of it may be on their way when it is replaced."""
        names = list(range(1, columns[0] + 1)) if headers is None else list(headers)
        props = {
            "value": value,
            "headers": fitting([str(one) if headers is None else one for one in names], columns[0]),
            "row_count": _count("row_count", row_count, 1),
            "column_count": columns,
            "row_limits": _limits("row_limits", row_limits),
            "column_limits": _limits("column_limits", column_limits),
            "datatype": datatype if isinstance(datatype, str) else list(datatype),
            "latex_delimiters": delimiters_of("Dataframe", latex_delimiters),
            "max_height": max_height if height is None or max_height != 500 else height,
            "wrap": wrap,
            "line_breaks": line_breaks,
            "column_widths": [one if isinstance(one, str) else f"{one}px" for one in column_widths or ()],
            "show_row_numbers": show_row_numbers,
            "max_chars": max_chars,
            "show_search": show_search,
            "pinned_columns": pinned_columns or 0,
            "static_columns": list(static_columns or ()),
            "show_copy_button": shows("copy", buttons, show_copy_button, "show_copy_button") is not False,
            "show_fullscreen_button": shows(
                "fullscreen", buttons, show_fullscreen_button, "show_fullscreen_button"
            )
            is not False,
        }
        super().__init__(props, shared)

    @t.validate("value")
    def _as_wire(self, proposal: Any) -> Any:
        """What code in a cell sets may be any table that a handler could return."""
        given = proposal["value"]
        return (
            given if given is None or isinstance(given, (Table, DataframeData)) else self.postprocess(given)
        )

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """The grid, and what draws Markdown, HTML and formulas if a column has any."""
        kinds = shown.get("datatype", self.datatype)
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        yield "grid"
        if kinds & {"markdown", "html"}:
            yield "markdown"
        if "markdown" in kinds:
            wire = shown.get("value", self.value)
            delimiters = shown.get("latex_delimiters", self.latex_delimiters)
            parts = {*prose_chunks(sample(wire), delimiters)}
            yield from (name for name in self.chunks if name in parts and name != "markdown")

    # -- values

    def picture(self, show: sketch.Files) -> str:
        """As every component: its first rows."""
        value: Any = self.value
        rows = value.source.rows if isinstance(value, Table) else None
        found = value.first() if isinstance(value, Table) else value
        return self.captioned(sketch.table(found["headers"], found["data"], rows))

    def preprocess(self, payload: DataframeData | Table | None) -> Any:
        """The table as ``type`` says, in the order that it was given in: a new object.

        :raises ImportError: if pandas or numpy is needed and not there
        """
        if isinstance(payload, Table):
            return given_back(payload.source, self.type)
        table = payload.origin if isinstance(payload, DataframeData) else None
        if table is not None and payload is not None:
            return given_back(brought(table, payload).source, self.type)
        found: Mapping[str, Any] = payload or {"headers": self.headers, "data": []}
        return given_back(Lists(found["data"], found["headers"]), self.type)

    def postprocess(self, value: Any) -> DataframeData | Table:
        """The table; a large one stays as it is, and only what pages look at is turned into JSON.

        :raises ValueError: for what is no table
        :raises FileNotFoundError: if there is no such csv file
        """
        return self._own(value) if isinstance(value, Table) else self._wire(*read(value, self.headers))

    @staticmethod
    def get_cell_data(value: Any) -> list[list[Any]]:
        """The rows of anything that a handler could return, without what a Styler hides."""
        return read(value, ())[0].cells()

    @staticmethod
    def get_headers(value: Any) -> list[Any]:
        """The names of the columns of anything that a handler could return; none of what has none."""
        return list(read(value, ())[0].headers) if value is not None else []

    def _own(self, table: Table) -> Table:
        return table if table.owner == self._id else Table(self._id, table.source, table.styles)

    def _wire(self, source: Source, styles: Styles | None) -> DataframeData | Table:
        source = source if source.columns else Lists([], self.headers)
        return self._fitting(Table(self._id, source, styles))

    def _fitting(self, table: Table) -> DataframeData | Table:
        """The table as a value: a large one as it is."""
        if table.source.rows * table.source.columns > WHOLE:
            return table
        made = DataframeData.of(table, self.headers)
        texts = (cell for row in made["data"] for cell in row if isinstance(cell, str))
        return table if sum(map(len, texts)) > MAX_TEXT else made

    def to_page(self, wire: DataframeData | Table | None) -> Any:
        """A small table whole, of a large one its first rows; with a name for questions and edits."""
        if isinstance(wire, Table):
            return wire.first()
        table = wire.origin if isinstance(wire, DataframeData) else None
        if table is None or wire is None or (not wire["data"] and isinstance(table.source, Lists)):
            return wire  # of an empty one there is nothing to be known
        if all(one is not table for one in self._sent):
            self._sent.append(table)
        return {**wire, "table": table.token, **told_of(table.source, wire["data"])}

    def from_page(self, raw: Any) -> DataframeData | Table:
        """What the user did to a table that the kernel has, or one that was sent whole."""
        if raw is None:
            return self.postprocess(None)
        if isinstance(raw, Table):
            return self._own(raw)
        if isinstance(raw, DataframeData) and raw.origin is not None:  # of an earlier app
            return self._fitting(self._own(brought(raw.origin, raw)))
        if isinstance(raw, (str, os.PathLike)):  # the path of a csv file is for programs to give
            raise MessageError(f"value of dataframe: expected a table, got {shortened(cast('object', raw))}")
        if not isinstance(raw, dict):
            return self._read(raw)
        given = cast("dict[str, Any]", raw)
        data, headers = given.get("data"), given.get("headers", [])
        if "table" in given and (data is None or "rows" in given):
            self._edited = self._named(given["table"], headers)
            return self._with_edits(self._edited, given.get("edits", []))
        if not are_rows(data) or not are_headers(headers):
            raise MessageError(
                f"value of dataframe: expected an object with data and headers, got {shortened(given)}"
            )
        if "table" in given:  # js may have computed it of what the page was given
            return self._compared(given)
        return self._wire(*read(given, self.headers))

    def _named(self, token: object, headers: object) -> Table:
        """The table that a page names; None is an empty one with these headers."""
        if token is not None:
            return known(self._id, token)
        if not are_headers(headers):
            raise MessageError(
                f"value of dataframe: headers must be a list of names, got {shortened(headers)}"
            )
        table = Table(self._id, Lists([], cast("list[Any]", headers) or self.headers))
        table.whole = True
        return table

    def _compared(self, given: Mapping[str, Any]) -> DataframeData | Table:
        """A table that was sent whole: cells that are what the page was sent are what they were."""
        try:
            table = known(self._id, given["table"])
        except MessageError:  # of another component, or long gone
            return self._wire(*read(given, self.headers))
        edits = check_edits(given.get("edits") or [])
        after = brought(Table(self._id, None, base=table, edits=edits) if edits else table, given)
        if after is table:
            return self._fitting(table)
        styles = read({"data": [], "metadata": given.get("metadata")}, ())[1]
        return self._fitting(Table(self._id, after.source, styles))

    def from_client(self, raw: Any) -> DataframeData | Table:
        """As from a page; or the path of a csv file."""
        return self._read(raw) if isinstance(raw, (str, os.PathLike)) else self.from_page(raw)

    def _read(self, raw: Any) -> DataframeData | Table:
        try:
            return self.postprocess(raw)
        except (ValueError, OSError) as error:
            raise MessageError(f"value of dataframe: {error}") from None

    def _with_edits(self, table: Table, given: object) -> DataframeData | Table:
        edits = check_edits(given)
        for edit in edits:
            self._allow(edit)
        after = Table(self._id, None, base=table, edits=edits) if edits else table
        return self._fitting(after) if table.whole else after

    def _allow(self, edit: Edit) -> None:
        """Refuse what the parameters do not let the user do."""
        kind = edit["do"]
        fixed = ((kind.endswith("_rows") or kind == "drop") and self.row_count[1] == "fixed") or (
            (kind.endswith("_columns") or kind == "rename") and self.column_count[1] == "fixed"
        )
        fixed = fixed or (kind == "blank" and edit["count"] > self.row_count[0])
        static = bool(self.static_columns) and not columns_of(edit).isdisjoint(self.static_columns)
        if fixed or static:
            raise MessageError(f"value of dataframe: the user may not do this here: {shortened(edit)}")

    def answer(self, value: Any, content: Mapping[str, Any]) -> Any:
        """A window of a large table, or one of its cells whole; null if the page asks for another table."""
        named = content.get("table")
        if not isinstance(value, Table) or named not in (value.token, value.base and value.base.token):
            return None
        return value.cell(content["cell"]) if "cell" in content else value.window(content)


class Numpy(Dataframe):
    """A Dataframe whose handlers get arrays."""

    drawn_as = "dataframe"

    def __init__(self, value: Any = None, *, type: str = "numpy", **options: Any) -> None:
        """Create it with ``value``; ``options`` are those of `Dataframe`."""
        super().__init__(value, type=type, **options)

    @property
    def type_name(self) -> str:
        """It is a Dataframe to all others."""
        return "dataframe"


class Matrix(Numpy):
    """A Dataframe whose handlers get lists of rows."""

    def __init__(self, value: Any = None, *, type: str = "array", **options: Any) -> None:
        """Create it with ``value``; ``options`` are those of `Dataframe`."""
        super().__init__(value, type=type, **options)


class List(Matrix):
    """A Dataframe of one column."""

    def __init__(self, value: Any = None, *, col_count: Count = 1, **options: Any) -> None:
        """Create it with ``value``; ``options`` are those of `Dataframe`."""
        super().__init__(value, col_count=col_count, **options)


def _count(name: str, given: Any, usual: int) -> list[Any]:
    """``[n, "fixed" or "dynamic"]``."""
    count, mode = (given, "dynamic") if given is None or isinstance(given, int) else given
    count = usual if count is None else count
    if not isinstance(count, int) or isinstance(count, bool) or count < 0 or mode not in ("fixed", "dynamic"):
        raise ValueError(f"{name} of Dataframe must be n, (n, 'fixed') or (n, 'dynamic'), got {given!r}")
    return [count, mode]


def _limits(name: str, given: Any) -> list[int | None] | None:
    if given is None:
        return None
    if len(given) != 2 or not all(one is None or isinstance(one, int) for one in given):
        raise ValueError(f"{name} of Dataframe must be (least, most), each an int or None, got {given!r}")
    return list(given)
