"""Dataset: rows of samples to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.component import Component, Field, FieldProps
from nbblocks.bridge.files import shortened
from nbblocks.core.errors import Error, MessageError
from nbblocks.core.events import Event

from .checks import one_of
from .shortcuts import component_of

Sample = list[Any]


class Dataset(Field[int, Any]):
    """Rows of samples; its value is the row that the user chose."""

    framed = False

    value = t.Int(None, allow_none=True).tag(sync=True)
    components = t.List(t.Unicode()).tag(sync=True)
    samples = t.List(t.List(t.Any())).tag(sync=True, ts="unknown[][]")
    headers = t.List(t.Unicode()).tag(sync=True)
    samples_per_page = t.Int(10).tag(sync=True)
    layout = t.Enum(["gallery", "table"], None, allow_none=True).tag(sync=True)
    sample_labels = t.List(t.Unicode(), None, allow_none=True).tag(sync=True)

    derived = {**Field.derived, "components": ("headers",)}

    click = Event("the user chose a row")
    select = Event("the user chose a row; the data say which")

    def __init__(
        self,
        *,
        components: Sequence[Component[Any, Any] | str | dict[str, Any]] | None = None,
        samples: Sequence[Sample] | None = None,
        headers: Sequence[str] | None = None,
        type: str = "values",
        layout: str | None = None,
        samples_per_page: int = 10,
        sample_labels: Sequence[str] | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with the rows ``samples``, one entry for each of ``components``.

        :param components: what the columns are shown as; instances are not placed
        :param headers: column titles, by default the labels of the components
        :param type: what handlers get: the row (``"values"``), its ``"index"``, or both (``"tuple"``)
        :param layout: ``"gallery"`` or ``"table"``; None takes a gallery for a single component
        :param sample_labels: text shown in place of each row
        """
        one_of("Dataset", "type", type, ("values", "index", "tuple"))
        one_of("Dataset", "layout", layout, ("gallery", "table", None))
        self.type = type
        self.columns = [component_of(one, render=False) for one in components or ()]
        titles = [getattr(column, "label", None) or column.type_name for column in self.columns]
        props = {
            "components": [column.page_type for column in self.columns],
            "samples": [list(row) for row in samples or ()],
            "headers": list(headers) if headers is not None else titles,
            "samples_per_page": samples_per_page,
            "layout": layout,
            "sample_labels": None if sample_labels is None else list(sample_labels),
        }
        super().__init__(props, shared)

    def preprocess(self, payload: int | None) -> Any:
        """The chosen row, its index, or both.

        :raises Error: if there is no such row
        """
        if payload is None:
            return None
        if not 0 <= payload < len(self.samples):
            raise Error(f"there is no sample {payload}: the last one is {len(self.samples) - 1}")
        row = self.samples[payload]
        return {"index": payload, "tuple": (payload, row)}.get(self.type, row)

    def postprocess(self, value: int | Sample | None) -> int | None:
        """The index of a row; None chooses nothing.

        :raises ValueError: for a list that is no row
        """
        if value is None or isinstance(value, int):
            return value
        return self.samples.index(list(value))

    def page_prop(self, name: str, value: Any) -> Any:
        """As every component; samples go as their components show them."""
        if name != "samples":
            return super().page_prop(name, value)
        return [
            [
                column.to_page(column.postprocess(entry))
                for column, entry in zip(self.columns, row, strict=False)
            ]
            for row in value
        ]

    def from_page(self, raw: Any) -> int | None:
        """The index of a row, or None."""
        if raw is not None and (not isinstance(raw, int) or isinstance(raw, bool) or raw < 0):
            raise MessageError(f"value of dataset: expected the index of a row, got {shortened(raw)}")
        return raw
