from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nbblocks as gr
from nbblocks import Blocks, Client
from nbblocks.components import BarPlot, LinePlot, ScatterPlot
from nbblocks.components.native_plot import NativePlot
from nbblocks.core.errors import MessageError

FRAME = pd.DataFrame(
    {
        "weight": [120, 150, 130],
        "height": [1.5, float("nan"), 1.75],
        "race": ["a", "b", "a"],
        "born": [pd.Timestamp("2020-01-01"), pd.Timestamp("2020-01-02 03:04:05.678"), pd.NaT],
    }
)
TABLE = {
    "columns": ["weight", "height", "race", "born"],
    "data": [[120, 1.5, "a", 1577836800000], [150, None, "b", 1577934245678], [130, 1.75, "a", None]],
    "datatypes": {"weight": "quantitative", "height": "quantitative", "race": "nominal", "born": "temporal"},
}
MARKS = [(LinePlot, "line"), (BarPlot, "bar"), (ScatterPlot, "point")]
HERE = pd.to_datetime(["2020-01-01", "2020-01-02"]).tz_localize("Europe/Paris")


class App:
    """An app and its Client, as a page: what its events do."""

    def __init__(self) -> None:
        self.demo = Blocks()
        self.client: Client | None = None

    def fire(self, listener: int, *values: Any, told: dict[str, Any] | None = None) -> None:
        """Run a listener to its end."""
        self.client = self.client or Client(self.demo)
        self.client.run(self.demo.fns[listener], list(values), told or {}).result()

    def view(self, node: NativePlot) -> Any:
        """The component as the session has it."""
        assert self.client
        return self.client.session.view(node)

    def value(self, node: NativePlot) -> Any:
        """Its value in the session."""
        assert self.client
        return self.client.session.value(node)


@pytest.fixture
def app() -> Iterator[App]:
    """An empty app."""
    made = App()
    yield made
    if made.client:
        made.client.close()
    made.demo.close()


@pytest.mark.parametrize(("cls", "mark"), MARKS)
def test_a_data_frame_becomes_a_table_in_json(cls: type[NativePlot], mark: str) -> None:
    node = cls(FRAME, "weight", "height")
    assert node.value == {**TABLE, "mark": mark}
    assert (node.x, node.y, node.type_name, node.page_type) == (
        "weight",
        "height",
        "nativeplot",
        "nativeplot",
    )
    assert json.loads(json.dumps(node.to_page(node.value))) == node.value


def test_a_handler_gets_the_table_by_attributes_and_can_give_it_back(app: App) -> None:
    with app.demo:
        line, bar = LinePlot(FRAME, "weight", "height"), BarPlot(x="weight", y="height")

        def turn(table: Any) -> Any:
            assert table.mark == "line" and table.columns[0] == "weight" and table["data"][0][0] == 120
            table.data.reverse()
            return table

        gr.Button().click(turn, line, bar)
    app.fire(0, line.value)
    assert app.value(bar)["data"][0][0] == 130
    assert line.value["data"][0][0] == 120  # what it did in place is its own affair
    assert LinePlot().preprocess(None) is None
    with pytest.raises(AttributeError, match="no field 'rows'"):
        _ = line.value.rows


@pytest.mark.parametrize(
    ("column", "kind", "cells"),
    [
        (pd.Categorical(["x", "y"]), "nominal", ["x", "y"]),
        (pd.array([1, None], "Int64"), "quantitative", [1, None]),
        ([True, False], "quantitative", [True, False]),
        (["x", 1], "nominal", ["x", 1]),
        (HERE, "temporal", [1577833200000, 1577919600000]),
        (np.array([0.1, np.inf], "float32"), "quantitative", [0.1000000015, None]),
    ],
)  # fmt: skip
def test_columns_of_all_kinds(column: Any, kind: str, cells: list[Any]) -> None:
    value = LinePlot(pd.DataFrame({"a": column})).value
    assert value["datatypes"] == {"a": kind}
    assert [row[0] for row in value["data"]] == cells


