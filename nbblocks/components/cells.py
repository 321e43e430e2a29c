"""Cells of tables, and a table as a list of rows; tables of pandas and polars are in frames.py."""

from __future__ import annotations

import datetime
import importlib
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from typing_extensions import Self

from .json import jsonable

Cell = Any
"""What JSON holds: a text, a number, a bool, or None for an empty cell; seldom a list or an object."""
Rows = slice | Sequence[int]
SortBy = Sequence[tuple[int, bool]]
"""Columns to sort by, the most important first, each with whether it descends."""

SAFE = 2**53
"""Integers beyond it are other ones in a page, and go as text."""
_MISSING = ("NAType", "NaTType")


def library(name: str) -> Any:
    """A library that is needed for some tables only.

    :raises ImportError: saying so, if it is not there
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this table needs {name}, which is not installed: pip install {name}") from error


def cell_of(value: Any) -> Cell:
    """``value`` as a cell: what is missing is None, dates are text in ISO form with a space."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value if -SAFE < value < SAFE else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if type(value).__name__ in _MISSING:
        return None
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return jsonable(value)
    if hasattr(value, "tolist"):
        return cell_of(value.tolist())
    return str(value)


def header_of(name: Any) -> str | int | float:
    """A column's name as a header: those of several levels are joined by " / "."""
    if isinstance(name, tuple):
        return " / ".join(str(part) for part in cast("tuple[Any, ...]", name))
    found = cell_of(name)
    return found if isinstance(found, (str, int, float)) and not isinstance(found, bool) else str(name)


def fitting(headers: Sequence[Any], columns: int) -> list[Any]:
    """``headers`` for so many columns: those that are missing are "2", "3", ..., surplus ones are cut."""
    return [*headers[:columns], *(str(number) for number in range(len(headers) + 1, columns + 1))]


def might_be_a_number(text: str) -> bool:
    """Whether a number, bool or date could show this text, so that looking among them makes sense."""
    return all(char in "0123456789.,+-e: " for char in text) or text in "true false"


class Source:
    """A table of so many ``rows`` and ``columns``. It is never changed: what edits it makes another."""

    headers: list[Any]
    rows: int
    columns: int

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """The cells of a column."""
        raise NotImplementedError

    def cells(self, rows: Rows = slice(None), columns: slice = slice(None)) -> list[list[Cell]]:
        """A part of the table, row by row."""
        found = [self.column(index, rows) for index in range(*columns.indices(self.columns))]
        if not found:
            count = len(range(*rows.indices(self.rows))) if isinstance(rows, slice) else len(rows)
            return [[] for _ in range(count)]
        return [list(row) for row in zip(*found, strict=True)]

    def order(self, by: SortBy) -> Sequence[int]:
        """The rows, sorted; equal ones stay in their order, and empty cells come last."""
        order = list(range(self.rows))
        for column, descending in reversed(by):
            cells = self.column(column)
            filled = [row for row in order if cells[row] not in (None, "")]
            empty = [row for row in order if cells[row] in (None, "")]
            filled.sort(key=lambda row: _rank(cells[row]), reverse=descending)
            order = filled + empty
        return order

    def matching(self, text: str) -> Sequence[int]:
        """The rows that hold ``text`` in one of their cells, whether it has capitals or not."""
        wanted = text.lower()
        return [i for i, row in enumerate(self.cells()) if any(wanted in shown(cell).lower() for cell in row)]

    def take(self, rows: Sequence[int]) -> Source:
        """A table of these rows."""
        raise NotImplementedError

    def with_cells(self, cells: Sequence[tuple[int, int, Cell]]) -> Source:
        """A table with other cells at (row, column); those outside of it are left out."""
        raise NotImplementedError

    def with_rows(self, at: int, count: int) -> Source:
        """A table with empty rows before row ``at``."""
        raise NotImplementedError

    def with_columns(self, at: int, headers: Sequence[Any]) -> Source:
        """A table with empty columns before column ``at``."""
        raise NotImplementedError

    def without_columns(self, columns: Sequence[int]) -> Source:
        """A table that lacks these columns."""
        raise NotImplementedError

    def renamed(self, column: int, header: str) -> Source:
        """A table with another header."""
        raise NotImplementedError

    def without_rows(self, rows: Sequence[int]) -> Source:
        """A table that lacks these rows."""
        gone = set(rows)
        return self.take([row for row in range(self.rows) if row not in gone])

    def to_pandas(self) -> Any:
        """A new DataFrame of the cells, as one gets from JSON."""
        pd = library("pandas")
        found = {index: self.column(index) for index in range(self.columns)}
        frame = pd.DataFrame(found, index=range(self.rows))
        frame.columns = list(self.headers)
        return frame

    def to_polars(self) -> Any:
        """A new polars DataFrame; of equal headers all but the first get a number."""
        pl = library("polars")
        names = unique([str(one) for one in self.headers])
        columns = [pl.Series(name, self.column(index), strict=False) for index, name in enumerate(names)]
        return pl.DataFrame(columns)

    def to_numpy(self) -> Any:
        """A new array of shape (rows, columns); if the cells are of several kinds, as numpy sees fit."""
        np = library("numpy")
        if not self.rows:
            return np.empty((0, self.columns))
        cells = self.cells()
        try:
            array = np.array(cells)
        except ValueError:  # some cells are lists, of several lengths
            array = None
        if array is None or array.ndim != 2:
            array = np.empty((self.rows, self.columns), dtype=object)
            for place in np.ndindex(array.shape):
                array[place] = cells[place[0]][place[1]]
        return array

    def same(self, other: Source) -> bool:
        """Whether the other table has the same headers and cells."""
        if (self.headers, self.rows, self.columns) != (other.headers, other.rows, other.columns):
            return False
        return all(self.column(index) == other.column(index) for index in range(self.columns))


