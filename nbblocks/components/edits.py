"""What a user does to a table, as a page tells it: checked, and carried out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError

from .cells import Cell, Changes, Source
from .tables import Styles

Edit = Mapping[str, Any]
View = Callable[[Source, Mapping[str, Any]], Sequence[int]]
"""Tells the rows of a view of a table, in the order in which they were in sight."""
State = tuple[Source, Styles | None]
CELLS = ("set", "fill", "put")
"""Edits that leave all rows and columns in place."""
MOST_COLUMNS = 100_000


def edited(state: State, edit: Edit, view: View) -> State:
    """What a checked edit makes of a table."""
    source, styles = state
    if edit["do"] in CELLS:
        changes = _changes(source, edit, view)
        return source.changed(changes), styles and styles.plain(_places(source, changes))
    match edit["do"]:
        case "blank":  # the rows that a page shows of an empty table
            return (source.with_rows(0, edit["count"]), None) if not source.rows else state
        case "insert_rows":
            at = min(edit["at"], source.rows)
            rows = [*range(at), *[-1] * edit["count"], *range(at, source.rows)]
            return source.with_rows(at, edit["count"]), styles and styles.moved(rows)
        case "insert_columns":
            at = min(edit["at"], source.columns)
            columns = [*range(at), *[-1] * len(edit["headers"]), *range(at, source.columns)]
            return source.with_columns(at, edit["headers"]), styles and styles.moved(None, columns)
        case "delete_columns":
            kept = [index for index in range(source.columns) if index not in set(edit["columns"])]
            return source.without_columns(edit["columns"]), styles and styles.moved(None, kept)
        case "rename":
            return source.renamed(edit["column"], edit["header"]), styles
        case _:
            left = _left(source, edit, view)
            return source.take(left), styles and styles.moved(left)


def _left(source: Source, edit: Edit, view: View) -> Sequence[int]:
    """The rows that an edit leaves."""
    if edit["do"] == "keep":
        return sorted(map(int, source.matching(edit["search"])))
    gone = set(edit["rows"] if edit["do"] == "delete_rows" else map(int, _chosen(source, edit, view)))
    return [row for row in range(source.rows) if row not in gone]


def _chosen(source: Source, edit: Edit, view: View) -> Sequence[int]:
    """The rows of a range."""
    if "view" in edit:
        return view(source, edit["view"])[slice(*edit["rows"])]
    everything = range(source.rows)
    if "spans" in edit:
        parts = [everything[first:last] for first, last in edit["spans"]]
        return parts[0] if len(parts) == 1 else [row for part in parts for row in part]
    bits = base64.b64decode(edit["bits"])
    return [row for row in everything[: len(bits) * 8] if bits[row >> 3] >> (row & 7) & 1]


def _changes(source: Source, edit: Edit, view: View) -> Changes:
    if edit["do"] == "set":
        found: dict[int, dict[int, Cell]] = {}
        for row, column, cell in edit["cells"]:
            if row < source.rows and column < source.columns:
                found.setdefault(column, {})[row] = cell
        return {column: (list(new), list(new.values())) for column, new in found.items()}
    if edit["do"] == "fill":
        chosen = _chosen(source, edit, view)
        if isinstance(chosen, range):
            chosen = slice(chosen.start, chosen.stop)
        elif not len(chosen):
            return {}
        return {
            column: (chosen, [cell])
            for first, last, cell in edit["columns"]
            for column in range(first, min(last, source.columns))
        }
    row, first = edit["at"]
    rows = view(source, edit["view"])
    chosen = [int(one) for one in rows[row : row + len(edit["cells"])]]
    changes: dict[int, tuple[list[int], list[Cell]]] = {}
    for number, cells in zip(chosen, edit["cells"], strict=False):
        for column, told in enumerate(cells, first):
            if told and column < source.columns:
                places, new = changes.setdefault(column, ([], []))
                places.append(number)
                new.append(told[0])
    return changes


def _places(source: Source, changes: Changes) -> Mapping[int, Any]:
    return {
        column: frozenset(range(source.rows)[rows] if isinstance(rows, slice) else map(int, rows))
        for column, (rows, _) in changes.items()
    }


def columns_of(edit: Edit) -> set[int]:
    """The columns in which it changes cells."""
    match edit["do"]:
        case "set":
            return {column for _, column, _ in edit["cells"]}
        case "fill":
            return {column for first, last, _ in edit["columns"] for column in range(first, last)}
        case "put":
            first = edit["at"][1]
            return {first + place for row in edit["cells"] for place, told in enumerate(row) if told}
        case _:
            return set()


# -- checks


def check_edits(given: object) -> list[Edit]:
    """The edits that a page has sent, checked for their form.

    :raises MessageError: naming what is wrong
    """
    if not is_list(given):
        raise MessageError(f"edits of a table must be a list, got {shortened(given)}")
    return [_checked(edit) for edit in cast("list[Any]", given)]


def _checked(edit: Any) -> Edit:
    raw = cast("dict[str, Any]", edit) if isinstance(edit, dict) else {}
    match raw.get("do"):
        case "set" if isinstance(raw.get("cells"), list):
            return {"do": "set", "cells": [_cell(one) for one in raw["cells"]]}
        case "fill" if isinstance(raw.get("columns"), list):
            return {"do": "fill", "columns": [_filled(one) for one in raw["columns"]], **_range(raw)}
        case "put" if isinstance(raw.get("cells"), list):
            cells = [_told(row) for row in raw["cells"]]
            return {"do": "put", "at": pair("at", raw.get("at")), "cells": cells, "view": _view(raw)}
        case "blank" if is_count(raw.get("count")):
            return {"do": "blank", "count": raw["count"]}
        case "drop":
            return {"do": "drop", **_range(raw)}
        case "insert_rows" if is_count(raw.get("at")) and is_count(raw.get("count")):
            return {"do": "insert_rows", "at": raw["at"], "count": min(raw["count"], 100_000)}
        case "delete_rows" if _are_counts(raw.get("rows")):
            return {"do": "delete_rows", "rows": raw["rows"]}
        case "insert_columns" if is_count(raw.get("at")) and _are_texts(raw.get("headers")):
            return {"do": "insert_columns", "at": raw["at"], "headers": raw["headers"]}
        case "delete_columns" if _are_counts(raw.get("columns")):
            return {"do": "delete_columns", "columns": raw["columns"]}
        case "rename" if is_count(raw.get("column")) and _are_texts([raw.get("header")]):
            return {"do": "rename", "column": raw["column"], "header": raw["header"]}
        case "keep" if isinstance(raw.get("search"), str) and len(raw["search"]) <= 1000:
            return {"do": "keep", "search": raw["search"]}
        case _:
            raise MessageError(f"this is no edit of a table: {shortened(cast('object', edit))}")


def _cell(given: Any) -> tuple[int, int, Cell]:
    if not is_list(given, 3):
        raise MessageError(f"an edited cell must be [row, column, cell], got {shortened(given)}")
    row, column, cell = given
    row, column = pair("edited cell", [row, column])
    return row, column, _content(cell)


def _content(cell: Any) -> Cell:
    if cell is not None and not isinstance(cell, (str, int, float, bool)):
        raise MessageError(f"an edited cell must hold a text, number, bool or null, got {shortened(cell)}")
    return cell


def _filled(given: Any) -> tuple[int, int, Cell]:
    """Columns [from, to) and what is to fill them."""
    if not is_list(given, 3):
        raise MessageError(f"filled columns must be [from, to, cell], got {shortened(given)}")
    first, last = span("filled columns", given[:2])
    if last > MOST_COLUMNS:
        raise MessageError(f"no edit reaches beyond {MOST_COLUMNS} columns, got {shortened(given)}")
    return first, last, _content(given[2])


def _told(row: Any) -> list[list[Cell]]:
    """A row of cells that are put somewhere: each [cell], or [] to leave what is there."""
    if not is_list(row) or not all(is_list(one) and len(one) < 2 for one in row):
        raise MessageError(f"edited cells must be rows of [cell] or [], got {shortened(row)}")
    return [[_content(cell) for cell in one] for one in row]


def _range(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of an edit: [from, to) of a view, or rows of the table as spans [from, to), or as bits."""
    if "spans" in raw and is_list(raw["spans"]):
        return {"spans": [span("spans", one) for one in raw["spans"]]}
    if isinstance(raw.get("bits"), str):
        try:
            base64.b64decode(raw["bits"], validate=True)
        except (binascii.Error, ValueError):
            raise MessageError(f"bits of an edit must be base64, got {shortened(raw['bits'])}") from None
        return {"bits": raw["bits"]}
    return {"rows": span("rows", raw.get("rows")), "view": _view(raw)}


