"""Results of examples in a directory that outlasts the kernel."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from nbblocks.bridge import cache
from nbblocks.bridge.files import changed, is_marked, record_of
from nbblocks.core.filedata import FileData
from nbblocks.core.functions import Function


def kept_directory() -> Path | None:
    """What ``NBBLOCKS_EXAMPLES_CACHE`` or ``GRADIO_EXAMPLES_CACHE`` names; None: nothing is kept."""
    told = os.environ.get("NBBLOCKS_EXAMPLES_CACHE") or os.environ.get("GRADIO_EXAMPLES_CACHE")
    return Path(told).expanduser() if told else None


class ExampleFiles:
    """A directory of results, each below a digest of the function's source and the values it was called with.

    What else the function depends on, such as a model's weights, is not seen: delete the directory when that
    has changed. Files that belong to a result lie beside it.
    """

    def __init__(self, directory: Path, function: Function) -> None:
        self._directory = directory
        self._function = _source_of(function.fn)

    def get(self, wires: Sequence[Any]) -> list[Any] | None:
        """The outputs for these inputs, their files in the app's cache; None if they are not known."""
        place = self._place(wires)
        try:
            outputs: list[Any] = json.loads((place / "outputs.json").read_text(encoding="utf-8"))
            return [changed(one, lambda record: _taken(place, record), is_marked) for one in outputs]
        except (FileNotFoundError, ValueError):
            return None

    def put(self, wires: Sequence[Any], outputs: list[Any]) -> None:
        """Keep the outputs, if they are JSON and files."""
        self._directory.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=self._directory))
        store = cache.FileCache(part / "files")

        def put_away(record: dict[str, Any]) -> dict[str, Any]:
            stored = store.save_file(record["path"], trusted=True)
            return {**record, "path": os.path.relpath(stored, part.resolve())}

        try:
            text = json.dumps([changed(one, put_away) for one in outputs])
            (part / "outputs.json").write_text(text, encoding="utf-8")
            part.rename(self._place(wires))
        except TypeError:  # bytes, or an object of the user's: it stays in memory
            return
        except OSError:
            if not self._place(wires).exists():  # else another kernel was faster
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _place(self, wires: Sequence[Any]) -> Path:
        known = [changed(one, lambda record: {"content": _digest(record["path"])}) for one in wires]
        said = json.dumps([self._function, known], default=repr, sort_keys=True)
        return self._directory / hashlib.sha256(said.encode()).hexdigest()[:32]


def _taken(place: Path, record: dict[str, Any]) -> Any:
    found = Path(place, str(record["path"])).resolve()
    if not found.is_relative_to((place / "files").resolve()):  # data that look like a file of the result
        return record
    stored = cache.current().save_file(found, trusted=True)
    return FileData({**record_of(stored, orig_name=record.get("orig_name")), "url": record.get("url")})


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _source_of(fn: Any) -> str:
    """The text of a function, or what tells it from others where there is none."""
    if isinstance(fn, functools.partial):
        inner = cast("functools.partial[Any]", fn)
        return repr((_source_of(inner.func), inner.args, sorted(inner.keywords.items())))
    name = f"{getattr(fn, '__module__', '')}.{getattr(fn, '__qualname__', type(fn).__qualname__)}"
    try:
        return inspect.getsource(inspect.unwrap(fn))
    except (OSError, TypeError):
        code = getattr(fn, "__code__", None)
        return name if code is None else name + repr((code.co_code, code.co_consts, code.co_names))