def test_names_of_columns_need_not_be_texts_nor_differ() -> None:
    value = LinePlot(pd.DataFrame([[1, 2, "x"]], columns=[0, ("a", 1), 0]), x="0", y="a 1").value
    assert value["columns"] == ["0", "a 1", "0"] and value["data"] == [[1, 2, "x"]]


def test_a_polars_frame_is_taken_too() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None], "c": [datetime.datetime(2020, 1, 1), None]})
    value = LinePlot(frame, "a", "a").value
    assert value["datatypes"] == {"a": "quantitative", "b": "nominal", "c": "temporal"}
    assert value["data"] == [[1, "x", 1577836800000], [2, None, None]]


def test_rows_without_the_columns_to_be_drawn_are_refused() -> None:
    with pytest.raises(ValueError, match=r"LinePlot expects the column 'wieght', got .*\['weight', 'height'"):
        LinePlot(FRAME, "wieght", "height")
    with pytest.raises(ValueError, match="BarPlot expects the column 'sex'"):
        BarPlot(FRAME, "weight", "height", color="sex")
    assert LinePlot(pd.DataFrame(), "weight", "height").value["data"] == []


@pytest.mark.parametrize("value", [5, "x", [[1, 2]], object()])
def test_anything_but_a_table_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="ScatterPlot expects a DataFrame, got"):
        ScatterPlot(value)


@pytest.mark.parametrize(
    "raw",
    [
        5,
        {},
        {**TABLE, "mark": "pie"},
        {**TABLE, "mark": "bar", "columns": [1]},
        {**TABLE, "mark": "bar", "data": [[1]]},
        {**TABLE, "mark": "bar", "data": 5},
        {**TABLE, "mark": "bar", "datatypes": {}},
    ],
)
def test_a_page_sends_a_table_or_nothing(raw: Any) -> None:
    with pytest.raises(MessageError, match="value of nativeplot: expected columns, data, datatypes and mark"):
        BarPlot().from_page(raw)
    assert BarPlot().from_page(None) is None
    assert BarPlot().from_page({**TABLE, "mark": "bar", "more": 1}) == {**TABLE, "mark": "bar"}


@pytest.mark.parametrize("given", ["10s", "15m", "1.5 h", "1d", 10, 0.5, np.int64(3), None])
def test_bins(given: Any) -> None:
    wanted = given.replace(" ", "") if isinstance(given, str) else given
    assert BarPlot(x_bin=given).x_bin == wanted


@pytest.mark.parametrize("given", ["1w", "h", "", "0s", 0, -1, float("nan")])
def test_bins_that_are_none(given: Any) -> None:
    with pytest.raises(ValueError, match="x_bin of BarPlot must be"):
        BarPlot(x_bin=given)


NEW_YEAR = 1609459200.0


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, None),
        ((1, 2.5), [1, 2.5]),
        ([None, 5], [None, 5]),
        (np.array([1, 2]), [1, 2]),
        ([float("nan"), 1], [None, 1]),
        ([datetime.datetime(2021, 1, 1), None], [NEW_YEAR, None]),
        ([datetime.datetime(2021, 1, 1, tzinfo=datetime.timezone.utc), pd.NaT], [NEW_YEAR, None]),
        ([pd.Timestamp("2021-01-01"), np.datetime64("2021-01-01T00:00:00.000000000")], [NEW_YEAR, NEW_YEAR]),
        ([np.datetime64("NaT"), 1], [None, 1]),
    ],
)
def test_limits(given: Any, wanted: Any) -> None:
    assert LinePlot(x_lim=given).x_lim == wanted


