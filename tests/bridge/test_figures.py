"""Figures that handlers make with pyplot belong to their run."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib_inline import backend_inline

from nbblocks.bridge import figures

INLINE = "module://matplotlib_inline.backend_inline"


class Run:
    """A run, as far as figures look at it."""


def in_run(act: Callable[[], Any], run: Any = None) -> Any:
    """Do it as a handler does, in a thread of its own."""

    def handler() -> Any:
        with figures.apart(run or Run()):  # pyright: ignore[reportArgumentType]
            return act()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(handler).result(5)


@pytest.fixture(params=["agg", INLINE])
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kernel's backend, which draws at once."""
    before, interactive = matplotlib.get_backend(), matplotlib.is_interactive()
    matplotlib.use(request.param)
    matplotlib.interactive(True)
    yield request.param
    plt.close("all")
    backend_inline.show._to_draw, backend_inline.show._draw_called = [], False
    matplotlib.use(before)
    matplotlib.interactive(interactive)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the inline backend has displayed."""
    shown: list[Any] = []
    monkeypatch.setattr(backend_inline, "display", lambda figure, **_: shown.append(figure))
    return shown


def test_the_end_of_a_cell_leaves_the_figures_of_a_handler_alone(
    backend: str, shown: list[Any]
) -> None:  # EV-80
    drawn, flushed = threading.Event(), threading.Event()

    def handler() -> Any:
        figure = plt.figure()
        plt.plot([1, 2])
        drawn.set()
        assert flushed.wait(5)
        assert plt.gcf() is figure
        return plt.get_fignums(), len(plt.gca().lines)

    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(lambda: in_run(handler))
        assert drawn.wait(5)
        assert plt.get_fignums() == []
        of_cell = plt.figure()
        assert of_cell.number == 1
        backend_inline.flush_figures()
        flushed.set()
        assert result.result(5) == ([1], 1)
    assert shown == ([of_cell] if backend == INLINE else [])
    assert plt.get_fignums() == ([] if backend == INLINE else [1])


def test_a_handler_neither_sees_nor_closes_the_figures_of_cells(backend: str) -> None:  # EV-80
    of_cell = plt.figure(7)

    def handler() -> None:
        assert plt.get_fignums() == [] and plt.gcf() is not of_cell
        plt.close("all")
        plt.close(of_cell)

    in_run(handler)
    assert plt.get_fignums() == [7] and plt.gcf() is of_cell


@pytest.mark.filterwarnings("ignore:.*cannot (show|be shown)")  # as Agg says where there is a screen
def test_show_neither_shows_nor_waits_nor_closes(backend: str, shown: list[Any]) -> None:  # EV-80
    def handler() -> None:
        figure = plt.figure()
        plt.show()
        plt.show(block=True)
        figure.show()
        plt.pause(0.001)
        assert plt.gcf() is figure

    in_run(handler)
    backend_inline.flush_figures()
    assert shown == []


def test_runs_have_their_own_figures_and_keep_them_between_steps(backend: str) -> None:  # EV-80
    first, second = Run(), Run()
    figure = in_run(plt.figure, first)
    assert in_run(plt.gcf, second) is not figure
    assert in_run(plt.gcf, first) is figure
    assert in_run(plt.get_fignums, first) == [1]


def test_figures_are_dropped_with_their_run(backend: str) -> None:  # EV-80
    made: list[weakref.ref[Any]] = []

    def handler() -> None:
        made.append(weakref.ref(plt.figure()))
        plt.figure(plt.Figure())

    for _ in range(30):
        in_run(handler)
    gc.collect()
    assert len(figures._of_runs) == 0
    assert [figure for figure in made if figure() is not None] == []
    assert backend_inline.show._to_draw == []


def test_mode_and_backend_of_the_kernel_stay_as_they_are(backend: str) -> None:  # EV-80
    def handler() -> None:
        assert not plt.isinteractive()
        plt.ioff()
        with plt.ion():
            plt.switch_backend("svg")
        matplotlib.use("pdf")

    in_run(handler)
    assert plt.isinteractive() and matplotlib.get_backend() == backend


def test_outside_of_runs_pyplot_is_as_ever(backend: str, shown: list[Any]) -> None:  # EV-80
    in_run(plt.figure)
    one, two = plt.figure(), plt.figure()
    figs: Any = Gcf.figs
    assert plt.get_fignums() == list(figs) == [1, 2] and list(reversed(figs)) == [2, 1]
    assert plt.figure(1) is one and list(figs) == [2, 1]
    assert figs == dict(figs.items()) == figs and len(figs) == 2 and 2 in figs and repr(figs)
    manager = figs[2]
    del figs[2]
    assert 2 not in figs and figs.get(2) is None
    figs[2] = manager
    assert plt.gcf() is two
    with plt.ioff():
        assert not plt.isinteractive()
    plt.show()
    assert shown == ([one, two] if backend == INLINE else [])
    plt.close("all")
    assert not figs and Gcf.get_active() is None


def run_python(code: str) -> str:
    """What a new interpreter prints that runs ``code``."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_handler_may_be_the_first_to_import_pyplot() -> None:  # EV-80
    code = """
import os, sys, threading
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
from nbblocks.bridge import figures
class Run: pass
def handler():
    with figures.apart(Run()):
        assert "matplotlib" not in sys.modules
        import matplotlib, matplotlib.pyplot as plt
        plt.plot([1, 2])
        matplotlib.get_backend()
        print(plt.get_fignums(), plt.isinteractive())
thread = threading.Thread(target=handler)
thread.start()
thread.join()
import matplotlib.pyplot as plt
plt.ion()
print(plt.get_fignums(), plt.isinteractive(), "matplotlib_inline.backend_inline" in sys.modules)
plt.figure()
print(plt.get_fignums(), plt.get_backend(), "matplotlib_inline.backend_inline" in sys.modules)
"""
    before, after, later = run_python(code).splitlines()
    assert before == "[1] False"
    assert after == "[] True False"
    assert later.startswith("[1] ") and later.endswith("inline True")


def test_the_default_backend_may_be_looked_for_in_a_handler() -> None:  # EV-80
    code = """
import os
os.environ.pop("MPLBACKEND", None)
from nbblocks.bridge import figures
class Run: pass
with figures.apart(Run()):
    import matplotlib.pyplot as plt
    plt.figure()
    assert isinstance(plt.get_backend(), str)
    assert isinstance(plt.rcParams["backend"], str)
assert plt.get_fignums() == []
print(type(plt.figure().canvas.manager).__name__)
"""
    assert run_python(code)


def test_no_matplotlib_is_imported_for_it() -> None:  # EV-80
    code = """
import sys
from nbblocks.bridge import figures
class Run: pass
for _ in range(2):
    with figures.apart(Run()):
        pass
import json.tool
print("matplotlib" in sys.modules, sys.meta_path.count(figures._finder))
"""
    assert run_python(code) == "False 1\n"
