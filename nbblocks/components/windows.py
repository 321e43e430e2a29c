"""Tables too large to be sent whole: they stay in the kernel, and pages get windows of them."""

from __future__ import annotations

import secrets
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError

from .cells import Cell, SortBy, Source
from .tables import Styles

FIRST = 100
"""Rows that a page gets at first."""
FIRST_COLUMNS = 50
MOST = 20_000
"""Cells of the largest window."""
LONGEST, SHORT, MOST_TEXT = 2_000, 200, 1_000_000
"""Characters of a cell in a window, of one among many long ones, and of all of a window that makes them many.

The rest comes when the cell is edited.
"""
VIEWS = 4
"""Sorted or searched views of a table that are kept."""

_tables: weakref.WeakValueDictionary[str, Table] = weakref.WeakValueDictionary()


class Table(Mapping[str, Any]):
    """A large table as a value: `headers`, `data` and `metadata` are there as in a small one's dict.

    An edited one holds the table before and what was done to it; that is carried out when somebody looks.
    """

    def __init__(
        self,
        owner: int,
        source: Source | None,
        styles: Styles | None = None,
        *,
        base: Table | None = None,
        edits: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Create it for the component with the id ``owner``, of a source, or of a table and its edits."""
        self.owner, self.styles = owner, styles
        self.base, self.edits = base, edits
        self.token = secrets.token_hex(8)
        self._source = source
        self._lock, self._viewing = threading.RLock(), threading.Lock()
        self._views: dict[Any, Sequence[int]] = {}
        self._compared: dict[str, bool] = {}
        if base is not None and all(edit["do"] == "set" for edit in edits):
            self._views = base._views  # rows stay where the user has them in sight
        _tables[self.token] = self

    @property
    def source(self) -> Source:
        """The table with its edits: worked out at first use, which may take a while."""
        with self._lock:
            if self._source is None:
                assert self.base is not None
                found = self.base.source
                for edit in self.edits:
                    found = edited(found, edit)
                self._source = found
            return self._source

    # -- as the dict of a small table

    def __getitem__(self, name: str) -> Any:
        if name == "headers":
            return self.source.headers
        if name == "data":
            return self.source.cells()
        if name == "metadata":
            rows, columns = range(self.source.rows), range(self.source.columns)
            return None if self.styles is None else self.styles.of(rows, columns)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(("headers", "data", "metadata"))

    def __len__(self) -> int:
        return 3

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Table) or self.styles is not other.styles:
            return False
        if other.token not in self._compared:
            alike = self.base is not None and self.base is other.base and self.edits == other.edits
            self._compared[other.token] = alike or (
                self.edits == () == other.edits and self.source.same(other.source)
            )
        return self._compared[other.token]

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        return f"<table of {self.source.rows} x {self.source.columns}>"

    # -- for pages

    def first(self) -> dict[str, Any]:
        """What a page gets at first."""
        rows = range(min(FIRST, self.source.rows))
        columns = range(min(FIRST_COLUMNS, self.source.columns))
        window = self._window(rows, columns)
        shape = {"rows": self.source.rows, "table": self.token}
        return {"headers": self.source.headers, **shape, **window}

    def window(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """A window: `data` of the rows `[from, to)` of a view, their numbers in the table as `index`.

        ``content``: `rows` and `columns`, each [from, to), and what the view is sorted by and searched for.

        :raises MessageError: if it is malformed
        """
        rows, columns = (_span(name, content.get(name)) for name in ("rows", "columns"))
        if (rows[1] - rows[0]) * (columns[1] - columns[0]) > MOST:
            raise MessageError(f"a window must have at most {MOST} cells")
        view = self.view(content)
        chosen = [int(row) for row in view[rows[0] : rows[1]]]
        places = range(columns[0], min(columns[1], self.source.columns))
        return {"rows": len(view), "index": chosen, **self._window(chosen, places)}

    def view(self, content: Mapping[str, Any]) -> Sequence[int]:
        """The rows that are left by a search, sorted.

        ``content``: `sort` pairs [column, whether it descends], `search` a text, `turn` a number that
        changes when it is to be done anew.

        :raises MessageError: if it is malformed
        """
        by, text = self._sort_of(content.get("sort", [])), content.get("search", "")
        if not isinstance(text, str) or len(text) > 1000:
            raise MessageError(f"search must be a text of at most 1000 characters, got {shortened(text)}")
        turn = content.get("turn", 0)
        key = (tuple(by), text, turn if isinstance(turn, int) else 0)
        if not by and not text:
            return range(self.source.rows)
        with self._viewing:  # not `_lock`: a long search must not hold up who only scrolls
            if key not in self._views:
                found: Any = self.source.order(by)
                if text:
                    hits = set(map(int, self.source.matching(text)))
                    found = [int(row) for row in found if int(row) in hits] if by else sorted(hits)
                while len(self._views) >= VIEWS:
                    self._views.pop(next(iter(self._views)))
                self._views[key] = found
            return self._views[key]

    def _sort_of(self, given: Any) -> SortBy:
        def good(pair: Any) -> bool:
            if not _is_list(pair, 2) or not isinstance(pair[1], bool):
                return False
            return _is_count(pair[0]) and int(pair[0]) < self.source.columns

        pairs: list[Any] = given if _is_list(given) else [None]
        if len(pairs) > 32 or not all(map(good, pairs)):
            raise MessageError(f"sort must hold pairs [column, descends], got {shortened(given)}")
        return [(column, descends) for column, descends in pairs]

    def _window(self, rows: Sequence[int], columns: Sequence[int]) -> dict[str, Any]:
        part = slice(columns[0], columns[-1] + 1) if columns else slice(0, 0)
        data = self.source.cells(rows, part)
        cut = _cut(data, LONGEST)
        if sum(len(cell) for row in data for cell in row if isinstance(cell, str)) > MOST_TEXT:
            cut = _cut(data, SHORT)
        metadata = None if self.styles is None else self.styles.of(rows, columns)
        return {"data": data, "metadata": metadata} | ({"cut": cut} if cut else {})

    def cell(self, place: Any) -> Cell:
        """One cell, whole.

        :raises MessageError: if ``place`` is not [row, column] of it
        """
        row, column = _pair("cell", place)
        if row >= self.source.rows or column >= self.source.columns:
            raise MessageError(f"the table has no cell {[row, column]}")
        return self.source.cells([row], slice(column, column + 1))[0][0]


def _cut(data: list[list[Cell]], most: int) -> list[list[int]]:
    """Cut long texts, and tell where some were: a text that was cut before is as long as it was left."""
    found: list[list[int]] = []
    for i, row in enumerate(data):
        for k, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > most:
                row[k] = cell[:most]
                found.append([i, k])
    return found


def known(owner: int, token: object) -> Table:
    """The table that a page names, which must be one that its component was given.

    :raises MessageError: if it is not there (any more)
    """
    found = _tables.get(token) if isinstance(token, str) else None
    if found is None or found.owner != owner:
        raise MessageError(f"value of dataframe: the table {shortened(token)} is not there (any more)")
    return found


# -- edits


def edited(source: Source, edit: Mapping[str, Any]) -> Source:
    """What a checked edit makes of a table."""
    match edit["do"]:
        case "set":
            return source.with_cells([(row, column, cell) for row, column, cell in edit["cells"]])
        case "insert_rows":
            return source.with_rows(min(edit["at"], source.rows), edit["count"])
        case "delete_rows":
            return source.without_rows(edit["rows"])
        case "insert_columns":
            return source.with_columns(min(edit["at"], source.columns), edit["headers"])
        case "delete_columns":
            return source.without_columns(edit["columns"])
        case "rename":
            return source.renamed(edit["column"], edit["header"])
        case _:
            return source.take([int(row) for row in sorted(source.matching(edit["search"]))])


def check_edits(given: object) -> list[Mapping[str, Any]]:
    """The edits that a page has sent, checked for their form.

    :raises MessageError: naming what is wrong
    """
    if not _is_list(given):
        raise MessageError(f"edits of a table must be a list, got {shortened(given)}")
    return [_checked(edit) for edit in cast("list[Any]", given)]


def _checked(edit: Any) -> Mapping[str, Any]:
    raw = cast("dict[str, Any]", edit) if isinstance(edit, dict) else {}
    match raw.get("do"):
        case "set" if isinstance(raw.get("cells"), list):
            return {"do": "set", "cells": [_cell(one) for one in raw["cells"]]}
        case "insert_rows" if _is_count(raw.get("at")) and _is_count(raw.get("count")):
            return {"do": "insert_rows", "at": raw["at"], "count": min(raw["count"], 100_000)}
        case "delete_rows" if _are_counts(raw.get("rows")):
            return {"do": "delete_rows", "rows": raw["rows"]}
        case "insert_columns" if _is_count(raw.get("at")) and _are_texts(raw.get("headers")):
            return {"do": "insert_columns", "at": raw["at"], "headers": raw["headers"]}
        case "delete_columns" if _are_counts(raw.get("columns")):
            return {"do": "delete_columns", "columns": raw["columns"]}
        case "rename" if _is_count(raw.get("column")) and _are_texts([raw.get("header")]):
            return {"do": "rename", "column": raw["column"], "header": raw["header"]}
        case "keep" if isinstance(raw.get("search"), str) and len(raw["search"]) <= 1000:
            return {"do": "keep", "search": raw["search"]}
        case _:
            raise MessageError(f"this is no edit of a table: {shortened(cast('object', edit))}")


def _cell(given: Any) -> tuple[int, int, Cell]:
    if not _is_list(given, 3):
        raise MessageError(f"an edited cell must be [row, column, cell], got {shortened(given)}")
    row, column, cell = given
    row, column = _pair("edited cell", [row, column])
    if cell is not None and not isinstance(cell, (str, int, float, bool)):
        raise MessageError(f"an edited cell must hold a text, number, bool or null, got {shortened(cell)}")
    return row, column, cell


def _pair(what: str, given: Any) -> tuple[int, int]:
    if not _is_list(given, 2) or not _are_counts(given):
        raise MessageError(f"{what} must be [row, column], got {shortened(given)}")
    return given[0], given[1]


def _span(what: str, given: Any) -> tuple[int, int]:
    first, last = _pair(what, given)
    if first > last:
        raise MessageError(f"{what} must be [from, to], got {shortened(given)}")
    return first, last


def _is_count(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**31


def _is_list(given: object, length: int | None = None) -> bool:
    return isinstance(given, list) and length in (None, len(cast("list[Any]", given)))


def _are_counts(given: Any) -> bool:
    return _is_list(given) and all(map(_is_count, given))


def _are_texts(given: Any) -> bool:
    return _is_list(given) and all(isinstance(one, str) for one in given)
