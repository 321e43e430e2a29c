"""LinePlot, BarPlot, ScatterPlot: columns of a DataFrame as a chart, drawn in the page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, ClassVar, Literal, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.charts import chart
from nbblocks.bridge.component import FieldProps
from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick

from .button import Button
from .checks import kind_of, number_of, one_of
from .plotted import Kind, table_of
from .tools import ToolField

AGGREGATES = ("sum", "mean", "median", "min", "max", "count")
MARKS = ("line", "bar", "point")
KINDS = ("quantitative", "nominal", "temporal")
BIN = re.compile(r"\s*\d+(\.\d+)?\s*[smhd]\s*")

TS_LIMITS = "[number | null, number | null] | null"
TS_VALUE = (
    "{ columns: string[]; data: (string | number | boolean | null)[][];"
    ' datatypes: Record<string, "quantitative" | "nominal" | "temporal">;'
    ' mark: "line" | "bar" | "point" } | null'
)


class NativePlotData(dict[str, Any]):
    """The table of a chart, as the page holds it: a dict whose fields are attributes too.

    columns: names of the columns
    data: the rows, lists of one JSON value per column; times are milliseconds since 1970 (UTC)
    datatypes: of each column ``"quantitative"``, ``"nominal"`` or ``"temporal"``
    mark: what is drawn for a row: ``"line"``, ``"bar"`` or ``"point"``
    """

    columns: list[str]
    data: list[list[Any]]
    datatypes: dict[str, Kind]
    mark: str

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(f"the data of a plot have no field {name!r}")


class NativePlot(ToolField[NativePlotData, Any]):
    """What the charts of this module have in common: columns of a DataFrame, drawn in the page."""

    drawn_as = "nativeplot"
    framed = False
    chunks: ClassVar[tuple[str, ...]] = ("vega",)
    exact = False
    mark: ClassVar[str] = "point"
    """What is drawn for a row."""

    value = t.Any(None, allow_none=True).tag(sync=True, ts=TS_VALUE)
    x = t.Unicode(None, allow_none=True).tag(sync=True)
    y = t.Unicode(None, allow_none=True).tag(sync=True)
    color = t.Unicode(None, allow_none=True).tag(sync=True)
    title = t.Unicode(None, allow_none=True).tag(sync=True)
    x_title = t.Unicode(None, allow_none=True).tag(sync=True)
    y_title = t.Unicode(None, allow_none=True).tag(sync=True)
    color_title = t.Unicode(None, allow_none=True).tag(sync=True)
    x_bin = t.Union([t.Float(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    y_aggregate = t.Enum(AGGREGATES, None, allow_none=True).tag(sync=True)
    color_map = t.Dict(None, allow_none=True).tag(sync=True, ts="Record<string, string> | null")
    colors_in_legend = t.List(t.Unicode(), None, allow_none=True).tag(sync=True)
    x_lim = t.List(t.Any(), None, allow_none=True).tag(sync=True, ts=TS_LIMITS)
    y_lim = t.List(t.Any(), None, allow_none=True).tag(sync=True, ts=TS_LIMITS)
    x_label_angle = t.Float(0).tag(sync=True)
    y_label_angle = t.Float(0).tag(sync=True)
    x_axis_format = t.Unicode(None, allow_none=True).tag(sync=True)
    y_axis_format = t.Unicode(None, allow_none=True).tag(sync=True)
    x_axis_labels_visible = t.Union([t.Bool(), t.Enum(["hidden"])], default_value=True).tag(sync=True)
    caption = t.Unicode(None, allow_none=True).tag(sync=True)
    sort = t.Any(None, allow_none=True).tag(sync=True, ts='"x" | "y" | "-x" | "-y" | string[] | null')
    tooltip = t.Any("axis").tag(sync=True, ts='"axis" | "none" | "all" | string[]')
    height = t.Int(None, allow_none=True).tag(sync=True)

    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {**ToolField.derived, "label": ("show_label",)}

    select = Event("the user marked a part of the x axis; the data say from where to where")
    double_click = Event("the user clicked twice on the chart")

    def __init__(
        self,
        value: Any | Callable[..., Any] | None = None,
        x: str | None = None,
        y: str | None = None,
        *,
        color: str | None = None,
        title: str | None = None,
        x_title: str | None = None,
        y_title: str | None = None,
        color_title: str | None = None,
        x_bin: str | float | None = None,
        y_aggregate: Literal["sum", "mean", "median", "min", "max", "count"] | None = None,
        color_map: Mapping[Any, str] | None = None,
        colors_in_legend: Sequence[str] | None = None,
        x_lim: Sequence[Any] | None = None,
        y_lim: Sequence[float | None] | None = None,
        x_label_angle: float | None = 0,
        y_label_angle: float | None = 0,
        x_axis_format: str | None = None,
        y_axis_format: str | None = None,
        x_axis_labels_visible: bool | Literal["hidden"] = True,
        caption: str | None = None,
        sort: Literal["x", "y", "-x", "-y"] | Sequence[str] | None = None,
        tooltip: Literal["axis", "none", "all"] | Sequence[str] = "axis",
        height: int | None = None,
        buttons: Sequence[str | Button] | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with the DataFrame ``value``, or a function that returns one. No ``label``: no caption.

        :param x: column of numbers, times or names
        :param y: column of numbers
        :param color: column of names or numbers: each name is a series of its own colour
        :param title: above the chart; ``x_title``, ``y_title`` and ``color_title`` stand for names of columns
        :param x_bin: width of the groups that ``x`` is put into: a number, or for times a text such as
            ``"10s"``, ``"15m"``, ``"1h"``, ``"1d"``
        :param y_aggregate: what stands for the rows of a group: of ``x_bin``, or, of lines and bars, those
            that share a name; None adds them up
        :param color_map: CSS colours by series; the others get usual ones
        :param colors_in_legend: series that the legend names; None: all, ``[]``: no legend
        :param x_lim: ends of the x axis, either of which may be None; those of times are seconds since 1970
            or datetimes
        :param y_lim: ends of the y axis
        :param x_label_angle: degrees clockwise, as ``y_label_angle``
        :param x_axis_format: format of d3 for the numbers or times of the axis, as ``y_axis_format``
        :param x_axis_labels_visible: False takes the labels away, ``"hidden"`` leaves their room
        :param caption: text below the chart
        :param sort: order of names on the x axis: by name (``"x"``), by height (``"y"``), either downwards
            (``"-x"``, ``"-y"``), or all in order; None: as they come
        :param tooltip: what is told of the mark below the pointer: the ``"axis"`` columns and the series,
            ``"all"`` columns, ``"none"``, or columns to tell besides
        :param height: px
        :param buttons: small buttons to show, of ``"fullscreen"`` and ``"export"`` (as a PNG file), and
            Buttons of your own
        :raises ValueError: for a parameter outside its allowed values, and for columns that are not there
        """
        name = type(self).__name__
        one_of(name, "y_aggregate", y_aggregate, (*AGGREGATES, None))
        one_of(name, "x_axis_labels_visible", x_axis_labels_visible, (True, False, "hidden"))
        if isinstance(sort, str):
            one_of(name, "sort", sort, ("x", "y", "-x", "-y"))
        if isinstance(tooltip, str):
            one_of(name, "tooltip", tooltip, ("axis", "none", "all"))
        props: dict[str, Any] = {
            "value": value,
            "x": x,
            "y": y,
            "color": color,
            "title": title,
            "x_title": x_title,
            "y_title": y_title,
            "color_title": color_title,
            "x_bin": _bin(name, x_bin),
            "y_aggregate": y_aggregate,
            "color_map": None if color_map is None else {str(k): color_map[k] for k in color_map},
            "colors_in_legend": _texts(colors_in_legend),
            "x_lim": _limits(name, "x_lim", x_lim),
            "y_lim": _limits(name, "y_lim", y_lim),
            "x_label_angle": x_label_angle or 0,
            "y_label_angle": y_label_angle or 0,
            "x_axis_format": x_axis_format,
            "y_axis_format": y_axis_format,
            "x_axis_labels_visible": x_axis_labels_visible,
            "caption": caption,
            "sort": sort if isinstance(sort, str) else _texts(sort),
            "tooltip": tooltip if isinstance(tooltip, str) else _texts(tooltip) or "axis",
            "height": height,
        }
        # The value is looked at by the light of these, which therefore come first.
        self._columns = [one for one in (x, y, color) if one is not None]
        if shared.get("label") is None and shared.get("show_label") is None:
            shared["show_label"] = False
        super().__init__(props, {**shared, "buttons": buttons})

    @property
    def type_name(self) -> str:
        """As Gradio names all three."""
        return "nativeplot"

    @quick
    def picture(self, show: sketch.Files) -> str:
        """As every component: a drawing of it, without colours."""
        value = self.value
        if not value or not value["data"]:
            return self.captioned("")
        places = [value["columns"].index(name) for name in (self.x, self.y) if name in value["columns"]]
        points = [[row[place] for place in places] for row in value["data"]] if len(places) == 2 else []
        return self.captioned(chart(value["mark"], points, f"{self.y} over {self.x}"))

    def preprocess(self, payload: NativePlotData | None) -> NativePlotData | None:
        """The table: ``columns``, ``data``, ``datatypes``, ``mark``."""
        return payload

    def postprocess(self, value: Any) -> NativePlotData | None:
        """The table of a DataFrame of pandas or polars; one that `preprocess` gave is taken as it is.

        Durations are numbers of seconds, Periods and dates times, Decimals numbers; what else a column that
        is not drawn holds is its text.

        :raises TypeError: for anything else
        :raises ValueError: if it has rows, but not the columns that are to be drawn, or if those hold what
            is neither numbers nor texts nor times
        """
        if value is None:
            return None
        if isinstance(value, Mapping):
            return _checked(cast("Mapping[str, Any]", value), self.type_name, ValueError)
        frame = _frame(type(self).__name__, value)
        columns = [_name(one) for one in frame.columns]
        missing = [one for one in self._columns if one not in columns]
        if missing and len(frame):
            raise ValueError(
                f"{type(self).__name__} expects the column {missing[0]!r}, got a DataFrame with {columns}"
            )
        kinds, data = table_of(frame)
        datatypes = dict(zip(columns, kinds, strict=True))
        for name in self._columns:
            if name in datatypes and datatypes[name] is None:
                found = frame.dtypes.iloc[columns.index(name)]
                raise ValueError(f"column {name!r} must hold numbers, texts or times, got {found}")
        shown = {name: kind or "nominal" for name, kind in datatypes.items()}
        return NativePlotData(columns=columns, data=data, datatypes=shown, mark=self.mark)

    def from_page(self, raw: Any) -> NativePlotData | None:
        """What a Client has sent, in the form that the page holds; the user of a page does not edit it.

        :raises MessageError: if it is of another form
        """
        return None if raw is None else _checked(raw, self.type_name, MessageError)

    def example_value(self) -> Any:
        """A small DataFrame with the columns that are drawn."""
        import pandas as pd

        return pd.DataFrame({self.x or "x": [1, 2, 3], self.y or "y": [4, 5, 6]})

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """What draws, once there is something to draw."""
        value = shown.get("value", self.value)
        return self.chunks if value and value["data"] else ()


