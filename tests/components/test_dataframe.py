"""What goes into a Dataframe, what comes out of it, and what the user may do to it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import nbblocks as gr
from nbblocks.components import Dataframe
from nbblocks.components.shortcuts import component_of
from nbblocks.components.windows import LONGEST, Table
from nbblocks.core.errors import MessageError

ROWS = [["Ada", 36], ["Bob", 7]]
SMALL = {"headers": ["name", "age"], "data": ROWS, "metadata": None}


def frame() -> pd.DataFrame:
    return pd.DataFrame({"name": ["Ada", "Bob"], "age": [36, 7]})


def large(rows: int = 3000) -> pd.DataFrame:
    return pd.DataFrame(
        {"i": range(rows), "text": [f"row {i}" for i in range(rows)], "half": np.arange(rows) / 2}
    )


def held(node: Dataframe, value: Any) -> Table:
    table = node.postprocess(value)
    assert isinstance(table, Table)
    return table


# -- values from handlers


@pytest.mark.parametrize(
    "value",
    [
        frame(),
        pl.DataFrame({"name": ["Ada", "Bob"], "age": [36, 7]}),
        {"data": ROWS, "headers": ["name", "age"]},
        SMALL,
    ],
)
def test_tables_of_all_kinds_become_headers_and_rows(value: Any) -> None:  # CP-100
    assert Dataframe().postprocess(value) == SMALL


@pytest.mark.parametrize("value", [ROWS, [("Ada", 36), ("Bob", 7)], np.array(ROWS, object), {"data": ROWS}])
def test_values_without_headers_take_those_of_the_component(value: Any) -> None:  # CP-100
    assert Dataframe(headers=["name", "age"]).postprocess(value) == SMALL


@pytest.mark.parametrize(
    "value", [[1, 2, 3], np.array([1, 2, 3]), pd.Series([1, 2, 3]), pl.Series([1, 2, 3])]
)
def test_a_list_is_a_column(value: Any) -> None:  # CP-100
    assert Dataframe(col_count=1).postprocess(value)["data"] == [[1], [2], [3]]


def test_a_csv_file_is_read(tmp_path: Path) -> None:  # CP-100
    (tmp_path / "people.csv").write_text("name,age\nAda,36\nBob,7\n")
    assert Dataframe().postprocess(str(tmp_path / "people.csv")) == SMALL
    with pytest.raises(FileNotFoundError):
        Dataframe().postprocess("nowhere.csv")


def test_only_programs_name_a_csv_file(tmp_path: Path) -> None:  # TR-1 TR-5
    (tmp_path / "people.csv").write_text("name,age\nAda,36\nBob,7\n")
    node = Dataframe()
    assert node.from_client(str(tmp_path / "people.csv")) == SMALL
    with pytest.raises(MessageError, match="expected a table, got '"):
        node.from_page(str(tmp_path / "people.csv"))


def test_none_is_empty() -> None:  # CP-5 CP-100
    empty = {"headers": ["a", "b"], "data": [], "metadata": None}
    node = Dataframe(headers=["a", "b"])
    assert node.postprocess(None) == empty == node.value
    assert list(node.preprocess(None).columns) == ["a", "b"] and len(node.preprocess(None)) == 0
    assert node.postprocess([]) == node.postprocess([[]]) == node.postprocess(pd.DataFrame()) == empty


@pytest.mark.parametrize("value", [3, object(), {"rows": []}, np.zeros((2, 2, 2))])
def test_other_values_are_refused(value: Any) -> None:  # CP-100
    with pytest.raises(ValueError, match="Dataframe expects"):
        Dataframe().postprocess(value)


def test_headers_that_are_missing_are_numbered_and_surplus_ones_cut() -> None:  # CP-100
    assert Dataframe(headers=["a"], col_count=1).postprocess([[1, 2, 3]])["headers"] == ["a", "2", "3"]
    assert Dataframe(headers=["a", "b"]).postprocess([[1]])["headers"] == ["a"]
    assert Dataframe(headers=["a"], col_count=3).headers == ["a", "2", "3"]
    assert Dataframe().headers == ["1", "2", "3"]


def test_short_rows_are_filled() -> None:
    assert Dataframe().postprocess([[1], [1, 2]])["data"] == [[1, None], [1, 2]]


def test_a_page_can_read_every_cell() -> None:
    odd = pd.DataFrame(
        {
            "float": [1.5, float("nan"), float("inf")],
            "day": pd.to_datetime(["2024-01-01", "2024-02-01", None]),
            "time": pd.to_datetime(["2024-01-01 10:00", "2024-02-01 00:00", None]),
            "kind": pd.Categorical(["u", "v", None]),
            "maybe": pd.array([1, None, 3], dtype="Int64"),
            "large": [2**60, 1, 2],
            "objects": [datetime.date(2024, 1, 1), {"a": (1, 2)}, np.int64(3)],
        }
    )
    data = Dataframe().postprocess(odd)["data"]
    assert json.loads(json.dumps(data, allow_nan=False)) == [
        [1.5, "2024-01-01", "2024-01-01 10:00:00", "u", 1, str(2**60), "2024-01-01"],
        [None, "2024-02-01", "2024-02-01 00:00:00", "v", None, 1, {"a": [1, 2]}],
        ["inf", None, None, None, 3, 2, 3],  # TR-41
    ]


def test_columns_of_several_levels_have_one_header() -> None:
    grouped = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")]))
    assert Dataframe().postprocess(grouped)["headers"] == ["a / x", "a / y"]


def test_a_table_is_copied() -> None:
    mine = frame()
    node = Dataframe(value=mine)
    big, rows = large(), [[1, 2, 3] for _ in range(3000)]
    table, listed = held(node, big), held(node, rows)
    mine.loc[0, "name"] = big.loc[0, "text"] = rows[0][0] = "changed"
    assert node.value["data"][0][0] == "Ada"
    assert table["data"][0][1] == "row 0" and listed["data"][0][0] == 1


def test_code_in_a_cell_sets_any_table() -> None:
    node = Dataframe()
    node.value = frame()
    assert node.value == SMALL


# -- Styler


def test_a_styler_brings_texts_and_css() -> None:  # CP-100
    styler = (
        frame()
        .style.format({"age": "{} years"})
        .map(lambda age: "color: red" if age > 9 else "", subset="age")
    )
    wire = Dataframe().postprocess(styler)
    assert wire["data"] == ROWS
    assert wire["metadata"]["display_value"] == [["Ada", "36 years"], ["Bob", "7 years"]]
    assert wire["metadata"]["styling"] == [["", "color: red"], ["", ""]]


def test_what_a_styler_hides_is_left_out() -> None:
    styler = (
        frame().style.hide(axis="columns", subset=["age"]).hide(axis="index", subset=[0]).format(str.upper)
    )
    wire = Dataframe().postprocess(styler)
    assert (wire["headers"], wire["data"]) == (["name"], [["Bob"]])
    assert wire["metadata"]["display_value"] == [["BOB"]]


def test_a_large_styler_is_asked_for_what_is_in_sight() -> None:
    node = Dataframe()
    table = held(node, large().style.format({"half": "{:.1f}"}).map(lambda _: "color: red", subset=["half"]))
    window = table.window({"rows": [5, 6], "columns": [2, 3]})
    assert window["metadata"] == {"display_value": [["2.5"]], "styling": [["color: red"]]}


def test_a_styler_too_large_for_pandas_is_shown_without_its_styles() -> None:
    with pytest.warns(UserWarning, match="more than 262144 cells"):
        assert held(Dataframe(), large(100_000).style.format(precision=1)).styles is None


# -- values into handlers


@pytest.mark.parametrize("value", [SMALL, {**SMALL, "data": ROWS * 2000}])
def test_handlers_get_what_type_says(value: Any) -> None:  # CP-100
    def given(type: str) -> Any:
        node = Dataframe(type=type)
        return node.preprocess(node.postprocess(value))

    pd.testing.assert_frame_equal(given("pandas"), pd.DataFrame(value["data"], columns=["name", "age"]))
    assert given("polars").equals(pl.DataFrame(value["data"], schema=["name", "age"], orient="row"))
    assert given("numpy").tolist() == np.array(value["data"]).tolist()
    assert given("array") == value["data"]


@pytest.mark.parametrize("rows", [4, 3000])
def test_what_a_handler_gets_does_not_depend_on_the_size(rows: int) -> None:
    mixed = pd.DataFrame(
        {
            "day": pd.date_range("2024", periods=rows),
            "single": np.ones(rows, "float32"),
            "kind": pd.Categorical(["a"] * rows),
            "flag": [True] * rows,
        }
    )
    node = Dataframe()
    kinds = [dtype.name for dtype in node.preprocess(node.postprocess(mixed)).dtypes]
    assert kinds == ["datetime64[us]", "float32", "category", "bool"]  # TR-40


@pytest.mark.parametrize(
    "value", [large(), pl.from_dict(large().to_dict("list")), large().to_numpy()[:, :1].astype(float)]
)
@pytest.mark.parametrize("type", ["pandas", "numpy", "array", "polars"])
def test_a_handler_gets_an_object_of_its_own(value: Any, type: str) -> None:
    node = Dataframe(type=type, headers=["i"], col_count=1)
    wire = held(node, value if not isinstance(value, np.ndarray) else np.tile(value, 2))
    first, second = node.preprocess(wire), node.preprocess(wire)
    assert first is not second and len(first) == 3000
    if type in ("pandas", "numpy"):
        (first.iloc if type == "pandas" else first)[0, 0] = 99
        assert float((second.iloc if type == "pandas" else second)[0, 0]) == 0


def test_an_unknown_type_is_refused() -> None:  # CP-100
    with pytest.raises(ValueError, match="type of Dataframe must be one of"):
        Dataframe(type="excel")
    with pytest.raises(ValueError, match="datatype of Dataframe must be one of"):
        Dataframe(datatype=["str", "colour"])  # pyright: ignore[reportArgumentType]


# -- parameters


def test_counts_are_numbers_or_pairs() -> None:  # CP-100
    assert Dataframe(row_count=4).row_count == [4, "dynamic"]
    assert Dataframe(row_count=(2, "fixed")).row_count == [2, "fixed"]
    assert Dataframe(column_count=(2, "fixed")).column_count == [2, "fixed"]
    assert Dataframe(static_columns=[1]).column_count == [3, "fixed"]
    with pytest.raises(ValueError, match="row_count of Dataframe must be n"):
        Dataframe(row_count=(2, "rigid"))


def test_older_names_are_understood() -> None:  # CP-200
    assert Dataframe(height=300).max_height == 300
    assert Dataframe(col_count=(2, "fixed")).column_count == [2, "fixed"]
    with pytest.warns(UserWarning, match="column_count=2 wins over col_count=3"):
        assert Dataframe(col_count=3, column_count=2).column_count == [2, "dynamic"]
    assert Dataframe(show_copy_button=False).show_copy_button is False
    assert (
        Dataframe(buttons=["copy"]).show_copy_button,
        Dataframe(buttons=["copy"]).show_fullscreen_button,
    ) == (
        True,
        False,
    )


def test_widths_are_css() -> None:
    assert Dataframe(column_widths=[80, "20%"]).column_widths == ["80px", "20%"]


def test_an_update_brings_what_follows_from_it() -> None:
    changes = {"headers": ["a", "b"]}
    changed = Dataframe().reconfigured(changes).props_changed_by(changes)
    assert changed == {"headers": ["a", "b"], "column_count": [2, "dynamic"]}


def test_shortcuts() -> None:  # CP-14
    assert component_of("numpy").type == "numpy" and component_of("matrix").type == "array"  # pyright: ignore[reportAttributeAccessIssue]
    one = component_of("list")
    assert isinstance(one, Dataframe) and (one.type, one.column_count) == ("array", [1, "dynamic"])
    assert gr.DataFrame is gr.Dataframe
    assert (gr.Numpy().type, gr.Matrix().type, gr.List().type) == ("numpy", "array", "array")
    assert {gr.Numpy().page_type, gr.List().page_type} == {"dataframe"} == {gr.Matrix().type_name}


def test_its_events() -> None:
    assert set(Dataframe.events) == {"change", "input", "select", "edit"}  # CP-100


def test_markdown_comes_with_what_draws_it() -> None:
    assert list(Dataframe().chunks_for({})) == ["grid"]
    marked = Dataframe(datatype=["str", "markdown"])
    assert list(marked.chunks_for({})) == ["grid", "markdown"]
    assert "katex" in marked.chunks_for({"value": marked.postprocess([["a", "$$x$$"]])})
    assert "markdown" in Dataframe().chunks_for({"datatype": "html"})


# -- what a page sends


def test_a_page_sends_a_small_table_whole() -> None:
    assert Dataframe().from_page(SMALL) == SMALL
    assert Dataframe().from_page({**SMALL, "data": [["Ada"], ROWS[1]]})["data"] == [["Ada", None], ROWS[1]]


@pytest.mark.parametrize(
    "raw",
    [
        3,
        {},
        {"data": 3},
        {"data": [3]},
        {"data": [[1]], "headers": "a"},
        {"data": [[1]], "headers": [["a"]]},
        {"table": "x"},
    ],
)
def test_what_is_no_table_is_refused(raw: Any) -> None:  # CP-9
    with pytest.raises(MessageError, match="value of dataframe"):
        Dataframe().from_page(raw)


def test_a_page_names_no_csv_file_as_a_client_does(tmp_path: Path) -> None:  # TR-1 TR-5
    (tmp_path / "people.csv").write_text("name,age\nAda,36\nBob,7\n")
    with pytest.raises(MessageError, match="expected a table"):
        Dataframe().from_page(str(tmp_path / "people.csv"))
    assert Dataframe().from_client(str(tmp_path / "people.csv")) == SMALL
    with pytest.raises(MessageError):
        Dataframe().from_client("nowhere.csv")


def test_a_table_of_another_component_is_not_to_be_had() -> None:
    theirs = held(Dataframe(), large())
    with pytest.raises(MessageError, match="is not there"):
        Dataframe().from_page({"table": theirs.token, "edits": []})


EDITS: list[dict[str, Any]] = [
    {"do": "set", "cells": [[0, 1, "new"], [1, 0, 2.5], [2, 2, None], [9999, 0, 1]]},
    {"do": "insert_rows", "at": 1, "count": 2},
    {"do": "delete_rows", "rows": [0, 2]},
    {"do": "insert_columns", "at": 1, "headers": ["new"]},
    {"do": "delete_columns", "columns": [1]},
    {"do": "rename", "column": 0, "header": "number"},
    {"do": "keep", "search": "ROW 12"},
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["do"])
@pytest.mark.parametrize("kind", ["pandas", "polars", "lists"])
def test_edits_of_a_large_table_travel_alone(edit: dict[str, Any], kind: str) -> None:
    node = Dataframe()
    rows, headers = large().to_numpy(object).tolist(), ["i", "text", "half"]
    value = {
        "pandas": large(),
        "polars": pl.from_dict(large().to_dict("list")),
        "lists": {"data": rows, "headers": headers},
    }
    before = held(node, value[kind])
    after = node.from_page({"table": before.token, "edits": [edit]})
    match edit["do"]:
        case "set":
            rows[0][1], rows[1][0], rows[2][2] = "new", 2.5, None
        case "insert_rows":
            rows[1:1] = [[None] * 3, [None] * 3]
        case "delete_rows":
            del rows[2], rows[0]
        case "insert_columns":
            rows, headers = [[a, None, b, c] for a, b, c in rows], ["i", "new", "text", "half"]
        case "delete_columns":
            rows, headers = [[a, c] for a, _, c in rows], ["i", "half"]
        case "rename":
            headers[0] = "number"
        case _:
            rows = [row for row in rows if row[1].startswith("row 12")]
    assert after["headers"] == headers
    assert loose(after["data"]) == loose(rows)
    assert before["headers"] == ["i", "text", "half"] and len(before["data"]) == 3000


def loose(rows: list[list[Any]]) -> list[list[str]]:
    """Texts, since a column of polars holds one kind of cell."""
    return [
        [str(float(cell)) if isinstance(cell, (int, float)) else _number(cell) for cell in row]
        for row in rows
    ]


def _number(cell: Any) -> str:
    try:
        return str(float(cell))
    except (TypeError, ValueError):
        return str(cell)


@pytest.mark.parametrize(
    "edit",
    [
        None,
        {"do": "eval"},
        {"do": "set", "cells": [[0, 1]]},
        {"do": "set", "cells": [[-1, 0, "x"]]},
        {"do": "set", "cells": [[0, 0, {"a": 1}]]},
        {"do": "insert_rows", "at": True, "count": 1},
        {"do": "delete_rows", "rows": [0.5]},
        {"do": "rename", "column": 0, "header": 5},
        {"do": "keep", "search": None},
    ],
)
def test_a_malformed_edit_is_refused(edit: Any) -> None:
    node = Dataframe()
    table = held(node, large())
    with pytest.raises(MessageError, match=r"edit|must be \[row, column\]"):
        node.from_page({"table": table.token, "edits": [edit]})


@pytest.mark.parametrize(
    ("options", "edit"),
    [
        ({"static_columns": [1]}, {"do": "set", "cells": [[0, 1, "x"]]}),
        ({"row_count": (3, "fixed")}, {"do": "delete_rows", "rows": [0]}),
        ({"col_count": (3, "fixed")}, {"do": "insert_columns", "at": 0, "headers": ["x"]}),
    ],
)
def test_the_user_may_not_do_what_the_parameters_forbid(options: Any, edit: Any) -> None:
    node = Dataframe(**options)
    table = held(node, large())
    with pytest.raises(MessageError, match="may not do this"):
        node.from_page({"table": table.token, "edits": [edit]})


# -- windows


def test_a_page_gets_the_first_rows_of_a_large_table() -> None:
    node = Dataframe()
    first = node.to_page(node.postprocess(large()))
    assert (first["rows"], len(first["data"]), first["headers"]) == (3000, 100, ["i", "text", "half"])
    json.dumps(first, allow_nan=False)


def test_a_window_holds_the_rows_and_columns_asked_for() -> None:
    node = Dataframe()
    table = held(node, large())
    asked = {"table": table.token, "rows": [2998, 3050], "columns": [1, 3]}
    assert node.answer(table, asked) == {
        "rows": 3000,
        "index": [2998, 2999],
        "data": [["row 2998", 1499], ["row 2999", 1499.5]],
        "metadata": None,
    }


@pytest.mark.parametrize("kind", ["pandas", "polars", "lists"])
def test_a_window_of_a_sorted_and_searched_view_names_the_rows_of_the_table(kind: str) -> None:
    node = Dataframe()
    data = large()
    value = {
        "pandas": data,
        "polars": pl.from_dict(data.to_dict("list")),
        "lists": data.to_numpy(object).tolist(),
    }
    table = held(node, value[kind])
    window = table.window({"rows": [0, 3], "columns": [0, 1], "sort": [[0, True]], "search": "ROW 12"})
    assert (window["rows"], window["index"]) == (111, [1299, 1298, 1297])
    text = table.window({"rows": [0, 3], "columns": [0, 1], "sort": [[1, False]]})
    assert text["index"] == [0, 1, 10]


@pytest.mark.parametrize("kind", ["pandas", "polars", "lists"])
def test_empty_cells_are_sorted_to_the_end(kind: str) -> None:
    cells = [3.0, None, 1.0, 2.0] + [9.0] * 5000
    value = {
        "pandas": pd.DataFrame({"a": cells}),
        "polars": pl.DataFrame({"a": cells}),
        "lists": [[c] for c in cells],
    }
    table = held(Dataframe(), value[kind])
    up, down = (list(table.view({"sort": [[0, way]]})) for way in (False, True))
    assert up[:3] == [2, 3, 0] and up[-1] == 1
    assert down[-4:] == [0, 3, 2, 1]


def test_equal_rows_stay_in_their_order_and_a_second_column_decides() -> None:
    data = pd.DataFrame({"a": [1, 0] * 2000, "b": list(range(4000))})
    table = held(Dataframe(), data)
    assert list(table.view({"sort": [[0, False]]}))[:2] == [1, 3]
    assert list(table.view({"sort": [[0, False], [1, True]]}))[:2] == [3999, 3997]


def test_rows_stay_in_sight_while_a_sorted_table_is_edited_and_move_with_the_next_turn() -> None:
    node = Dataframe()
    before = held(node, large())
    sort = {"rows": [0, 2], "columns": [0, 1], "sort": [[0, True]]}
    assert before.window(sort)["index"] == [2999, 2998]
    after = node.from_page({"table": before.token, "edits": [{"do": "set", "cells": [[2999, 0, -1]]}]})
    asked = {**sort, "table": before.token}
    assert node.answer(after, asked)["data"] == [[-1], [2998]]
    assert node.answer(after, {**asked, "turn": 1})["index"] == [2998, 2997]


def test_a_question_about_another_table_has_no_answer() -> None:
    node = Dataframe()
    table = held(node, large())
    asked = {"table": table.token, "rows": [0, 1], "columns": [0, 1]}
    assert node.answer(node.postprocess(None), asked) is None
    assert node.answer(held(node, large()), asked) is None


def test_a_long_text_comes_whole_when_it_is_asked_for() -> None:
    node = Dataframe()
    table = held(node, [["x" * (LONGEST + 1), 1]] * 3000)
    first = node.to_page(table)
    assert len(first["data"][0][0]) == LONGEST and first["cut"][0] == [0, 0]
    assert len(node.answer(table, {"table": table.token, "cell": [7, 0]})) == LONGEST + 1
    assert isinstance(node.postprocess([["x" * 2_000_000]]), Table)
    many = held(node, [["x" * LONGEST] * 20] * 300).window({"rows": [0, 100], "columns": [0, 20]})
    assert len(json.dumps(many)) < 1_000_000 and len(many["cut"]) == 2000


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"rows": [5, 1], "columns": [0, 1]},
        {"rows": [0, 1_000_000], "columns": [0, 3]},
        {"rows": [0, 1], "columns": [0, 1], "sort": [[7, True]]},
        {"rows": [0, 1], "columns": [0, 1], "sort": "up"},
        {"rows": [0, 1], "columns": [0, 1], "search": 5},
        {"cell": [0]},
        {"cell": [0, 99]},
    ],
)
def test_a_malformed_question_is_refused(content: Any) -> None:
    node = Dataframe()
    table = held(node, large())
    with pytest.raises(MessageError):
        node.answer(table, {"table": table.token, **content})


# -- sessions and Clients


def test_equal_tables_are_no_change() -> None:  # EV-127
    node = Dataframe()
    table = held(node, large())
    assert table == held(node, large()) and table != held(node, large(2999))
    other = large()
    other.loc[7, "text"] = "other"
    assert table != held(node, other)
    polars = pl.from_dict(large().to_dict("list"))
    assert held(node, polars) == held(node, polars.clone())
    edit = {"table": table.token, "edits": [{"do": "set", "cells": [[0, 0, 1]]}]}
    assert node.from_page(edit) == node.from_page(edit) != table


def test_a_client_gives_and_gets_tables_of_any_size() -> None:
    with gr.Blocks() as app:
        table, out, count = gr.Dataframe(), gr.Dataframe(), gr.Number()
        gr.Button().click(lambda given: (given, len(given)), table, [out, count], api_name="same")
    with gr.Client(app) as client:
        assert client.predict(SMALL, api_name="/same") == (SMALL, 2)
        many, number = client.predict({**SMALL, "data": ROWS * 4000}, api_name="/same")
        assert number == 8000 and many["headers"] == ["name", "age"] and many["data"] == ROWS * 4000
        assert client.predict(many, api_name="/same")[1] == 8000


def test_cells_and_headers_of_what_a_handler_could_return() -> None:  # CP-100
    frame = pd.DataFrame({"a": [1, 3], "b": [2, 4]})
    for given in ([[1, 2], [3, 4]], frame, {"data": [[1, 2], [3, 4]]}, frame.to_numpy()):
        assert Dataframe.get_cell_data(given) == [[1, 2], [3, 4]]
    assert Dataframe.get_cell_data(frame.style.hide(axis=1, subset=["b"])) == [[1], [3]]
    assert Dataframe.get_headers(frame) == ["a", "b"] and Dataframe.get_headers(None) == []


# -- bulk edits


@pytest.mark.parametrize("kind", ["pandas", "polars", "lists", "numpy"])
def test_all_of_a_sorted_and_searched_view_is_filled(kind: str) -> None:  # TR-47
    node = Dataframe(type="array")
    data = large()[["i", "text"]]
    value = {
        "pandas": data,
        "polars": pl.from_dict(data.to_dict("list")),
        "lists": data.to_numpy(object).tolist(),
        "numpy": data.to_numpy(object),
    }
    before = held(node, value[kind])
    seen = {"sort": [[0, True]], "search": "row 12", "turn": 5}
    before.window({"rows": [0, 1], "columns": [0, 2], **seen})
    fill = {"do": "fill", "rows": [1, 111], "columns": [[0, 1, None], [1, 2, "x"]], "view": seen}
    found = node.preprocess(node.from_page({"table": before.token, "edits": [fill]}))
    hit = [row for row in range(3000) if f"row {row}".startswith("row 12")]
    assert hit[-1] == 1299 and len(hit) == 111
    assert [row for row in range(3000) if pd.isna(found[row][0])] == hit[:-1]
    assert [row for row in range(3000) if found[row][1] == "x"] == hit[:-1]
    assert found[1299] == [1299, "row 1299"]


def test_a_view_that_an_edit_counts_is_the_one_that_was_in_sight() -> None:  # TR-47
    node = Dataframe(type="array")
    before = held(node, large())
    seen = {"sort": [[0, True]], "search": "", "turn": 5}
    assert before.window({"rows": [0, 2], "columns": [0, 1], **seen})["index"] == [2999, 2998]
    edits: list[dict[str, Any]] = [{"do": "set", "cells": [[2999, 0, -1]]}]  # it stays on top
    edits.append({"do": "fill", "rows": [0, 1], "columns": [[1, 2, "first"]], "view": seen})
    after = node.from_page({"table": before.token, "edits": edits})
    for turn in range(20):  # views of other pages push it out
        before.view({**seen, "turn": 100 + turn})
    found = node.preprocess(node.from_page({"table": before.token, "edits": [*edits, edits[-1]]}))
    assert node.preprocess(after)[2999][:2] == found[2999][:2] == [-1, "first"]
    assert found[0][:2] == [0, "row 0"]


def test_a_block_is_put_into_a_view_and_rows_of_one_are_dropped() -> None:  # TR-47
    node = Dataframe(type="array")
    before = held(node, large())
    view = {"sort": [[0, True]], "search": "", "turn": 1}
    put = {"do": "put", "at": [1, 0], "view": view, "cells": [[[7], ["a"]], [[], ["b"]]]}
    found = node.preprocess(node.from_page({"table": before.token, "edits": [put]}))
    assert found[2998][:2] == [7, "a"] and found[2997][:2] == [2997, "b"] and found[2999][1] == "row 2999"
    drop = {"do": "drop", "rows": [0, 2990], "view": view}
    after = node.preprocess(node.from_page({"table": before.token, "edits": [drop]}))
    assert [row[0] for row in after] == list(range(10))


def test_taking_an_edit_back_is_sending_the_others() -> None:  # TR-47
    node = Dataframe()
    before = held(node, large())
    one = {"do": "fill", "rows": [0, 3000], "columns": [[0, 3, None]], "view": {}}
    gone = node.from_page({"table": before.token, "edits": [one]})
    assert node.preprocess(gone).isna().all(axis=None)
    back = node.from_page({"table": before.token, "edits": []})
    assert back != gone
    pd.testing.assert_frame_equal(node.preprocess(back), large())
    again = node.from_page({"table": before.token, "edits": [one]})
    assert again == gone


def test_rows_of_a_small_table_are_named_as_spans_or_bits() -> None:  # TR-47
    node = Dataframe(type="array")
    table = node.postprocess([[i, "x"] for i in range(20)]).origin
    for rows in ({"spans": [[0, 1], [18, 25]]}, {"bits": "AQAM"}):  # bits 0, 18 and 19
        fill = {"do": "fill", "columns": [[1, 2, None]], **rows}
        found = node.preprocess(node.from_page({"table": table.token, "edits": [fill]}))
        assert [row[0] for row in found if row[1] is None] == [0, 18, 19]
        dropped = node.from_page({"table": table.token, "edits": [{"do": "drop", **rows}]})
        assert [row[0] for row in dropped["data"]] == list(range(1, 18))


def test_an_edited_cell_shows_what_it_holds_and_the_others_what_a_styler_says() -> None:  # TR-47
    node = Dataframe()
    styler = large().style.format({"half": "{:.1f} h"})
    table = held(node, styler)
    edits = [
        {"do": "fill", "rows": [1, 2], "columns": [[2, 3, 9]], "view": {}},
        {"do": "insert_rows", "at": 0, "count": 1},
        {"do": "delete_columns", "columns": [0]},
    ]
    after = node.from_page({"table": table.token, "edits": edits})
    shown = after.window({"rows": [0, 4], "columns": [1, 2]})["metadata"]["display_value"]
    assert shown == [[None], ["0.0 h"], [None], ["1.0 h"]]


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "fill", "rows": [0, 1], "columns": 3, "view": {}},
        {"do": "fill", "rows": [1, 0], "columns": [[0, 1, None]], "view": {}},
        {"do": "fill", "rows": [0, 1], "columns": [[0, 1, {"a": 1}]], "view": {}},
        {"do": "fill", "rows": [0, 1], "columns": [[0, 2**30, None]], "view": {}},
        {"do": "fill", "rows": [0, 1], "columns": [[0, 1, None]], "view": {"sort": [["a", True]]}},
        {"do": "fill", "rows": [0, 1], "columns": [[0, 1, None]], "view": 3},
        {"do": "fill", "bits": "§", "columns": [[0, 1, None]]},
        {"do": "put", "at": [0], "cells": [], "view": {}},
        {"do": "put", "at": [0, 0], "cells": [[1]], "view": {}},
        {"do": "drop"},
        {"do": "blank", "count": -1},
    ],
)
def test_a_malformed_bulk_edit_is_refused(edit: Any) -> None:  # TR-47
    node = Dataframe()
    table = held(node, large())
    with pytest.raises(MessageError):
        node.from_page({"table": table.token, "edits": [edit]})


@pytest.mark.parametrize(
    ("options", "edit"),
    [
        ({"static_columns": [1]}, {"do": "fill", "rows": [0, 9], "columns": [[0, 3, None]], "view": {}}),
        ({"static_columns": [1]}, {"do": "put", "at": [0, 0], "cells": [[[1], [2]]], "view": {}}),
        ({"row_count": (3, "fixed")}, {"do": "drop", "rows": [0, 1], "view": {}}),
        ({"row_count": (3, "fixed")}, {"do": "blank", "count": 4}),
    ],
)
def test_a_bulk_edit_does_only_what_the_parameters_let_the_user_do(options: Any, edit: Any) -> None:  # TR-47
    node = Dataframe(**options)
    table = held(node, large())
    with pytest.raises(MessageError, match="may not do this"):
        node.from_page({"table": table.token, "edits": [edit]})


def test_the_rows_of_an_empty_table_that_a_page_shows_are_filled() -> None:  # TR-40
    node = Dataframe(headers=["a", "b"], row_count=(2, "fixed"), type="array")
    edits = [{"do": "blank", "count": 2}, {"do": "set", "cells": [[1, 0, "9007199254740993"]]}]
    found = node.preprocess(node.from_page({"table": None, "headers": ["a", "b"], "edits": edits}))
    assert found == [[None, None], ["9007199254740993", None]]