class Lists(Source):
    """A table of lists of cells, one for each row."""

    def __init__(self, rows: Sequence[Sequence[Any]], headers: Sequence[Any], *, ready: bool = False) -> None:
        """Create it; short rows are filled with None.

        :param ready: all rows are lists of cells, as long as ``headers``
        """
        columns = len(headers) if ready else max((len(row) for row in rows), default=len(headers))
        self._rows = (
            cast("list[list[Cell]]", rows)
            if ready
            else [[*map(cell_of, row), *[None] * (columns - len(row))] for row in rows]
        )
        self.headers, self.rows, self.columns = fitting(headers, columns), len(rows), columns

    def _like(self, rows: list[list[Cell]], headers: Sequence[Any] | None = None) -> Self:
        return type(self)(rows, self.headers if headers is None else headers, ready=True)

    def _chosen(self, rows: Rows) -> list[list[Cell]]:
        return self._rows[rows] if isinstance(rows, slice) else [self._rows[row] for row in rows]

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """As that of every table."""
        return [row[index] for row in self._chosen(rows)]

    def cells(self, rows: Rows = slice(None), columns: slice = slice(None)) -> list[list[Cell]]:
        """As those of every table; new lists."""
        return [row[columns] for row in self._chosen(rows)]

    def take(self, rows: Sequence[int]) -> Source:
        """As that of every table."""
        return self._like(self._chosen(rows))

    def with_cells(self, cells: Sequence[tuple[int, int, Cell]]) -> Source:
        """As that of every table."""
        rows = list(self._rows)
        own: set[int] = set()
        for row, column, cell in cells:
            if row < self.rows and column < self.columns:
                if row not in own:
                    own.add(row)
                    rows[row] = list(rows[row])
                rows[row][column] = cell
        return self._like(rows)

    def with_rows(self, at: int, count: int) -> Source:
        """As that of every table."""
        empty: list[list[Cell]] = [[None] * self.columns for _ in range(count)]
        return self._like([*self._rows[:at], *empty, *self._rows[at:]])

    def with_columns(self, at: int, headers: Sequence[Any]) -> Source:
        """As that of every table."""
        empty: list[Cell] = [None] * len(headers)
        rows = [[*row[:at], *empty, *row[at:]] for row in self._rows]
        return self._like(rows, [*self.headers[:at], *headers, *self.headers[at:]])

    def without_columns(self, columns: Sequence[int]) -> Source:
        """As that of every table."""
        kept = [index for index in range(self.columns) if index not in set(columns)]
        rows = [[row[index] for index in kept] for row in self._rows]
        return self._like(rows, [self.headers[index] for index in kept])

    def renamed(self, column: int, header: str) -> Source:
        """As that of every table."""
        return self._like(self._rows, replaced(self.headers, column, header))


def replaced(headers: Sequence[Any], column: int, header: str) -> list[Any]:
    """The headers with another one for ``column``."""
    return [header if index == column else one for index, one in enumerate(headers)]


def unique(names: Sequence[str]) -> list[str]:
    """The names, all different."""
    found: dict[str, None] = {}
    for name in names:
        number, fresh = 2, name
        while fresh in found:
            fresh = f"{name}_{number}"
            number += 1
        found[fresh] = None
    return list(found)


def shown(cell: Cell) -> str:
    """The text that a page shows for a cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _rank(cell: Cell) -> tuple[int, Any]:
    """Numbers before texts before all else, so that a column of several kinds can be sorted."""
    if isinstance(cell, (int, float)):
        return 0, cell
    return (1, cell.lower()) if isinstance(cell, str) else (2, str(cell))