class LinePlot(NativePlot):
    """A line over numbers, times or names; one for each series."""

    mark = "line"


class BarPlot(NativePlot):
    """Bars over numbers, times or names; those of several series stand on each other."""

    mark = "bar"


class ScatterPlot(NativePlot):
    """A point for each row."""

    mark = "point"


# -- parameters


def _bin(owner: str, given: Any) -> float | str | None:
    if given is None:
        return None
    if isinstance(given, str):
        if BIN.fullmatch(given) and float(given.strip()[:-1]) > 0:
            return given.replace(" ", "")
        raise ValueError(f"x_bin of {owner} must be a number or a text such as '10s' or '1h', got {given!r}")
    width = number_of(f"x_bin of {owner}", given)
    if not width or not 0 < width < math.inf:
        raise ValueError(f"x_bin of {owner} must be above 0, got {given!r}")
    return float(width)


def _limits(owner: str, name: str, given: Any) -> list[float | None] | None:
    """Both ends of an axis as numbers: times as seconds since 1970, those without a zone as if in UTC."""
    if given is None:
        return None
    ends = [] if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__") else list(given)
    if len(ends) != 2:
        raise ValueError(f"{name} of {owner} must be [from, to], got {given!r}")
    return [None if one is None else _limit(f"{name} of {owner}", one) for one in ends]


