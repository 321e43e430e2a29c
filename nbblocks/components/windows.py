"""Tables too large to be sent whole: they stay in the kernel, and pages get windows of them."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError

from .cells import Cell, SortBy, Source
from .edits import CELLS, Edit, State, edited, is_count, is_list, pair, span
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

STATES = 3
"""Tables with their edits that are kept for those that have a few more."""

_tables: weakref.WeakValueDictionary[str, Table] = weakref.WeakValueDictionary()


class Past:
    """What a table and all that were made of it by edits have in common: the views that were looked at."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.views: dict[Any, Sequence[int]] = {}
        self.pinned: dict[Any, Sequence[int]] = {}
        """Views of which edits name rows: they are what they were, however the table is sorted by now."""
        self.states: list[tuple[tuple[str, ...], State]] = []

    def seen(self, key: Any) -> Sequence[int] | None:
        """The rows of a view, if somebody looked at it."""
        return self.pinned.get(key, self.views.get(key))

    def look(self, key: Any, found: Callable[[], Sequence[int]]) -> Sequence[int]:
        """The rows of a view; ``found`` tells them if nobody has looked at it yet."""
        with self.lock:
            known = self.seen(key)
            if known is None:
                known = found()
                while len(self.views) >= VIEWS:
                    self.views.pop(next(iter(self.views)))
                self.views[key] = known
            return known

    def pin(self, key: Any) -> None:
        """Keep a view for good."""
        known = self.views.get(key)
        if known is not None:
            self.pinned.setdefault(key, known)

    def begun(self, marks: tuple[str, ...]) -> tuple[int, State | None]:
        """How many of the first edits, by their marks, were carried out before, and what came of them."""
        fits = [(len(one), state) for one, state in self.states if one == marks[: len(one)]]
        return max(fits, key=lambda one: one[0], default=(0, None))

    def keep(self, marks: tuple[str, ...], state: State) -> None:
        """Remember what came of these edits."""
        self.states = [*self.states[-STATES + 1 :], (marks, state)]


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
        edits: Sequence[Edit] = (),
    ) -> None:
        """Create it for the component with the id ``owner``, of a source, or of a table and its edits."""
        self.owner = owner
        self.base, self.edits = base, edits
        self.whole = False
        """Whether pages have got it whole."""
        self.token = secrets.token_hex(8)
        self._state = None if source is None else (source, styles)
        self._lock = threading.RLock()
        self._compared: dict[str, bool] = {}
        self.marks = tuple(_mark(edit) for edit in edits)
        self.past = Past()
        for number, edit in enumerate(edits):
            if base is not None and "view" in edit:
                base.past.pin(_key(edits[:number], edit["view"]))
        _tables[self.token] = self

    def _done(self) -> State:
        """The table with its edits: worked out at first use, which may take a while."""
        with self._lock:
            if self._state is None:
                assert self.base is not None
                count, state = self.base.past.begun(self.marks)
                state = state or self.base._done()
                for number in range(count, len(self.edits)):
                    view = partial(self.base.rows_of, before=self.edits[:number])
                    state = edited(state, self.edits[number], view)
                self.base.past.keep(self.marks, state)
                self._state = state
            return self._state

    @property
    def source(self) -> Source:
        """What the table holds."""
        return self._done()[0]

    @property
    def styles(self) -> Styles | None:
        """How its cells are shown, if somebody has said so."""
        return self._done()[1]

    def rows_of(self, source: Source, view: Mapping[str, Any], before: Sequence[Edit]) -> Sequence[int]:
        """The rows of a view of ``source``, which the edits ``before`` have made of this table."""
        by, text = (
            [(column, bool(down)) for column, down in view["sort"] if column < source.columns],
            view["search"],
        )
        if not by and not text:
            return range(source.rows)
        return self.past.look(_key(before, view), lambda: _found(source, by, text))

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
        if not isinstance(other, Table):
            return False
        if other.token not in self._compared:
            alike = self.base is not None and self.base is other.base and self.marks == other.marks
            self._compared[other.token] = alike or (
                self.edits == () == other.edits
                and self.styles is other.styles
                and self.source.same(other.source)
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
        return {"headers": self.source.headers, **shape, **window, **told_of(self.source, window["data"])}

    def window(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """A window: `data` of the rows `[from, to)` of a view, their numbers in the table as `index`.

        ``content``: `rows` and `columns`, each [from, to), and what the view is sorted by and searched for.

        :raises MessageError: if it is malformed
        """
        rows, columns = (span(name, content.get(name)) for name in ("rows", "columns"))
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
        if not by and not text:
            return range(self.source.rows)
        view = {"sort": by, "search": text, "turn": turn if isinstance(turn, int) else 0}
        source = self.source  # before the lock of the views, which is not held for edits
        # A page that has made these edits still names the table that it was given.
        base = self.base if self.base is not None and content.get("table") == self.base.token else None
        table, edits = (self, ()) if base is None else (base, self.edits)
        return table.rows_of(source, view, edits)

    def _sort_of(self, given: Any) -> SortBy:
        def good(pair: Any) -> bool:
            if not is_list(pair, 2) or not isinstance(pair[1], bool):
                return False
            return is_count(pair[0]) and int(pair[0]) < self.source.columns

        pairs: list[Any] = given if is_list(given) else [None]
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
        row, column = pair("cell", place)
        if row >= self.source.rows or column >= self.source.columns:
            raise MessageError(f"the table has no cell {[row, column]}")
        return self.source.cells([row], slice(column, column + 1))[0][0]


def _mark(edit: Edit) -> str:
    """What tells an edit from others: 1 and True are two things here."""
    return hashlib.sha256(json.dumps(edit, sort_keys=True).encode()).hexdigest()


def _key(edits: Sequence[Edit], view: Mapping[str, Any]) -> Any:
    """What tells a view of a table with these edits: of those, the ones that move rows or columns count."""
    moves = sum(edit["do"] not in CELLS for edit in edits)
    return moves, tuple((column, down) for column, down in view["sort"]), view["search"], view["turn"]


def _found(source: Source, by: SortBy, text: str) -> Sequence[int]:
    found: Any = source.order(by)
    if not text:
        return found
    hits = set(map(int, source.matching(text)))
    return [int(row) for row in found if int(row) in hits] if by else sorted(hits)


def told_of(source: Source, data: list[list[Cell]]) -> dict[str, Any]:
    """What a page cannot tell from these cells.

    `numbers` are columns of them in which some cells are texts: more digits than a float has, "inf", "NaN".
    `missing` says of columns what all of their empty cells are, those to come too.
    """
    mixed = sorted({place for row in data for place, cell in enumerate(row) if isinstance(cell, str)})
    numbers = [place for place in mixed if source.is_number(place)]
    missing = {str(place): text for place in range(source.columns) if (text := source.emptiness(place))}
    return ({"numbers": numbers} if numbers else {}) | ({"missing": missing} if missing else {})


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
