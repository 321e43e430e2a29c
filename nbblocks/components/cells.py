"""Cells of tables, and a table as a list of rows; tables of pandas and polars are in frames.py."""

from __future__ import annotations

import copy
import datetime
import importlib
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from typing_extensions import Self

from .entries import like, missing

Cell = Any
"""What JSON holds: a text, a number, a bool, or None for an empty cell; seldom a list or an object.

It is what a page shows. What the table holds there is another matter, and stays in the kernel.
"""
Rows = slice | Sequence[int]
SortBy = Sequence[tuple[int, bool]]
"""Columns to sort by, the most important first, each with whether it descends."""

Changes = Mapping[int, tuple[Rows, Sequence[Cell]]]
"""For columns: the rows to be changed, and a new cell for each of them, or one for all."""

SAFE = 2**53
"""Integers beyond it are other ones in a page, and go as text."""
SAMPLE = 1_000
"""Rows from which is judged what a column of objects holds."""


def library(name: str) -> Any:
    """A library that is needed for some tables only.

    :raises ImportError: saying so, if it is not there
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this table needs {name}, which is not installed: pip install {name}") from error


def cell_of(value: Any) -> Cell:
    """``value`` as a cell: what JSON has no number for is text, dates are in ISO form with a space."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return int(value) if -SAFE < value < SAFE else str(int(value))
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else ("NaN" if math.isnan(value) else f"{float(value)}")
    if type(value).__name__ == "NAType":
        return "<NA>"
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ") if type(value).__name__ != "NaTType" else "NaT"
    if isinstance(value, Decimal):
        return _number_of(value)
    if isinstance(value, Mapping):
        entries = cast("Mapping[Any, Any]", value).items()
        return {str(key): cell_of(entry) for key, entry in entries}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [cell_of(entry) for entry in cast("Iterable[Any]", value)]
    if hasattr(value, "tolist"):
        found = value.tolist()
        return str(value) if isinstance(found, type(value)) else cell_of(found)
    return str(value)


def _number_of(value: Decimal) -> Cell:
    if not value.is_finite():
        return "NaN" if value.is_nan() else str(float(value))
    near = float(value)
    if Decimal(repr(near)) != value or (value == value.to_integral_value() and abs(value) >= SAFE):
        return str(value)
    return near


def isolated(value: Any) -> Any:
    """``value``, copied if it is a container that could be changed in place."""
    held = isinstance(value, (list, dict, set, bytearray))
    return copy.deepcopy(cast("Any", value)) if held else value


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
    return all(char in "0123456789.,+-e: " for char in text) or text in "true false -inf nan nat <na>"


class Source:
    """A table of so many ``rows`` and ``columns``. It is never changed: what edits it makes another."""

    headers: list[Any]
    rows: int
    columns: int

    def values(self, index: int, rows: Rows = slice(None)) -> list[Any]:
        """What a column holds, as objects of Python."""
        raise NotImplementedError

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """The cells of a column."""
        return [cell_of(value) for value in self.values(index, rows)]

    def is_number(self, index: int) -> bool:
        """Whether a column holds numbers, so that texts among its cells are numbers too."""
        values = [value for value in self.values(index, slice(SAMPLE)) if value is not None]
        return bool(values) and all(
            isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) for value in values
        )

    def cells(self, rows: Rows = slice(None), columns: slice = slice(None)) -> list[list[Cell]]:
        """A part of the table, row by row."""
        found = [self.column(index, rows) for index in range(*columns.indices(self.columns))]
        if not found:
            count = len(range(*rows.indices(self.rows))) if isinstance(rows, slice) else len(rows)
            return [[] for _ in range(count)]
        return [list(row) for row in zip(*found, strict=True)]

    def emptiness(self, index: int) -> str | None:
        """What all empty cells of a column are, if they are more than that: "NaN" or "NaT"."""
        return None

    def order(self, by: SortBy) -> Sequence[int]:
        """The rows, sorted; equal ones stay in their order, and empty cells come last."""
        order = list(range(self.rows))
        for column, descending in reversed(by):
            ranks = [_rank(value) for value in self.values(column)]
            filled = [row for row in order if ranks[row] is not None]
            empty = [row for row in order if ranks[row] is None]
            filled.sort(key=lambda row: cast("tuple[int, Any]", ranks[row]), reverse=descending)
            order = filled + empty
        return order

    def matching(self, text: str) -> Sequence[int]:
        """The rows that hold ``text`` in one of their cells, whether it has capitals or not."""
        wanted = text.lower()
        return [i for i, row in enumerate(self.cells()) if any(wanted in shown(cell).lower() for cell in row)]

    def take(self, rows: Sequence[int]) -> Source:
        """A table of these rows."""
        raise NotImplementedError

    def changed(self, changes: Changes) -> Source:
        """A table with other cells, in the types of their columns.

        What does not fit there makes a column of objects of it (of pandas, for an empty cell among integers
        or bools, one of its nullable types), so that all other cells stay what they were.
        """
        raise NotImplementedError

    def with_cells(self, cells: Sequence[tuple[int, int, Cell]]) -> Source:
        """A table with other cells at (row, column); those outside of it are left out."""
        changes: dict[int, dict[int, Cell]] = {}
        for row, column, cell in cells:
            if row < self.rows and column < self.columns:
                changes.setdefault(column, {})[row] = cell
        return self.changed({index: (list(new), list(new.values())) for index, new in changes.items()})

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
        """A new DataFrame."""
        pd = library("pandas")
        found = {index: _series(self.values(index)) for index in range(self.columns)}
        frame = pd.DataFrame(found, index=range(self.rows))
        frame.columns = list(self.headers)
        return frame

    def to_polars(self) -> Any:
        """A new polars DataFrame; of equal headers all but the first get a number."""
        pl = library("polars")
        names = unique([str(one) for one in self.headers])
        return pl.DataFrame([series_of(name, self.values(index)) for index, name in enumerate(names)])

    def to_numpy(self) -> Any:
        """A new array of shape (rows, columns); if the cells are of several kinds, as numpy sees fit.

        It is one of objects if integers would lose digits otherwise.
        """
        np = library("numpy")
        if not self.rows:
            return np.empty((0, self.columns))
        cells = self.to_lists()
        try:
            array = np.array(cells)
        except (ValueError, OverflowError):  # some cells are lists, of several lengths
            array = None
        if array is None or array.ndim != 2 or (array.dtype.kind in "fc" and _has_large(cells)):
            array = np.empty((self.rows, self.columns), dtype=object)
            for place in np.ndindex(array.shape):
                array[place] = cells[place[0]][place[1]]
        return array

    def to_lists(self) -> list[list[Any]]:
        """What the table holds, row by row, in new lists."""
        found = [list(map(isolated, self.values(index))) for index in range(self.columns)]
        return [list(row) for row in zip(*found, strict=True)] if found else [[] for _ in range(self.rows)]

    def same(self, other: Source) -> bool:
        """Whether the other table has the same headers and cells."""
        if (self.headers, self.rows, self.columns) != (other.headers, other.rows, other.columns):
            return False
        return all(alike(self.values(index), other.values(index)) for index in range(self.columns))