def _limit(owner: str, given: Any) -> float | None:
    if getattr(getattr(given, "dtype", None), "kind", "") == "M":
        given = given.astype("datetime64[us]").item()
    if given is None or given != given:  # neither a time nor a number: the end is left open
        return None
    if isinstance(given, datetime):
        return (given if given.tzinfo else given.replace(tzinfo=timezone.utc)).timestamp()
    number = number_of(owner, given)
    return number if number is not None and math.isfinite(number) else None


def _texts(given: Iterable[Any] | None) -> list[str] | None:
    return None if given is None else [str(one) for one in given]


# -- tables


def _frame(owner: str, value: Any) -> Any:
    """``value`` as a DataFrame of pandas."""
    module = type(value).__module__.partition(".")[0]
    if module == "polars" and hasattr(value, "columns"):
        import pandas as pd

        return pd.DataFrame({name: _series(value[name]) for name in value.columns})
    if hasattr(value, "to_json") and hasattr(value, "columns") and hasattr(value, "dtypes"):
        return value
    raise TypeError(f"{owner} expects a DataFrame, got {kind_of(value)}")


def _series(series: Any) -> Any:
    """The content of a column of polars: numbers and times as an array, which keeps their type."""
    dtype = series.dtype
    as_array = (dtype.is_numeric() and not dtype.is_decimal()) or dtype.is_temporal()
    return series.to_numpy() if as_array else series.to_list()


def _name(column: Any) -> str:
    return " ".join(map(str, column)) if isinstance(column, tuple) else str(column)  # pyright: ignore[reportUnknownArgumentType]


def _checked(raw: object, owner: str, error: type[Exception]) -> NativePlotData:
    """A table of the form that pages get.

    :raises error: if it is none
    """
    given = cast("Mapping[str, Any]", raw if isinstance(raw, Mapping) else {})
    columns, data, kinds = (given.get(name) for name in ("columns", "data", "datatypes"))
    if (
        given.get("mark") not in MARKS
        or not (isinstance(columns, list) and all(isinstance(one, str) for one in columns))  # pyright: ignore[reportUnknownVariableType]
        or not (isinstance(kinds, dict) and all(kinds.get(one) in KINDS for one in columns))  # pyright: ignore
        or not isinstance(data, list)
        or not all(isinstance(row, list) and len(row) == len(columns) for row in data)  # pyright: ignore
    ):
        got = shortened(cast("object", raw))
        raise error(f"value of {owner}: expected columns, data, datatypes and mark of a plot, got {got}")
    return NativePlotData(columns=columns, data=data, datatypes=kinds, mark=given["mark"])
