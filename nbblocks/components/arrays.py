"""Tables of numpy's arrays, whose types they keep."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

from .cells import Cell, Changes, Rows, SortBy, Source, cell_of, fitting, isolated, library, replaced
from .entries import UnfitError, boolean, day, integer, like, real


class Arrays(Source):
    """A table of arrays, one for each column."""

    def __init__(
        self, columns: Sequence[Any], headers: Sequence[Any], rows: int, names: Sequence[str] = ()
    ) -> None:
        """Hold the arrays, which nobody may change any more.

        :param names: of the fields, if it was a structured array
        """
        self._columns = list(columns)
        self.rows, self.columns = rows, len(self._columns)
        self.headers = fitting(headers, self.columns)
        self._names = names

    def _like(
        self, columns: Sequence[Any], headers: Sequence[Any] | None = None, rows: int | None = None
    ) -> Arrays:
        names = self._names if headers is None else [str(one) for one in headers] if self._names else ()
        headers = self.headers if headers is None else headers
        return Arrays(columns, headers, self.rows if rows is None else rows, names)

    def values(self, index: int, rows: Rows = slice(None)) -> list[Any]:
        """As those of every table."""
        part = self._columns[index][rows]
        return list(part) if part.dtype.kind in "mM" else part.tolist()

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """As that of every table."""
        np = library("numpy")
        part = self._columns[index][rows]
        if part.dtype.kind in "mM":
            return [None if np.isnat(one) else str(one).replace("T", " ") for one in part]
        if part.dtype.kind == "f":  # as short as they are precise
            return [None if np.isnan(one) else cell_of(float(str(one))) for one in part]
        return [cell_of(one) for one in part.tolist()]

    def is_number(self, index: int) -> bool:
        """As that of every table."""
        kind = self._columns[index].dtype.kind
        return super().is_number(index) if kind == "O" else kind in "iuf"

    def emptiness(self, index: int) -> str | None:
        """As that of every table."""
        kind = self._columns[index].dtype.kind
        return "NaT" if kind in "Mm" else "NaN" if kind == "f" else None

    def order(self, by: SortBy) -> Sequence[int]:
        """As that of every table."""
        plain = all(self._columns[column].dtype.kind in "biufmM" for column, _ in by)
        if plain and by and importlib.util.find_spec("pandas"):
            from .frames import Pandas

            return Pandas(self.to_pandas(), self.headers).order(by)
        return super().order(by)

    def take(self, rows: Sequence[int]) -> Source:
        """As that of every table."""
        places = library("numpy").asarray(rows, dtype=int)
        return self._like([one[places] for one in self._columns], rows=len(places))

    def changed(self, changes: Changes) -> Source:
        """As that of every table."""
        columns = list(self._columns)
        for column, (rows, cells) in changes.items():
            columns[column] = _with(columns[column], rows, cells)
        return self._like(columns)

    def with_rows(self, at: int, count: int) -> Source:
        """As that of every table."""
        np = library("numpy")
        columns: list[Any] = []
        for one in self._columns:
            try:
                empty = _entered(one, None)
            except UnfitError:
                one, empty = one.astype(object), None
            new = np.empty(count, dtype=one.dtype)
            new[:] = empty
            columns.append(np.concatenate([one[:at], new, one[at:]]))
        return self._like(columns, rows=self.rows + count)

    def with_columns(self, at: int, headers: Sequence[Any]) -> Source:
        """As that of every table."""
        new = [library("numpy").full(self.rows, None, dtype=object) for _ in headers]
        columns = [*self._columns[:at], *new, *self._columns[at:]]
        return self._like(columns, [*self.headers[:at], *headers, *self.headers[at:]])

    def without_columns(self, columns: Sequence[int]) -> Source:
        """As that of every table."""
        kept = [index for index in range(self.columns) if index not in set(columns)]
        return self._like([self._columns[index] for index in kept], [self.headers[index] for index in kept])

    def renamed(self, column: int, header: str) -> Source:
        """As that of every table."""
        return self._like(self._columns, replaced(self.headers, column, header))

    def to_pandas(self) -> Any:
        """As that of every table."""
        pd = library("pandas")
        found = {index: pd.Series(self._own(one)) for index, one in enumerate(self._columns)}
        frame = pd.DataFrame(found, index=range(self.rows))
        frame.columns = list(self.headers)
        return frame

    def to_numpy(self) -> Any:
        """A new array: of the type that was given, else of one that holds what the columns hold as it is."""
        np = library("numpy")
        if self._names:
            fields = list(zip(self._names, (one.dtype for one in self._columns), strict=True))
            found = np.empty(self.rows, dtype=fields)
            for name, one in zip(self._names, self._columns, strict=True):
                found[name] = self._own(one)
            return found
        kinds = {one.dtype for one in self._columns}
        same = len({kind.kind for kind in kinds}) == 1
        found = np.empty((self.rows, self.columns), dtype=np.result_type(*kinds) if same else object)
        for index, one in enumerate(self._columns):
            found[:, index] = self._own(one) if same else self.values(index)
        return found

    @staticmethod
    def _own(column: Any) -> Any:
        if column.dtype != object:
            return column.copy()
        found = library("numpy").empty(len(column), dtype=object)
        for row, one in enumerate(column):
            found[row] = isolated(one)
        return found

    def same(self, other: Source) -> bool:
        """As that of every table; dtypes count."""
        if not isinstance(other, Arrays):
            return super().same(other)
        kinds, others = ([one.dtype for one in table._columns] for table in (self, other))
        return kinds == others and super().same(other)


def columns_of(array: Any) -> tuple[list[Any], Sequence[str]]:
    """The columns of an array, and the names of its fields if it is a structured one."""
    names: Sequence[str] = array.dtype.names or ()
    parts = [array[name] for name in names] if names else [array[:, index] for index in range(array.shape[1])]
    return [Arrays._own(part) for part in parts], names


def _with(column: Any, rows: Rows, cells: Sequence[Cell]) -> Any:
    np = library("numpy")
    try:
        entered = [_entered(column, cell) for cell in cells]
    except UnfitError:
        values = list(column) if column.dtype.kind in "mM" else column.tolist()
        column = np.empty(len(values), dtype=object)
        for row, one in enumerate(values):
            column[row] = one
        entered = [_entered(column, cell) for cell in cells]
    width = max((len(one) for one in entered if isinstance(one, (str, bytes))), default=0)
    if column.dtype.kind == "U" and width > column.dtype.itemsize // 4:
        column = column.astype(f"U{width}")
    column = column.copy()
    places = range(*rows.indices(len(column))) if isinstance(rows, slice) else rows
    if len(entered) == 1 and column.dtype != object:
        column[rows if isinstance(rows, slice) else np.asarray(rows, dtype=int)] = entered[0]
        return column
    for number, row in enumerate(places):
        column[row] = isolated(entered[number if len(entered) > 1 else 0])
    return column


def _entered(column: Any, cell: Cell) -> Any:
    """``cell`` in the type of an array.

    :raises UnfitError: if that cannot hold it
    """
    np = library("numpy")
    dtype = column.dtype
    match dtype.kind:
        case "O":
            return like(cell, column[:1000].tolist())
        case "f":
            with np.errstate(over="ignore"):
                return dtype.type("nan" if cell is None else real(cell, dtype.type))
        case "i" | "u":
            limits = np.iinfo(dtype)
            return integer(cell, int(limits.min), int(limits.max))
        case "b":
            return boolean(cell)
        case "U" if isinstance(cell, str):
            return cell
        case "M" | "m" if cell in (None, "NaT"):
            return dtype.type("NaT")
        case "M":
            return _stamp(dtype, day(cell))
        case "c":
            found = like(cell, [1j])
            if isinstance(found, complex):
                return found
        case _:
            pass
    raise UnfitError(cell)


def _stamp(dtype: Any, text: str) -> Any:
    np = library("numpy")
    try:
        exact = np.datetime64(text.replace(" ", "T"))
        found = exact.astype(dtype)
    except ValueError as error:
        raise UnfitError(text) from error
    if found != exact or text[-1] == "Z" or "+" in text:
        raise UnfitError(text)
    return found