def _view(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The view whose rows an edit counts; it is checked when it is looked at."""
    found = raw.get("view", {})
    if not isinstance(found, dict):
        raise MessageError(f"view of an edit must be an object, got {shortened(found)}")
    view = cast("dict[str, Any]", found)
    sort, search, turn = view.get("sort", []), view.get("search", ""), view.get("turn", 0)
    good = is_list(sort) and len(sort) <= 32 and all(is_list(one, 2) and is_count(one[0]) for one in sort)
    if not good or not isinstance(search, str) or len(search) > 1000 or not isinstance(turn, int):
        raise MessageError(f"view of an edit is malformed: {shortened(view)}")
    return {"sort": sort, "search": search, "turn": turn}


def pair(what: str, given: Any) -> tuple[int, int]:
    """``given`` as [row, column], checked.

    :raises MessageError: naming ``what`` is wrong
    """
    if not is_list(given, 2) or not _are_counts(given):
        raise MessageError(f"{what} must be [row, column], got {shortened(given)}")
    return given[0], given[1]


def span(what: str, given: Any) -> tuple[int, int]:
    """``given`` as [from, to], checked.

    :raises MessageError: naming ``what`` is wrong
    """
    first, last = pair(what, given)
    if first > last:
        raise MessageError(f"{what} must be [from, to], got {shortened(given)}")
    return first, last


def is_count(given: Any) -> bool:
    """Whether it is a number of rows or columns, or of one of them."""
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**31


def is_list(given: object, length: int | None = None) -> bool:
    """Whether it is a list, of that length."""
    return isinstance(given, list) and length in (None, len(cast("list[Any]", given)))


def _are_counts(given: Any) -> bool:
    return is_list(given) and all(map(is_count, given))


def _are_texts(given: Any) -> bool:
    return is_list(given) and all(isinstance(one, str) for one in given)
