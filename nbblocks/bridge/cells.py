"""Which cell made which app, so that running a cell again closes the app it made before (D10, ST-5)."""

from __future__ import annotations

import functools
import sys
import weakref
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable


@runtime_checkable
class Closable(Protocol):
    """An app, as far as cells care."""

    def replaced(self) -> None:
        """The cell that made the app was run again."""
        ...

    def inherit(self, earlier: Any) -> None:
        """Take over what is kept of the app that stood in its place, if that was not done already (ST-74)."""
        ...


Cell = tuple[str, str]
"""Id of a cell, and of one execution of it."""

_made: dict[str, list[tuple[str, weakref.ref[Any]]]] = {}
_named: dict[str, weakref.ref[Any]] = {}
"""What global variables held when the last cell had run, where cells are not told apart."""
_before: weakref.WeakKeyDictionary[Any, weakref.ref[Any]] = weakref.WeakKeyDictionary()
"""The app that the same global variable held before an app, where cells are not told apart."""
_watched: weakref.WeakSet[Any] = weakref.WeakSet()
_noted: weakref.WeakSet[Any] = weakref.WeakSet()
_runs = False


def shell() -> Any:
    """The running IPython shell with a kernel, or None."""
    ipython = sys.modules.get("IPython")
    found = ipython.get_ipython() if ipython else None
    return found if hasattr(found, "kernel") else None


def cell_of(filename: str) -> str | None:
    """What IPython calls the cell whose code has that file name, such as ``Cell In[3]``."""
    name = getattr(getattr(shell(), "compile", None), "format_code_name", None)
    found: tuple[str, str] | None = name(filename) if name is not None else None
    return " ".join(found) if found else None


def kernel_id() -> str | None:
    """The kernel's id as Jupyter servers know it, None outside of a kernel."""
    application = getattr(getattr(shell(), "kernel", None), "parent", None)
    name = Path(str(getattr(application, "connection_file", ""))).stem
    return name.removeprefix("kernel-") or None


def current_cell() -> Cell | None:
    """The running cell; None outside of cells, and where the front-end tells no cells apart."""
    found = shell()
    parent: dict[str, Any] = found.get_parent() if hasattr(found, "get_parent") else {}
    if parent.get("header", {}).get("msg_type") != "execute_request":
        return None
    cell = parent.get("metadata", {}).get("cellId")
    return (cell, parent["header"]["msg_id"]) if isinstance(cell, str) and cell else None


def watch() -> None:
    """Begin to note whether a cell runs, if that is not done already."""
    global _runs
    found = shell()
    if found is not None and found not in _noted:
        _noted.add(found)
        _runs = current_cell() is not None
        found.events.register("pre_execute", functools.partial(_note_run, True))
        found.events.register("post_execute", functools.partial(_note_run, False))


def is_running() -> bool:
    """Whether some cell runs now, as far as was noted since `watch`."""
    return _runs


def _note_run(runs: bool) -> None:
    global _runs
    _runs = runs


def current_cell_id() -> str | None:
    """Id of the running cell, as `current_cell`."""
    here = current_cell()
    return None if here is None else here[0]


def note(app: Closable) -> None:
    """Note that the running cell has made ``app``; those it made when it ran before end when it has run."""
    here, found = current_cell(), shell()
    if here is not None:
        _made.setdefault(here[0], []).append((here[1], weakref.ref(app)))
    if found is not None and found not in _watched:
        _watched.add(found)
        found.events.register("post_run_cell", _ended)


def predecessor(app: Closable) -> Any:
    """The app that ``app`` takes the place of, None if there is none (ST-74).

    It is the one that the running cell made when it ran before, in the same place if it makes several; where
    cells are not told apart, the one that the same global variable held before.
    """
    here = current_cell()
    if here is None:
        earlier = [_named[name]() for name in _names_of(app) if name in _named]
        earlier += [_before[app]()] if app in _before else []
        return next((one for one in earlier if one is not None and one is not app), None)
    made = _made.get(here[0], [])
    before = [reference for run, reference in made if run != here[1]]
    now = [reference() for run, reference in made if run == here[1]]
    place = next((i for i, one in enumerate(now) if one is app), len(before))
    return before[place]() if place < len(before) else None


def _names_of(app: Any) -> list[str]:
    namespace: dict[str, Any] = getattr(shell(), "user_ns", {})
    return [name for name, value in namespace.items() if value is app and not name.startswith("_")]


def close_earlier(cell: Cell | None) -> None:
    """Close the apps that earlier executions of ``cell`` have made: its output has been replaced."""
    if cell is None or cell[0] not in _made:
        return
    for run, reference in _made[cell[0]]:
        heir = reference() if run == cell[1] else None
        earlier_app = None if heir is None else predecessor(heir)
        if heir is not None and earlier_app is not None:
            heir.inherit(earlier_app)
    of_this = [made for made in _made[cell[0]] if made[0] == cell[1]]
    earlier = [made for made in _made[cell[0]] if made[0] != cell[1]]
    _made[cell[0]] = of_this
    for _, reference in earlier:
        app = reference()
        if app is not None:
            app.replaced()
            _forget_output(app)


def _forget_output(app: object) -> None:
    """Take ``app`` from IPython's ``Out``, which would keep it, and what its handlers hold, for ever.

    The newest three outputs stay as ``_``, ``__`` and ``___``.
    """
    found = shell()
    outputs: dict[int, Any] = getattr(found, "user_ns", {}).get("_oh", {})
    for number in [number for number, output in outputs.items() if output is app]:
        del outputs[number]
        for namespace in (found.user_ns, found.user_ns_hidden):
            if namespace.get(f"_{number}") is app:
                del namespace[f"_{number}"]


def _ended(*_: Any) -> None:
    here = current_cell()
    close_earlier(here)
    if here is None:
        namespace: dict[str, Any] = getattr(shell(), "user_ns", {})
        for name, value in list(namespace.items()):
            # Its class is asked: objects of users may do anything when asked for an attribute.
            cls = cast("type[Any]", type(value))
            if not name.startswith("_") and hasattr(cls, "replaced"):
                _hold(name, value)


def _hold(name: str, app: Any) -> None:
    """Note that a global variable holds ``app``, and which one it held before."""
    held = _named.get(name)
    if held is None or held() is not app:
        _named[name] = weakref.ref(app)
        if held is not None:
            _before[app] = held
