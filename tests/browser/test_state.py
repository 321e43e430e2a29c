"""The notebook about state, tried as it says; and what pages that come and go leave of an app."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from .lab import Notebook
from .stage import press

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "state.ipynb"

VISITED = """
import time
import nbblocks as gr
loads, ticks = [], []

def tick():
    ticks.append(time.monotonic())
    return len(ticks)

with gr.Blocks() as demo:
    name = gr.Textbox(label="Name")
    clicks, shown, beats = gr.State(0), gr.Number(0, label="Clicks"), gr.Number(0, label="Beats")
    gr.Button("Click").click(lambda n: (n + 1, n + 1), clicks, [clicks, shown])
    gr.Timer(0.1).tick(tick, None, beats)
    demo.load(lambda: loads.append("loaded"))
    demo.unload(lambda: loads.append("unloaded"))
demo
"""
UNTIL = """
import time
end = time.monotonic() + {}
while not ({}):
    time.sleep(0.01); assert time.monotonic() < end, 'it never came'
"""
STANDS = "time.monotonic() - ticks[-1] > 1"
"""Ten ticks have not come."""
SAME_KERNEL = """(id) => window.jupyterapp.shell.currentWidget.sessionContext.changeKernel({ id })"""


def until(book: Notebook, condition: str, patience: float = 20) -> None:
    """Wait, in the kernel, until an expression is true; ``patience`` is in seconds."""
    book.kernel(UNTIL.format(patience, condition))


def shown(book: Notebook, index: int) -> Locator:
    """The app that a cell shows."""
    return book.output(index).locator(".nbb-app")


def kernel_of(book: Notebook) -> str:
    """The id of the kernel that runs the notebook."""
    sessions = book.jupyter.api("GET", "/api/sessions")
    return next(one["kernel"]["id"] for one in sessions if one["path"] == book.name)


@pytest.fixture
def open_again(new_page: Callable[[], Page]) -> Callable[[Notebook], Notebook]:
    """Open a notebook in one more page: its kernel is the same."""

    def open_one(book: Notebook) -> Notebook:
        again = Notebook(book.jupyter, new_page(), book.name, "doc")
        again.open()
        return again

    return open_one


@pytest.mark.timeout(120)  # it waits for seconds to pass, as a reader does
def test_the_notebook_about_state_does_what_it_says(open_notebook) -> None:
    # AP-60 EV-200 ST-6 ST-8 ST-22 ST-40 ST-43 ST-44 ST-46 ST-47 ST-62 ST-70 ST-74
    cells = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    book = open_notebook(*cells, fresh=True)
    book.run_all()
    shows = [index for index, cell in enumerate(cells) if cell.rstrip().endswith("demo")]
    clicks, words, keys, things, clocks, ends = shows

    app = shown(book, clicks)
    press(app, "Click")
    expect(app.get_by_label("Clicks")).to_have_value("1")
    press(app, "Click")
    expect(app.get_by_label("Clicks")).to_have_value("2")

    app = shown(book, words)
    left, gone, answer = (app.get_by_label(label) for label in ("Seconds left", "Forgotten", "Answer"))
    press(app, "Keep")
    expect(left).to_have_value(re.compile("[1-3]"))
    press(app, "Ask")
    expect(answer).to_have_value("swordfish")
    expect(left).to_have_value("0")
    expect(gone).to_have_value("swordfish")
    press(app, "Ask")
    expect(answer).to_have_value("nothing")
    expect(gone).to_have_value("swordfish, nothing")
    app.get_by_label("Word").fill("mackerel")
    press(app, "Keep")

    app = shown(book, keys)
    with_key, without = (app.get_by_label(label, exact=True) for label in ("With a key", "Without a key"))
    for box in (with_key, without):
        box.fill("typed")
    for count in ("1", "2"):
        press(app, "Count")
        for which in ("Counted with a key", "Counted without a key"):
            expect(app.get_by_label(which)).to_have_value(count)
    book.run_cell(keys)
    expect(without).to_have_value("")
    expect(with_key).to_have_value("typed")
    expect(app.get_by_label("Counted with a key")).to_have_value("2")
    expect(app.get_by_label("Counted without a key")).to_have_value("0")
    press(app, "Count")
    expect(app.get_by_label("Counted with a key")).to_have_value("3")
    expect(app.get_by_label("Counted without a key")).to_have_value("1")

    app = shown(book, things)
    app.get_by_label("Bread").fill("the dark one")
    app.get_by_label("One more thing").fill("Eggs")
    app.get_by_label("One more thing").press("Enter")
    app.get_by_label("Eggs").fill("ten")
    app.get_by_role("button", name="Done").first.click()
    expect(app.get_by_label("Milk")).to_have_count(0)
    app.get_by_role("button", name="Done").nth(1).click()
    expect(app.get_by_label("Eggs")).to_have_count(0)
    expect(app.get_by_label("Bread")).to_have_value("the dark one")

    app = shown(book, clocks)
    app.get_by_label("Let the stopwatch go").uncheck()
    expect(app.locator(".nbb-status")).to_have_count(0)
    until(book, "not timer.active")
    stopped = book.kernel("metronome.value, stopwatch.value")
    until(book, f"metronome.value > {stopped}[0] + 5")
    assert book.kernel(f"stopwatch.value <= {stopped}[1] + 1") == "True"  # a tick may have been on its way
    stopped = book.kernel("stopwatch.value")
    app.get_by_label("Let the stopwatch go").check()
    until(book, f"stopwatch.value > {stopped} + 1")

    # All that time nobody asked for the word: its end was the only one.
    expect(gone).to_have_value("swordfish, nothing, mackerel")

    diary = shown(book, ends).get_by_label("Diary")
    press(shown(book, ends), "Read")
    expect(diary).to_have_value("loaded")
    assert not book.problems
    book.reload()
    expect(diary).to_have_value("loaded")
    expect(shown(book, clicks).get_by_label("Clicks")).to_have_value("2")
    expect(without).to_have_value("")
    expect(shown(book, things).get_by_label("Bread")).to_have_value("the dark one")
    press(shown(book, clicks), "Click")
    expect(shown(book, clicks).get_by_label("Clicks")).to_have_value("3")
    press(shown(book, ends), "Read")
    book.run_cell(ends)
    until(book, "'unloaded' in diary and len(diary) == 3")
    assert sorted(book.kernel("*diary,").strip("()").split(", ")) == ["'loaded'", "'loaded'", "'unloaded'"]


@pytest.mark.timeout(180)  # four pages, each opened anew
def test_an_app_outlives_its_pages(open_notebook, open_again) -> None:  # ST-1 ST-6 ST-8 ST-9 ST-10
    book = open_notebook(VISITED, fresh=True)
    book.run_all()
    app = shown(book, 0)
    for count in ("1", "2"):
        press(app, "Click")
        expect(app.get_by_label("Clicks")).to_have_value(count)
    app.get_by_label("Name").fill("Ada")
    until(book, "name.value == 'Ada'")
    book.reload()
    expect(app.get_by_label("Name")).to_have_value("Ada")
    expect(app.get_by_label("Clicks")).to_have_value("2")
    now = book.kernel("len(ticks)")
    until(book, f"len(ticks) > {now}")

    second = open_again(book)  # two tabs
    other = shown(second, 0)
    expect(other.get_by_label("Name")).to_have_value("Ada")
    press(other, "Click")
    for view in (app, other):
        expect(view.get_by_label("Clicks")).to_have_value("3")
    app.get_by_label("Name").fill("Grace")
    expect(other.get_by_label("Name")).to_have_value("Grace")
    other.get_by_label("Name").fill("Emmy")
    expect(app.get_by_label("Name")).to_have_value("Emmy")

    observer = open_notebook("")  # one that shows no app, with the same kernel
    observer.page.evaluate(SAME_KERNEL, kernel_of(book))
    observer.wait_until_ready()
    observer.problems.clear()  # its debugger misses the kernel that it had
    assert not book.problems
    book.page.close()  # one of two
    now = observer.kernel("len(ticks)")
    until(observer, f"len(ticks) > {now} + 3")
    press(other, "Click")
    expect(other.get_by_label("Clicks")).to_have_value("4")

    second.page.close()  # the last one
    until(observer, STANDS, patience=70)  # a goodbye may be lost with its page; then its silence is noticed
    stood = int(observer.kernel("len(ticks)"))
    third = open_again(book)  # later
    app = shown(third, 0)
    expect(app.get_by_label("Name")).to_have_value("Emmy")
    expect(app.get_by_label("Clicks")).to_have_value("4")
    press(app, "Click")
    expect(app.get_by_label("Clicks")).to_have_value("5")
    until(observer, f"len(ticks) > {stood}")
    expect(app.get_by_label("Beats")).not_to_have_value(str(stood))
    assert third.kernel("loads") == "['loaded']"
    assert not (observer.problems or second.problems or third.problems)
