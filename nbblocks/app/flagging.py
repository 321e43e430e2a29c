"""Flagging: rows of inputs and outputs that a user found worth keeping, written to csv files."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

import anyio
import anyio.to_thread

from nbblocks.bridge.cache import safe_name
from nbblocks.bridge.component import Component, overrides
from nbblocks.bridge.flagged import FORMULA, text_of
from nbblocks.bridge.flagged import value_of as value_of
from nbblocks.core.errors import PlainError
from nbblocks.core.updates import is_update, update

AnyComponent = Component[Any, Any]
SHOWN = 0.8
"""Seconds for which a button says that the row is saved."""
_DATASET = re.compile(r"dataset(\d+)\.csv")


class FlaggingCallback(ABC):
    """What is called with the values that a user flags. Derive from it for a store of your own."""

    @abstractmethod
    def setup(self, components: Sequence[AnyComponent], flagging_dir: str) -> None:
        """Called once, before anything is flagged.

        :param components: whose values will be flagged, in this order
        :param flagging_dir: what `Interface` was given; nothing has been made there yet
        """

    @abstractmethod
    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Keep one row, and return how many there are. Called in a worker thread.

        :param flag_data: wire values, one for each of the components; files as records with a ``path``
        :param flag_option: value of the button that was pressed, None where there is but one
        :param username: always None: a kernel is one person's
        """


class SimpleCSVLogger(FlaggingCallback):
    """Writes the values alone to ``log.csv``, one row each, without a header."""

    components: Sequence[AnyComponent] = ()
    flagging_dir: str | Path = ""

    def setup(self, components: Sequence[AnyComponent], flagging_dir: str | Path) -> None:
        """Make the directory."""
        self.components, self.flagging_dir = list(components), flagging_dir
        os.makedirs(flagging_dir, exist_ok=True)

    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Append a row. The first one counts as a header, so the number returned is one less."""
        return _append(Path(self.flagging_dir, "log.csv"), None, self._cells(flag_data)) or 0

    def _cells(self, values: Sequence[Any]) -> list[str]:
        return [
            cell_of(component, value, Path(self.flagging_dir, directory_of(component, index)))
            for index, (component, value) in enumerate(zip(self.components, values, strict=False))
        ]


class ClassicCSVLogger(SimpleCSVLogger):
    """Writes ``log.csv`` as Gradio 3 and 4 did: a header, the values, then flag, username and timestamp.

    A directory of such a file can be given to `Interface` and `Examples` as ``examples``.
    """

    def __init__(self, simplify_file_data: bool = True) -> None:
        self.simplify_file_data = simplify_file_data

    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Append a row, and return how many there are."""
        header = [*names_of(self.components), "flag", "username", "timestamp"]
        row = [*self._cells(flag_data), flag_option or "", username or "", str(datetime.now())]
        return _append(Path(self.flagging_dir, "log.csv"), header, row) or 0

    def _cells(self, values: Sequence[Any]) -> list[str]:
        return _cells(self.components, values, Path(self.flagging_dir), self.simplify_file_data)