class Lists(Source):
    """A table of lists of Python's objects, one for each row."""

    def __init__(self, rows: Sequence[Sequence[Any]], headers: Sequence[Any], *, ready: bool = False) -> None:
        """Create it; short rows are filled with None.

        :param ready: all rows are lists of cells, as long as ``headers``
        """
        columns = len(headers) if ready else max((len(row) for row in rows), default=len(headers))
        self._rows = (
            cast("list[list[Any]]", rows)
            if ready
            else [[*map(isolated, row), *[None] * (columns - len(row))] for row in rows]
        )
        self.headers, self.rows, self.columns = fitting(headers, columns), len(rows), columns

    def _like(self, rows: list[list[Any]], headers: Sequence[Any] | None = None) -> Self:
        return type(self)(rows, self.headers if headers is None else headers, ready=True)

    def _chosen(self, rows: Rows) -> list[list[Any]]:
        return self._rows[rows] if isinstance(rows, slice) else [self._rows[row] for row in rows]

    def values(self, index: int, rows: Rows = slice(None)) -> list[Any]:
        """As those of every table."""
        return [row[index] for row in self._chosen(rows)]

    def cells(self, rows: Rows = slice(None), columns: slice = slice(None)) -> list[list[Cell]]:
        """As those of every table; new lists."""
        return [list(map(cell_of, row[columns])) for row in self._chosen(rows)]

    def take(self, rows: Sequence[int]) -> Source:
        """As that of every table."""
        return self._like(self._chosen(rows))

    def changed(self, changes: Changes) -> Source:
        """As that of every table."""
        rows = list(self._rows)
        own: set[int] = set()
        for column, (places, cells) in changes.items():
            chosen = range(*places.indices(self.rows)) if isinstance(places, slice) else places
            sample = self.values(column, slice(SAMPLE))
            entered = [like(cell, sample) for cell in cells]
            for number, row in enumerate(chosen):
                if row not in own:
                    own.add(row)
                    rows[row] = list(rows[row])
                rows[row][column] = isolated(entered[number if len(entered) > 1 else 0])
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


def _rank(value: Any) -> tuple[int, Any] | None:
    """Numbers before texts before all else, so that a column of several kinds can be sorted; None: empty."""
    if missing(value) or value == "":
        return None
    if isinstance(value, (int, float, Decimal)):
        return 0, value
    if isinstance(value, str):
        return 1, value.lower()
    return 2, str(cell_of(value))


def alike(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    """Whether two columns hold the same; of what cannot be compared: the same objects."""
    return len(ours) == len(theirs) and all(map(_same, ours, theirs))


def _same(one: Any, two: Any) -> bool:
    if one is two:
        return True
    if type(one) is not type(two):
        return False
    if isinstance(one, (list, tuple)):
        return alike(cast("Sequence[Any]", one), cast("Sequence[Any]", two))
    try:
        return bool(one == two) or (missing(one) and missing(two))
    except (TypeError, ValueError):  # arrays, say
        return False


def _has_large(rows: Iterable[Iterable[Any]]) -> bool:
    return any(isinstance(one, int) and abs(one) > SAFE for row in rows for one in row)


def _series(values: list[Any]) -> Any:
    """A Series as pandas makes it, or one of objects if integers would lose digits that way."""
    pd = library("pandas")
    lossy = _has_large([values]) and any(isinstance(one, float) or one is None for one in values)
    values = list(map(isolated, values))
    return pd.Series(values, dtype=object) if lossy or not values else pd.Series(values)


def series_of(name: str, values: list[Any]) -> Any:
    """A Series as polars makes it, or one of objects if it can make none that holds them as they are."""
    pl = library("polars")
    values = [None if missing(one) and not isinstance(one, float) else one for one in values]
    try:
        kinds: set[Any] = {type(one) for one in values if one is not None}
        if kinds > {int} and _has_large([values]):
            return pl.Series(name, values, dtype=pl.Object)
        return pl.Series(name, values, strict=kinds != {int, float})
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        return pl.Series(name, values, dtype=pl.Object)
