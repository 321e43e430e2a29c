"""Progress of a run: what a handler reports itself, and what tqdm's bars report for it."""

from __future__ import annotations

import asyncio
import contextvars
import io
import json
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import tqdm
import tqdm.auto
import tqdm.notebook

from nbblocks.core import progress as module
from nbblocks.core import tqdm_bars
from nbblocks.core.context import current_run
from nbblocks.core.progress import Progress

from .nodes import App

Capture = pytest.CaptureFixture[str]


class Run:
    """A run, as far as progress looks at it: notes what is reported, as JSON would carry it."""

    def __init__(self) -> None:
        self.reports: list[list[dict[str, Any]]] = []
        self._news = threading.Condition()

    def report(self, units: list[dict[str, Any]]) -> None:
        with self._news:
            self.reports.append(json.loads(json.dumps(units, allow_nan=False)))
            self._news.notify_all()

    @property
    def last(self) -> list[dict[str, Any]]:
        return self.reports[-1]

    @property
    def places(self) -> list[list[tuple[Any, Any]]]:
        """What was reported as pairs (index, length), outermost bar first."""
        return [[(unit["index"], unit["length"]) for unit in units] for units in self.reports]

    def until(self, condition: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(condition, 5), f"waited in vain, the last report is {self.last}"

    @contextmanager
    def inside(self, *progress: Progress) -> Iterator[None]:
        """Be code of this run, tracked by ``progress``."""
        token = current_run.set(self)  # pyright: ignore[reportArgumentType]
        try:
            with progress[0].tracking() if progress else contextmanager(lambda: iter([None]))():
                yield
        finally:
            current_run.reset(token)


@pytest.fixture
def run() -> Iterator[Run]:
    """The run that the test's code belongs to, without a tracking Progress."""
    run = Run()
    with run.inside():
        yield run


@pytest.fixture(autouse=True)
def no_monitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """tqdm's own monitor thread would stay."""
    monkeypatch.setattr(tqdm.tqdm, "monitor_interval", 0)


@pytest.fixture
def tracked() -> Iterator[Run]:
    """The run that the test's code belongs to, with tqdm tracked."""
    run = Run()
    with run.inside(Progress(track_tqdm=True)):
        yield run


def elsewhere(act: Callable[[], Any]) -> None:
    """Do it in a thread that knows nothing of the run."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


# -- what a handler reports itself


def test_a_value_is_reported_as_it_is(run: Run) -> None:  # EV-96 EV-98
    progress = Progress()
    progress(0.25, "a quarter")
    progress(0, total=8, unit="files")
    assert run.reports == [
        [{"index": None, "length": None, "unit": "steps", "progress": 0.25, "desc": "a quarter"}],
        [{"index": None, "length": 8, "unit": "files", "progress": 0, "desc": None}],
    ]


def test_a_pair_is_done_and_total(run: Run) -> None:  # EV-96
    progress = Progress()
    progress((3, 10), desc="half", unit="eggs")
    progress((3, None))
    progress((3, None), total=7)
    assert run.reports[0] == [{"index": 3, "length": 10, "unit": "eggs", "progress": None, "desc": "half"}]
    assert run.places == [[(3, 10)], [(3, None)], [(3, 7)]]


def test_none_hides_the_bars_until_the_next_report(run: Run) -> None:  # EV-96
    progress = Progress()
    for _ in progress.tqdm(range(1)):
        progress(None)
    assert run.places == [[(0, 1)], [], [(1, 1)]]


def test_numbers_of_other_libraries_become_plain_ones(run: Run) -> None:  # EV-98
    progress = Progress()
    progress(np.float32(0.5))
    progress((np.int64(3), np.int32(10)))
    progress(float("nan"))
    assert [units[0]["progress"] for units in run.reports] == [0.5, None, None]
    assert run.places[1] == [(3, 10)]


def test_a_loop_reports_before_each_item_and_at_its_end(run: Run) -> None:  # EV-96
    items = Progress().tqdm("abc", desc="letters", unit="letter")
    seen = [(item, run.last[0]["index"]) for item in items]
    assert seen == [("a", 0), ("b", 1), ("c", 2)]
    assert run.places == [[(0, 3)], [(1, 3)], [(2, 3)], [(3, 3)]]
    assert run.last == [{"index": 3, "length": 3, "unit": "letter", "progress": None, "desc": "letters"}]


def test_nested_loops_report_one_unit_per_level(run: Run) -> None:  # EV-96
    progress = Progress()
    for _ in progress.tqdm(range(2)):
        for _ in progress.tqdm(iter("ab")):
            progress(0.5, desc="within")
    assert run.places == [
        [(0, 2)],
        *([(0, 2), (0, None)], [(0, 2), (0, None), (None, None)]),
        *([(0, 2), (1, None)], [(0, 2), (1, None), (None, None)], [(0, 2), (2, None)]),
        [(1, 2)],
        *([(1, 2), (0, None)], [(1, 2), (0, None), (None, None)]),
        *([(1, 2), (1, None)], [(1, 2), (1, None), (None, None)], [(1, 2), (2, None)]),
        [(2, 2)],
    ]


def test_a_length_may_be_unknown_or_given(run: Run) -> None:  # EV-96
    class Endless:
        def __len__(self) -> int:
            raise TypeError("no length")

        def __iter__(self) -> Iterator[int]:
            return iter([1])

    progress = Progress()
    assert list(progress.tqdm(x for x in range(2))) == [0, 1]
    assert run.places == [[(0, None)], [(1, None)], [(2, None)]]
    assert list(progress.tqdm(Endless())) == [1]
    assert list(progress.tqdm((x for x in range(2)), total=2)) == [0, 1]
    assert run.last[0]["length"] == 2
    assert len(progress.tqdm([1, 2])) == 2
    with pytest.raises(TypeError, match="give it total="):
        len(progress.tqdm(iter([1])))


def test_a_loop_that_is_left_early_takes_its_bar_away(run: Run) -> None:  # EV-96
    progress = Progress()
    for _ in progress.tqdm(range(5)):
        break
    assert run.places == [[(0, 5)], []]
    with pytest.raises(ZeroDivisionError):
        for _ in progress.tqdm(range(5)):
            1 / 0  # noqa: B018
    assert run.last == []
    loop = progress.tqdm(range(5))
    assert next(loop) == 0 and next(loop) == 1
    loop.close()
    assert run.places[-2:] == [[(1, 5)], []]


def test_a_bar_can_be_moved_by_hand(run: Run) -> None:  # EV-96
    progress = Progress()
    with progress.tqdm(None, desc="rows", total=10) as bar:
        bar.update()
        bar.update(4)
        for _ in progress.tqdm("a"):
            progress.update(2)
    assert run.places == [
        *([(0, 10)], [(1, 10)], [(5, 10)]),
        *([(5, 10), (0, 1)], [(5, 10), (2, 1)], [(5, 10), (3, 1)]),
        [],
    ]
    assert list(progress.tqdm(None, total=3)) == []
    progress.update(3)
    progress.close()
    assert run.places[-1] == [(3, 3)]
    progress.close()
    progress.update()
    assert len(run.reports) == 9


def test_outside_a_run_all_of_it_is_inert() -> None:  # EV-96
    progress = Progress(track_tqdm=True)
    assert progress(0.5) == 0.5 and progress(None) is None
    items = iter("abc")
    assert list(progress.tqdm(items)) == ["a", "b", "c"]
    with progress.tqdm(None, total=3) as bar, progress.tracking():
        bar.update()
        progress.update()
        progress.close()
    assert bool(progress) and len(progress) == 0


def test_runs_that_share_a_progress_do_not_mix(run: Run) -> None:  # EV-96
    shared, other = Progress(), Run()
    for _ in shared.tqdm(range(1)):
        with other.inside():
            for _ in shared.tqdm(range(1)):
                assert len(shared) == 1
    assert run.places == other.places == [[(0, 1)], [(1, 1)]]


def test_threads_without_context_may_use_the_progress_of_the_run(run: Run) -> None:  # EV-96
    progress = Progress().fresh()
    elsewhere(lambda: progress(0.5))
    assert run.last[0]["progress"] == 0.5


def test_a_tight_loop_reports_seldom_but_its_last_place_soon(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:  # EV-98
    monkeypatch.setattr(module.time, "monotonic", lambda: 0.0)
    for i in Progress().tqdm(range(10_000)):
        if i == 5_000:
            run.until(lambda: run.places[-1] == [(5_000, 10_000)])
    assert run.places[-1] == [(10_000, 10_000)]
    assert len(run.reports) == module.BURST + 2


def test_what_waits_is_reported_at_the_end_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:  # EV-98
    monkeypatch.setattr(module, "BURST", 1.0)
    monkeypatch.setattr(module.time, "monotonic", lambda: 0.0)
    run, progress = Run(), Progress()
    with run.inside(progress):
        progress((0, 9))
        progress((4, 9))
        assert run.places == [[(0, 9)]]
    assert run.places == [[(0, 9)], [(4, 9)]]


# -- what tqdm's bars report


@pytest.mark.parametrize(
    "bars",
    [tqdm.tqdm, tqdm.auto.tqdm, lambda x, **given: tqdm.trange(len(x), **given)],
    ids=["tqdm", "auto", "trange"],
)
def test_loops_report(bars: Any, tracked: Run) -> None:  # EV-97 EV-98
    assert len(list(bars(range(2), desc="two"))) == 2
    assert tracked.places == [[(0, 2)], [(1, 2)], [(2, 2)]]
    assert tracked.last == [{"index": 2, "length": 2, "unit": "steps", "progress": None, "desc": "two"}]


def test_bars_moved_by_hand_report(tracked: Run) -> None:  # EV-97
    with tqdm.tqdm(total=100, unit="B") as bar:
        bar.update(30)
        bar.total = 80
        bar.update()
        bar.n = 50
        bar.refresh()
        bar.reset(total=10)
    assert tracked.places == [[(0, 100)], [(30, 100)], [(31, 80)], [(50, 80)], [(0, 10)], []]
    assert tracked.reports[0][0]["unit"] == "B"


def test_what_a_bar_says_of_itself_is_its_description(tracked: Run) -> None:  # EV-97
    bar = tqdm.tqdm(total=2)
    bar.set_postfix(loss=0.5)
    bar.set_description("training")
    bar.set_postfix_str("")
    bar.close()
    assert [units[0]["desc"] for units in tracked.reports[:-1]] == [
        *(None, "loss=0.5", "training (loss=0.5)", "training")
    ]


def test_nested_bars_are_levels_with_those_of_the_progress(tracked: Run) -> None:  # EV-96 EV-97
    for _ in tqdm.tqdm(range(1)):
        for _ in Progress().tqdm(range(1)):
            for _ in tqdm.tqdm(range(1), leave=False):
                pass
    assert tracked.places == [
        *([(0, 1)], [(0, 1), (0, 1)], [(0, 1), (0, 1), (0, 1)], [(0, 1), (0, 1), (1, 1)]),
        *([(0, 1), (0, 1)], [(0, 1), (1, 1)], [(1, 1)]),
    ]


def test_a_bar_that_ends_early_is_taken_away(tracked: Run) -> None:  # EV-97
    for _ in tqdm.tqdm(range(5)):
        break
    assert tracked.places == [[(0, 5)], []]
    bar = tqdm.tqdm(total=3)
    del bar
    assert tracked.places[2:] == [[(0, 3)], []]


def test_bars_that_are_disabled_report_nothing(tracked: Run, capsys: Capture) -> None:  # EV-97
    assert list(tqdm.tqdm(range(3), disable=True)) == [0, 1, 2]
    assert list(tqdm.tqdm(range(3), disable=None)) == [0, 1, 2]
    assert tracked.reports == [] and capsys.readouterr().err == ""


def test_threads_may_move_a_bar_of_the_run(tracked: Run) -> None:  # EV-97
    with tqdm.tqdm(total=3) as bar:
        elsewhere(bar.update)
        with ThreadPoolExecutor() as pool:
            list(pool.map(bar.update, [1, 1]))
    assert tracked.places[-1] == [(3, 3)] and len(tracked.reports) == 4


def test_threads_with_a_copied_context_are_tracked(tracked: Run) -> None:  # EV-73 EV-97
    context = contextvars.copy_context()
    elsewhere(lambda: context.run(lambda: list(tqdm.tqdm(range(1)))))
    assert tracked.places == [[(0, 1)], [(1, 1)]]


def test_bars_of_others_are_as_ever(tracked: Run, capsys: Capture) -> None:  # EV-97
    class Sub(tqdm.tqdm):
        drawn = 0

        def display(self, *args: Any, **given: Any) -> Any:
            self.drawn += 1
            return super().display(*args, **given)

    bars: list[Sub] = []
    with tqdm.tqdm(total=1):
        elsewhere(lambda: bars.extend([Sub(total=2), Sub(total=3)]))
        other = Run()
        with other.inside():
            bars.append(Sub(total=4))
    assert [abs(bar.pos) for bar in bars] == [0, 1, 2]
    assert [bar.drawn for bar in bars] == [1, 1, 1]
    assert tracked.places == [[(0, 1)], []] and other.reports == []
    for bar in bars:
        bar.close()
    assert capsys.readouterr().err.count("0/4") == 2


def test_a_run_that_a_tracked_one_starts_is_not_tracked(tracked: Run, capsys: Capture) -> None:  # EV-97
    other = Run()
    with other.inside():
        list(tqdm.tqdm(range(3)))
    assert tracked.reports == other.reports == []
    assert "3/3" in capsys.readouterr().err


def test_only_with_track_tqdm(capsys: Capture) -> None:  # EV-97
    run = Run()
    with run.inside(Progress()):
        list(tqdm.tqdm(range(3)))
    assert run.reports == [] and "3/3" in capsys.readouterr().err


def test_a_bar_leaves_its_last_line_in_the_log(tracked: Run, capsys: Capture) -> None:  # EV-97
    for _ in tqdm.tqdm(range(2), desc="outer"):
        for _ in tqdm.tqdm(range(3), desc="inner", leave=None):
            pass
    with tqdm.tqdm(total=4, desc="gone", leave=False):
        pass
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("outer: 100%|") and "2/2" in line


def test_a_file_of_its_own_is_written_to_as_ever(tracked: Run, capsys: Capture) -> None:  # EV-97
    file = io.StringIO()
    assert list(tqdm.tqdm(range(2), None, None, True, file)) == [0, 1]
    assert "0/2" in file.getvalue() and "2/2" in file.getvalue()
    assert capsys.readouterr().err == ""
    assert tracked.places[-1] == [(2, 2)]


def test_notebook_bars_report_and_make_no_widgets(
    tracked: Run, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:  # EV-97
    displayed: list[Any] = []
    monkeypatch.setattr(tqdm.notebook, "display", displayed.append)
    for name in ("HBox", "HTML", "IProgress"):
        monkeypatch.delattr(tqdm.notebook, name)
    assert list(tqdm.notebook.tqdm(range(2), desc="two", colour="green")) == [0, 1]
    with tqdm.notebook.tqdm(total=3, leave=False) as bar:
        bar.update(1)
        bar.reset(total=2)
        bar.update(2)
    assert tracked.places[:3] == [[(0, 2)], [(1, 2)], [(2, 2)]]
    assert tracked.places[-2:] == [[(2, 2)], []]
    assert all(one._ipython_display_() is None for one in displayed)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("two: 100%|") and "2/2" in line


async def test_asynchronous_loops_report(tracked: Run) -> None:  # EV-97
    from tqdm.asyncio import tqdm as async_tqdm

    async def letters() -> AsyncIterator[str]:
        for letter in "ab":
            yield letter

    async def task() -> None:
        async for _ in async_tqdm(letters(), total=2):
            pass

    with tracked.inside(Progress(track_tqdm=True)):
        await asyncio.create_task(task())
    assert tracked.places == [[(0, 2)], [(1, 2)], [(2, 2)]]


def test_without_tqdm_it_is_inert(monkeypatch: pytest.MonkeyPatch) -> None:  # EV-97
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr(tqdm_bars, "_hooked", False)
    run, progress = Run(), Progress(track_tqdm=True)
    with run.inside(progress):
        progress(0.5)
    assert len(run.reports) == 1 and not tqdm_bars._hooked


def test_importing_it_imports_no_tqdm() -> None:  # EV-97
    import subprocess

    code = "import sys, nbblocks; print('tqdm' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"


# -- through the scheduler


async def test_handlers_of_all_kinds_are_tracked(app: App, capsys: Capture) -> None:  # EV-73 EV-97
    def plain(progress: Any = Progress(track_tqdm=True)) -> None:
        list(tqdm.tqdm(range(2), desc="plain"))

    def generator(progress: Any = Progress(track_tqdm=True)) -> Iterator[str]:
        for i in tqdm.tqdm(range(2), desc="generator"):
            yield str(i)

    async def coroutine(progress: Any = Progress(track_tqdm=True)) -> None:
        for _ in tqdm.tqdm(range(2), desc="coroutine"):
            await asyncio.sleep(0)

    async def stream(progress: Any = Progress(track_tqdm=True)) -> AsyncIterator[str]:
        for i in tqdm.tqdm(range(2), desc="stream"):
            yield str(i)

    def untracked(progress: Any = Progress()) -> None:
        list(tqdm.tqdm(range(2), desc="untracked"))

    for fn in (plain, generator, coroutine, stream, untracked):
        app.a.click(fn, None, app.b)
    async with app.running():
        app.press()
        await app.settle()
    reported = [unit for s in app.sink.statuses for unit in s.progress_data or []]
    for name in ("plain", "generator", "coroutine", "stream"):
        assert [unit["index"] for unit in reported if unit["desc"] == name] == [0, 1, 2]
    assert not [unit for unit in reported if unit["desc"] == "untracked"]


async def test_runs_at_the_same_time_report_their_own(app: App, capsys: Capture) -> None:  # EV-97
    both = threading.Barrier(2)

    def handler(length: int) -> Callable[..., None]:
        def fn(progress: Any = Progress(track_tqdm=True)) -> None:
            for _ in tqdm.tqdm(range(length)):
                both.wait(5)

        return fn

    app.a.click(handler(3), None, app.b)
    app.a.click(handler(3), None, app.c)
    async with app.running():
        app.press()
        await app.settle()
    for listener in (0, 1):
        units = [s.progress_data for s in app.sink.statuses if s.progress_data and s.fn_index == listener]
        assert [[unit["index"] for unit in one] for one in units] == [[0], [1], [2], [3]]
