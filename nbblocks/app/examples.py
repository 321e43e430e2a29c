"""Examples: rows of sample values that fill the inputs when clicked."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, cast

from nbblocks.bridge.component import Component
from nbblocks.components import Dataset
from nbblocks.core.equality import same
from nbblocks.core.errors import PlainError
from nbblocks.core.events import BoundEvent, Trigger
from nbblocks.core.functions import inspect_function
from nbblocks.core.graph import building
from nbblocks.core.listeners import Dependency, Visibility
from nbblocks.core.places import warn
from nbblocks.core.registration import as_nodes
from nbblocks.core.updates import skip

from .example_cache import ExampleCache
from .flagging import value_of

AnyComponent = Component[Any, Any]
LOG = "log.csv"


class Examples:
    """Shows ``examples`` below ``inputs``; a click on a row sets the inputs to its values (CP-160 to CP-164).

    Outside of a Blocks context nothing listens yet: render ``dataset`` in an app and call `create` there.

    :param examples: rows with one entry per input; for one input also a flat list; or a directory: what its
        ``log.csv`` says, or for one input its files
    :param outputs: components that a cached or a run example fills
    :param fn: what ``run_on_click`` and caching call
    :param cache_examples: True runs ``fn`` on every row when the app is first shown, ``"lazy"`` at a click; a
        click then fills the outputs too. None takes ``NBBLOCKS_CACHE_EXAMPLES`` from the environment
        (``GRADIO_CACHE_EXAMPLES`` if there is none). Of a generator the last value is kept. Results go with
        the app, or are kept in the directory that ``NBBLOCKS_EXAMPLES_CACHE`` names
    :param label: caption of the rows
    :param run_on_click: run ``fn`` after a click, unless the row is cached
    :param preprocess: False hands ``fn`` the wire values of a row that is to be cached
    :param postprocess: False keeps what ``fn`` returns as it is
    :param api_name: endpoint that takes the index of a row
    :param batch: ``fn`` takes and returns lists
    :param cache_mode: ``"lazy"`` or ``"eager"``, for ``cache_examples=True``; None takes
        ``NBBLOCKS_CACHE_MODE`` or ``GRADIO_CACHE_MODE`` from the environment
    :param example_labels: one text per row, shown in its place
    :param visible_columns: indices of the inputs whose values are shown; the others are set all the same
    :param preload: row shown at the start if rows are cached eagerly and no input was made with a value
    :raises TypeError: for inputs or outputs that are no components
    :raises ValueError: without examples, with caching or running but without ``fn`` (and ``outputs``), or for
        labels that are not as many as the rows
    :raises FileNotFoundError: for a directory that does not exist, or has no ``log.csv`` for several inputs
    """

    def __init__(
        self,
        examples: Sequence[Any] | Sequence[Sequence[Any]] | str | Path,
        inputs: AnyComponent | Sequence[AnyComponent],
        outputs: Any = None,
        fn: Callable[..., Any] | None = None,
        cache_examples: bool | Literal["lazy"] | None = None,
        examples_per_page: int = 10,
        label: str | None = "Examples",
        elem_id: str | None = None,
        run_on_click: bool = False,
        preprocess: bool = True,
        postprocess: bool = True,
        api_name: str | Literal[False] | None = "load_example",
        batch: bool = False,
        *,
        cache_mode: Literal["eager", "lazy"] | None = None,
        api_visibility: Visibility = "undocumented",
        api_description: str | Literal[False] | None = None,
        example_labels: list[str] | None = None,
        visible_columns: list[int] | None = None,
        visible: bool | Literal["hidden"] = True,
        preload: int | Literal[False] = 0,
        _api_mode: bool = False,
        _initiated_directly: bool = True,
    ) -> None:
        self.inputs = cast("list[AnyComponent]", list(as_nodes("inputs of Examples", inputs)))
        self.outputs = list(as_nodes("outputs of Examples", outputs))
        self.fn, self.batch = fn, batch
        self.preprocess, self.postprocess = preprocess and not _api_mode, postprocess and not _api_mode
        self.api_name, self.api_visibility, self.api_description = api_name, api_visibility, api_description
        self.run_on_click, self.preload = run_on_click, preload
        self.examples = _rows(examples, self.inputs)
        if example_labels is not None and len(example_labels) != len(self.examples):
            raise ValueError(
                f"example_labels needs one text per row: got {len(example_labels)} for {len(self.examples)}"
            )
        self.cache_examples = self._caching(cache_examples, cache_mode)
        if run_on_click and fn is None:
            raise ValueError("run_on_click=True needs the function to run: give fn")
        self.columns = [
            i
            for i in range(len(self.inputs))
            if any(i < len(row) and row[i] is not None for row in self.examples)
        ]
        """The inputs that some row has a value for."""
        self.visible_columns = self._visible(visible_columns)
        self.inputs_with_examples = [self.inputs[i] for i in self.columns]
        self._samples = [
            [row[i] if i < len(row) else None for i in self.visible_columns] for row in self.examples
        ]
        self.dataset = Dataset(
            label=label,
            components=[self.inputs[i] for i in self.visible_columns],
            samples=self._samples,
            type="tuple",
            samples_per_page=examples_per_page,
            sample_labels=example_labels,
            elem_id=elem_id,
            visible=visible,
        )
        self._cache = ExampleCache(self) if self.cache_examples else None
        self.load_input_event: Dependency | None = None
        """The listener that sets the inputs."""
        self.cache_event: Dependency | None = None
        """The listener that sets the outputs of a cached row."""
        if building.get() is None:
            warn(
                "Examples outside of a Blocks context: render examples.dataset in an app, and call "
                "examples.create() there"
            )
        else:
            self.create()

    def create(self) -> None:
        """Register what a click on a row does, in the open Blocks context.

        :raises AttributeError: outside of one
        """
        said: dict[str, Any] = {
            "api_name": self.api_name,
            "api_visibility": None if self.api_name is False else self.api_visibility,
            "api_description": self.api_description,
        }
        unsaid: dict[str, Any] = {"api_name": False, "show_progress": "hidden"}
        event: Dependency = self.dataset.click(
            self._inputs_of,
            self.dataset,
            self.inputs_with_examples,
            queue=False,
            **(unsaid if self.cache_examples else {**said, "show_progress": "hidden"}),
        )
        self.load_input_event = event
        if self.cache_examples:
            self.load_input_event = self.cache_event = event.then(
                self._outputs_of,
                self.dataset,
                self.outputs,
                postprocess=False,
                trigger_mode="always_last",
                **said,
            )
            self._prepare(unsaid)
        elif self.run_on_click:
            event.then(
                self.fn,
                self.inputs,
                self.outputs,
                batch=self.batch,
                trigger_mode="always_last",
                show_api=False,
            )

    def _prepare(self, options: dict[str, Any]) -> None:
        """Say what may go wrong with caching, and have eager caching done at the start."""
        assert self.fn is not None
        function, wanted = inspect_function(self.fn), len(self.inputs)
        if any(
            any(one is None for one in row) or not function.does_without(len(row), wanted)
            for row in self.examples
        ):
            warn(
                "Examples will be cached but not all input components have example values: the function "
                "must do without them"
            )
        graph = building.get()
        if self.cache_examples != "eager" or graph is None or not self.examples:
            return
        load = BoundEvent((Trigger(graph.owner, "load"),))
        preload = self.preload
        if preload is not False and not any(
            "value" in one.constructor_args for one in self.inputs_with_examples
        ):
            if not -len(self.examples) <= preload < len(self.examples):
                raise ValueError(f"preload={preload} is none of the {len(self.examples)} rows")
            index = preload % len(self.examples)
            row = self._samples[index]

            def first() -> Any:
                return self._inputs_of((index, row))

            def result() -> Any:
                return _one_or_all(self.load_from_cache(index))

            load(first, None, self.inputs_with_examples, queue=False, **options)
            load(result, None, self.outputs, postprocess=False, **options)
        load(self.cache, None, None, **options)

    def _visible(self, asked: list[int] | None) -> list[int]:
        if asked is None:
            return self.columns
        for index in asked:
            if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(self.inputs):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ValueError(
                    f"visible_columns must hold indices of the {len(self.inputs)} inputs, got {index!r}"
                )
        if not asked:
            raise ValueError("visible_columns must name one column or more")
        return [index for index in self.columns if index in asked] or self.columns

    def _caching(self, asked: bool | str | None, mode: str | None) -> Literal["eager", "lazy", False]:
        mode = mode or _told("CACHE_MODE") or None
        if mode not in (None, "eager", "lazy"):
            raise ValueError(f"cache_mode must be 'eager', 'lazy' or None, got {mode!r}")
        if asked is None:
            told = _told("CACHE_EXAMPLES")
            asked = {"true": True, "lazy": "lazy"}.get(told, False) if self.fn and self.outputs else False
        if asked not in (True, False, "lazy"):
            raise ValueError(f"cache_examples must be True, False, 'lazy' or None, got {asked!r}")
        if not asked:
            return False
        if self.fn is None or not self.outputs:
            raise ValueError("cache_examples needs fn and outputs: what would be cached?")
        return "lazy" if asked == "lazy" or mode == "lazy" else "eager"

    # -- what a click does

    def _inputs_of(self, chosen: tuple[int, list[Any]] | None) -> Any:
        """A value for each input that rows have values for."""
        if chosen is None:
            return skip()
        return _one_or_all(self._row(*chosen))

    def _row(self, index: int, sample: list[Any]) -> list[Any]:
        if self._is_own(index, sample):
            row = self.examples[index]
            return [row[i] if i < len(row) else skip() for i in self.columns]
        if len(sample) == len(self.columns):  # the rows were replaced by an update
            return sample
        shown = dict(zip(self.visible_columns, sample, strict=False))
        return [shown.get(i, skip()) for i in self.columns]

    def _is_own(self, index: int, sample: list[Any]) -> bool:
        return index < len(self._samples) and same(self._samples[index], sample)

    def _outputs_of(self, chosen: tuple[int, list[Any]] | None) -> Any:
        """What the function gives for the chosen row, in the form a page gets."""
        if chosen is None:
            return skip()
        if self._is_own(*chosen):
            return _one_or_all(self.load_from_cache(chosen[0]))
        assert self._cache is not None
        given = dict(zip(self.columns, self._row(*chosen), strict=False))
        return _one_or_all(self._cache.compute([given.get(i) for i in range(len(self.inputs))]))

    # -- the cache

    def cache(self) -> None:
        """Run the function on each row that has not been cached yet."""
        for index in range(len(self.examples)):
            self.load_from_cache(index)

    def load_from_cache(self, example_id: int) -> list[Any]:
        """What the function gave for a row, one wire value per output; it is called if need be.

        :raises Error: if examples are not cached, or there is no such row
        """
        if self._cache is None:
            raise PlainError("these examples are not cached")
        if not 0 <= example_id < len(self.examples):
            raise PlainError(f"there is no example {example_id}: the last one is {len(self.examples) - 1}")
        return self._cache.of(example_id)


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _told(name: str) -> str:
    return (os.environ.get(f"NBBLOCKS_{name}") or os.environ.get(f"GRADIO_{name}") or "").lower()


def _rows(examples: Any, inputs: Sequence[AnyComponent]) -> list[list[Any]]:
    if examples is None:
        raise ValueError("the parameter `examples` cannot be None")
    if isinstance(examples, (str, Path)):
        return _from_directory(Path(examples), inputs)
    if not isinstance(examples, (list, tuple)):
        raise ValueError(f"examples must be a list of rows or a directory, got {type(examples).__name__}")
    rows = list(cast("Sequence[Any]", examples))
    if len(inputs) == 1 and not (rows and isinstance(rows[0], list)):
        return [[row] for row in rows]
    for row in rows:
        if not isinstance(row, (list, tuple)):
            raise ValueError(f"each of the examples must be a list with one entry per input, got {row!r}")
    return [list(row) for row in rows]


def _from_directory(directory: Path, inputs: Sequence[AnyComponent]) -> list[list[Any]]:
    if not directory.is_dir():
        raise FileNotFoundError(f"the examples directory {str(directory)!r} does not exist")
    log = directory / LOG
    if log.is_file():
        with log.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))[1:]
        return [
            [_entry(directory, node, text) for node, text in zip(inputs, row, strict=False)] for row in rows
        ]
    if len(inputs) == 1:
        return [[str(path)] for path in sorted(directory.iterdir()) if path.is_file() and path.name[0] != "."]
    raise FileNotFoundError(
        f"the examples directory {str(directory)!r} has no {LOG}, which several inputs need"
    )


def _entry(directory: Path, node: AnyComponent, text: str) -> Any:
    """What a cell says: the path of a file, looked for in the directory first, or a value."""
    if text and (directory / text).is_file():
        return str(directory / text)
    return value_of(node, text)