@pytest.mark.parametrize("given", [5, "ab", [1], (1, 2, 3)])
def test_limits_are_pairs(given: Any) -> None:
    with pytest.raises(ValueError, match=r"y_lim of LinePlot must be \[from, to\], got"):
        LinePlot(y_lim=given)
    with pytest.raises(TypeError, match="x_lim of LinePlot expects a number, or a text such as .*, got str"):
        LinePlot(x_lim=["a", 1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"y_aggregate": "mode"}, "y_aggregate of LinePlot must be one of 'sum'"),
        ({"sort": "z"}, "sort of LinePlot must be one of 'x', 'y', '-x', '-y', got 'z'"),
        ({"tooltip": "some"}, "tooltip of LinePlot must be one of 'axis'"),
        ({"x_axis_labels_visible": "no"}, "x_axis_labels_visible of LinePlot"),
    ],
)
def test_parameters_have_allowed_values(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LinePlot(**options)


def test_parameters_reach_the_page() -> None:
    node = BarPlot(
        sort=("b", 1),
        tooltip=["race"],
        color_map={1: "red"},
        colors_in_legend=[],
        x_label_angle=None,
        height=200,
        buttons=["export", "actions"],
    )
    state = node.page_state()
    assert (state["sort"], state["tooltip"], state["color_map"]) == (["b", "1"], ["race"], {"1": "red"})
    assert (state["colors_in_legend"], state["height"], node.x_label_angle) == ([], 200, 0)
    assert state["buttons"] == ["export", "actions"]


def test_there_is_a_caption_if_there_is_a_label() -> None:
    assert (LinePlot().show_label, LinePlot(label="A").show_label, LinePlot(show_label=True).show_label) == (
        False,
        True,
        True,
    )
    assert LinePlot().props_changed_by({"label": "A"}) == {"label": None, "show_label": False}
    changed = LinePlot().reconfigured({"label": "A"})
    assert changed.props_changed_by({"label": "A"}) == {"label": "A", "show_label": True}


def test_a_selection_narrows_all_plots_and_a_double_click_sets_them_free(app: App) -> None:
    seen: list[Any] = []
    with app.demo:
        plots = [LinePlot(FRAME, "weight", "height"), BarPlot(FRAME, "weight", "height", x_bin=10)]

        def narrow(told: gr.SelectData) -> Any:
            seen.append((told.index, told.value, told.selected))
            low, high = told.index
            return [gr.LinePlot(x_lim=(low, high))] * 2

        def free() -> Any:
            return [gr.LinePlot(x_lim=None)] * 2

        plots[0].select(narrow, None, plots)
        plots[0].double_click(free, None, plots)
    app.fire(0, told={"index": [1, 2], "value": [1, 2], "selected": True})
    assert seen == [((1, 2), [1, 2], True)]
    assert [app.view(one).x_lim for one in plots] == [[1, 2], [1, 2]]
    assert [app.value(one)["mark"] for one in plots] == ["line", "bar"]
    app.fire(1)
    assert [app.view(one).x_lim for one in plots] == [None, None]


def test_a_function_gives_the_value_anew_as_its_inputs_change(app: App) -> None:
    with app.demo:
        least = gr.Slider(100, 200, 140)
        plot = ScatterPlot(lambda low: FRAME[FRAME.weight >= low], x="weight", y="height", inputs=least)
    app.fire(0, 125)
    assert [row[0] for row in app.value(plot)["data"]] == [150, 130]


def test_columns_can_change_together_with_the_value(app: App) -> None:
    other = pd.DataFrame({"a": [1], "b": [2]})
    with app.demo:
        plot = LinePlot(FRAME, "weight", "height")
        gr.Button().click(lambda: LinePlot(other, "a", "b"), None, plot)
        gr.Button().click(lambda: other, None, plot)
    app.fire(0)
    assert (app.view(plot).x, app.view(plot).y, app.value(plot)["data"]) == ("a", "b", [[1, 2]])
    app.fire(1)
    assert app.value(plot)["columns"] == ["a", "b"]


def test_what_draws_is_sent_with_the_first_rows() -> None:
    node = LinePlot(x="weight", y="height")
    assert tuple(node.chunks_for({})) == ()
    assert tuple(node.chunks_for({"value": {**TABLE, "mark": "line"}})) == ("vega",)
    assert tuple(LinePlot(FRAME).chunks_for({"value": None})) == ()
    assert tuple(LinePlot(FRAME).chunks_for({})) == ("vega",)


def test_shortcuts_and_examples() -> None:
    assert isinstance(gr.components.component("lineplot", render=False), LinePlot)
    assert isinstance(gr.components.component("scatter_plot", render=False), ScatterPlot)
    node = BarPlot(FRAME, "weight", "height")
    assert node.postprocess(node.example_value())["columns"] == ["weight", "height"]
    assert node.api_info() == {"type": {}, "description": "any valid json"}


DAY = 86_400_000.0
ODD: list[tuple[Any, Any]] = [
    (pd.to_timedelta(["1h", None]), ("quantitative", [3600, None])),
    (np.array([3, "NaT"], "m8[s]"), ("quantitative", [3, None])),
    (pd.Series([datetime.timedelta(seconds=2), None], dtype=object), ("quantitative", [2, None])),
    (pd.PeriodIndex(["1970-01", "1970-02"], freq="M"), ("temporal", [0, 31 * DAY])),
    (pd.Series([Decimal("1.5"), None], dtype=object), ("quantitative", [1.5, None])),
    (pd.Series([1, 2.5], dtype=object), ("quantitative", [1, 2.5])),
    (pd.Series([datetime.date(1970, 1, 2), None], dtype=object), ("temporal", [DAY, None])),
    (pd.Categorical(["a", None]), ("nominal", ["a", None])),
    (pd.cut([1, 9], [0, 5, 10]), ("nominal", ["(0, 5]", "(5, 10]"])),
    (pd.array([True, None], "boolean"), ("quantitative", [True, None])),
    (pd.array(["a", None], "string"), ("nominal", ["a", None])),
    (np.array([1, 2], "float16"), ("quantitative", [1, 2])),
    (np.array([1, 2], np.longdouble), ("quantitative", [1, 2])),
    (pd.Series([[1], {"a": 2}]), ("nominal", ["[1]", "{'a': 2}"])),
    (pd.Series([datetime.time(1), None], dtype=object), ("nominal", ["01:00:00", None])),
    (pd.Series([b"a", Path("b")], dtype=object), ("nominal", ["b'a'", "b"])),
    (pd.arrays.SparseArray([0, 1]), ("quantitative", [0, 1])),
]


@pytest.mark.parametrize(("column", "shown"), ODD)
@pytest.mark.parametrize("drawn", [True, False])
def test_columns_of_every_kind_are_drawn_where_they_can_be(column: Any, shown: Any, drawn: bool) -> None:
    frame = pd.DataFrame({"x": [1, 2], "y": [3, 4], "other": column})  # TR-46
    wire = LinePlot(x="x", y="other" if drawn else "y").postprocess(frame)
    assert wire is not None
    assert (wire.datatypes["other"], [row[2] for row in wire.data]) == shown
    json.dumps(wire, allow_nan=False)


def test_a_column_is_only_judged_if_it_is_drawn() -> None:  # TR-46
    frame = pd.DataFrame({"x": [1, 2], "y": [3, 4], "odd": [1j, 2j]})
    wire = LinePlot(x="x", y="y").postprocess(frame)
    assert wire is not None and wire.data[0] == [1, 3, "1j"]
    with pytest.raises(ValueError, match="column 'odd' must hold numbers, texts or times, got complex128"):
        LinePlot(x="x", y="odd").postprocess(frame)


def test_odd_columns_of_polars_are_taken_too() -> None:  # TR-46
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(
        {
            "d": [datetime.timedelta(seconds=2), None], "c": pl.Series(["a", None], dtype=pl.Categorical),
            "e": pl.Series([Decimal("1.5"), None]), "l": [[1], None], "s": [{"a": 1}, None],
            "t": [datetime.time(1), None], "n": [None, None], "b": [True, None],
        }
    )  # fmt: skip
    wire = LinePlot(x="d", y="e").postprocess(frame)
    assert wire is not None
    assert [wire.datatypes[one] for one in "dcet"] == ["quantitative", "nominal", "quantitative", "nominal"]
    assert wire.data[0] == [2, "a", 1.5, "[1]", "{'a': 1}", "01:00:00", None, True]
    assert wire.data[1] == [None] * 8
