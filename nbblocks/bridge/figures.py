"""pyplot in handlers: each run has figures of its own, which no cell shows or closes (EV-80).

pyplot keeps its figures in one registry for the whole process. ipykernel's inline backend shows and closes
all of them after each cell, on the main thread: those of a handler that runs meanwhile too. So the registry
is replaced by one that asks which run is at hand, and in runs pyplot uses the backend Agg, which shows
nothing and never waits. Code outside of runs gets to what was there before.

nbblocks imports no matplotlib for this: what is loaded is routed when a run begins, the rest once it is.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextvars import ContextVar
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbblocks.core.runs import Run

Figures = OrderedDict[Any, Any]
"""Managers of figures by their number, the current one last: matplotlib's own structure."""

MARK = "_nbblocks_routed"
"""Attribute of functions of pyplot that are routed already."""

drawing_for: ContextVar[Run | None] = ContextVar("nbblocks_drawing_for", default=None)
_of_runs: weakref.WeakKeyDictionary[Run, Figures] = weakref.WeakKeyDictionary()
_lock = threading.RLock()


@contextlib.contextmanager
def apart(run: Run) -> Generator[None]:
    """Within it, pyplot knows the figures of ``run`` alone; they are dropped with the run."""
    _route()
    token = drawing_for.set(run)
    try:
        yield
    finally:
        drawing_for.reset(token)


class Registry:
    """Stands for the dict of figures of the run at hand; outside of runs, for the one it replaces."""

    def __init__(self, stock: Figures) -> None:
        self._stock = stock

    @property
    def _here(self) -> Figures:
        run = drawing_for.get()
        if run is None:
            return self._stock
        with _lock:
            found = _of_runs.get(run)
            if found is None:
                found = _of_runs[run] = OrderedDict()
            return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._here, name)

    def __getitem__(self, key: Any) -> Any:
        return self._here[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._here[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._here[key]

    def __contains__(self, key: object) -> bool:
        return key in self._here

    def __len__(self) -> int:
        return len(self._here)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._here)

    def __reversed__(self) -> Iterator[Any]:
        return reversed(self._here)

    def __eq__(self, other: object) -> bool:
        return self._here == (other._here if isinstance(other, Registry) else other)

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        return repr(self._here)


# -- putting it in place


def _route() -> None:
    """Route the parts of matplotlib that are loaded, and see to it that the others will be."""
    for name, route in ROUTES.items():
        module = sys.modules.get(name)
        if module is None:
            _watch_imports()
        else:
            if getattr(module.__spec__, "_initializing", False):
                importlib.import_module(name)  # another thread imports it: wait for that
            route(module)


def _route_registry(helpers: Any) -> None:
    with _lock:
        if not isinstance(helpers.Gcf.figs, Registry):
            helpers.Gcf.figs = Registry(helpers.Gcf.figs)


def _route_pyplot(pyplot: Any) -> None:
    with _lock:
        for name, in_runs in IN_RUNS.items():
            stock = getattr(pyplot, name, None)
            if stock is not None and not hasattr(stock, MARK):
                setattr(pyplot, name, _routed(stock, in_runs))


def _routed(stock: Callable[..., Any], in_runs: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(stock)
    def call(*args: Any, **given: Any) -> Any:
        if drawing_for.get() is None:
            return stock(*args, **given)
        return in_runs(stock, *args, **given)

    call.__dict__[MARK] = True
    return call


def _agg(_: Any) -> ModuleType:
    return importlib.import_module("matplotlib.backends.backend_agg")


def _keep_backend(stock: Callable[[Any], None], backend: Any) -> None:
    if not isinstance(backend, str):  # somebody asks for the default one, which has not been found yet
        token = drawing_for.set(None)
        try:
            stock(backend)
        finally:
            drawing_for.reset(token)


def _keep_mode(_: Any) -> contextlib.ExitStack:
    return contextlib.ExitStack()


def _not_interactive(_: Any) -> bool:
    return False


ROUTES: dict[str, Callable[[Any], None]] = {
    "matplotlib._pylab_helpers": _route_registry,
    "matplotlib.pyplot": _route_pyplot,
}
IN_RUNS: dict[str, Callable[..., Any]] = {
    "_get_backend_mod": _agg,
    "switch_backend": _keep_backend,  # backend and mode are the kernel's: cells would get them too
    "ion": _keep_mode,
    "ioff": _keep_mode,
    "isinteractive": _not_interactive,
}


class _Finder:
    """Finds nothing by itself: routes a part of matplotlib right after it was loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As of `importlib.abc.MetaPathFinder`."""
        route = ROUTES.get(name)
        if route is None:
            return None
        others = [finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec")]
        specs = (finder.find_spec(name, path, target) for finder in others)
        spec = next((spec for spec in specs if spec is not None), None)
        loader: Any = spec and spec.loader
        if hasattr(loader, "exec_module"):
            load = loader.exec_module

            def exec_module(module: ModuleType) -> None:
                load(module)
                if module.__name__ == name:
                    route(module)

            loader.exec_module = exec_module
        return spec


_finder = _Finder()


def _watch_imports() -> None:
    with _lock:
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)  # pyright: ignore[reportArgumentType]