class CSVLogger(FlaggingCallback):
    """Writes ``dataset1.csv``: a header made of the labels, and a row for each flag. The default.

    With other labels, or options where there were none, a further file is begun: ``dataset2.csv`` and so on.
    Several kernels may write to one directory.

    :param simplify_file_data: write the path alone of a file, instead of its whole record
    :param verbose: say where the rows go, once
    :param dataset_file_name: name of the file, instead of the numbered ones
    """

    components: Sequence[AnyComponent] = ()
    flagging_dir = Path()

    def __init__(
        self, simplify_file_data: bool = True, verbose: bool = True, dataset_file_name: str | None = None
    ) -> None:
        self.simplify_file_data = simplify_file_data
        self.verbose = verbose
        self.dataset_file_name = dataset_file_name
        self.dataset_filepath: Path | None = None

    def setup(self, components: Sequence[AnyComponent], flagging_dir: str | Path) -> None:
        """Note where rows will go; nothing is made before the first."""
        self.components, self.flagging_dir = list(components), Path(flagging_dir)
        self.dataset_filepath = None

    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Append a row, and return how many there are in its file."""
        cells = _cells(self.components, flag_data, self.flagging_dir, self.simplify_file_data)
        further = {"flag": flag_option, "username": username}
        further = {name: text for name, text in further.items() if text is not None}
        header = [*names_of(self.components), *further, "timestamp"]
        row = [*cells, *further.values(), str(datetime.now())]
        os.makedirs(self.flagging_dir, exist_ok=True)
        for path in self._candidates():
            count = _append(path, header, row, only_below_header=self.dataset_file_name is None)
            if count is not None:
                if self.verbose and path != self.dataset_filepath:
                    print(f"Flagged rows go to {path}")
                self.dataset_filepath = path
                return count
        raise AssertionError("there is always a next number")

    def _candidates(self) -> Generator[Path]:
        """Files that the row may go to, newest first: one with another header is passed by."""
        if self.dataset_file_name is not None:
            yield self.flagging_dir / self.dataset_file_name
            return
        if self.dataset_filepath is not None:
            yield self.dataset_filepath
        found = [_DATASET.fullmatch(name) for name in os.listdir(self.flagging_dir)]
        newest = max((int(match[1]) for match in found if match), default=1)
        while True:  # another kernel may have begun a file of its own since
            yield self.flagging_dir / f"dataset{newest}.csv"
            newest += 1


class FlagMethod:
    """The handler of one flag button.

    :param label: text of the button, which it has again in the end
    :param value: option that is written with the row
    """

    __name__ = "Flag"

    def __init__(self, flagging_callback: FlaggingCallback, label: str, value: str | None) -> None:
        self.flagging_callback = flagging_callback
        self.label, self.value = label, value

    async def __call__(self, *flag_data: Any) -> AsyncIterator[Any]:
        """Flag the values, and say so on the button.

        :raises Error: if they could not be kept
        """
        yield update(value="Saving...", interactive=False)
        try:
            await anyio.to_thread.run_sync(self.flag, *flag_data)
        except Exception as error:
            yield self.reset()
            raise PlainError(f"Flagging failed: {error}") from error
        yield update(value="Saved", interactive=False)
        await anyio.sleep(SHOWN)
        yield self.reset()

    def flag(self, *flag_data: Any) -> None:
        """Flag the values."""
        self.flagging_callback.flag(list(flag_data), flag_option=self.value)

    def reset(self) -> Any:
        """The button as it was."""
        return update(value=self.label, interactive=True)


# -- cells


def names_of(components: Sequence[AnyComponent]) -> list[str]:
    """The labels, and numbers for those that have none."""
    return [getattr(one, "label", None) or f"component {index}" for index, one in enumerate(components)]


def directory_of(component: AnyComponent, index: int) -> str:
    """Name of the directory for the files of a component: its label, as far as file systems allow."""
    label = getattr(component, "label", None) or ""
    name = re.sub(r"[/\\]", "", label)
    return safe_name(name) if name.strip(" .") else f"component {index}"


def cell_of(component: AnyComponent, value: Any, directory: Path, simplify: bool = True) -> str:
    """The text that stands for a wire value: itself, a path of a copy below ``directory``, or JSON.

    A component may have a method ``flag(value, directory)`` that says it otherwise.
    """
    if value is None:
        return ""
    if is_update(value):
        return str(value)
    if overrides(component, "flag"):
        value = component.flag(value, directory)
    return text_of(value, directory, simplify=simplify, trusting=component.takes_files)


def _cells(
    components: Sequence[AnyComponent], values: Sequence[Any], directory: Path, simplify: bool
) -> list[str]:
    return [
        cell_of(component, value, directory / directory_of(component, index), simplify)
        for index, (component, value) in enumerate(zip(components, values, strict=False))
    ]


# -- files


def _append(
    path: Path, header: list[str] | None, row: Sequence[str], *, only_below_header: bool = False
) -> int | None:
    """Append a row, below a header if the file is new. One at a time, whichever kernel writes.

    :param only_below_header: write nothing, and return None, if another header stands there
    :return: rows below the first
    """
    with open(path, "a+", encoding="utf-8", newline="") as file, _locked(file):
        file.seek(0)
        lines = csv.reader(file)
        first = next(lines, None)
        safe = None if header is None else [harmless(text) for text in header]
        if only_below_header and first is not None and first != safe:
            return None
        count = sum(1 for _ in lines) + (first is not None)
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        if first is None and safe is not None:
            writer.writerow(safe)
            count += 1
        writer.writerow([harmless(text) for text in row])
        file.seek(0, os.SEEK_END)
        file.write(written.getvalue())
        file.flush()
    return count


def harmless(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula. Numbers and JSON stay as they are."""
    with contextlib.suppress(ValueError):
        float(text)
        return text
    if text.startswith(("{", "[")):
        with contextlib.suppress(ValueError):
            json.loads(text)
            return text
    return "'" + text if FORMULA.search(text) else text


@contextlib.contextmanager
def _locked(file: IO[str]) -> Generator[None]:
    """Keep other processes and threads from writing to ``file``."""
    lock, unlock = _locks()
    lock(file.fileno())
    try:
        yield
        file.flush()
    finally:
        unlock(file.fileno())


def _locks() -> tuple[Callable[[int], object], Callable[[int], object]]:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        win = cast("Any", msvcrt)

        def at_start(mode: int) -> Callable[[int], object]:
            def do(handle: int) -> None:
                os.lseek(handle, 0, os.SEEK_SET)
                win.locking(handle, mode, 1)

            return do

        return at_start(win.LK_LOCK), at_start(win.LK_UNLCK)
    return partial(_flock, fcntl.LOCK_EX), partial(_flock, fcntl.LOCK_UN)


def _flock(operation: int, handle: int) -> None:
    import fcntl

    fcntl.flock(handle, operation)
