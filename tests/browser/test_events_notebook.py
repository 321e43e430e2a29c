"""The notebook about events, read from top to bottom and tried."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from .stage import press

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "events.ipynb"


@pytest.mark.timeout(120)  # it waits for what the apps take their time for
def test_the_notebook_about_events_does_what_it_says(open_notebook) -> None:
    # EV-97 EV-123 EV-154 EV-161 EV-192 EV-200 EV-250 EV-273 EV-293 EV-298 EV-322 EV-326 EV-327 EV-328
    cells = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    book = open_notebook(*cells)
    book.run_all()
    shows = [index for index, cell in enumerate(cells) if cell.rstrip().endswith("demo")]
    apps = iter(book.output(index).locator(".nbb-app") for index in shows)

    app = next(apps)  # a limit, and a place in the queue
    for index in range(3):
        app.get_by_role("button", name="Develop").nth(index).click()
    expect(app.get_by_text(re.compile(r"^queue: \d/\d")).first).to_be_visible()
    expect(app.get_by_label("Photograph").nth(2)).to_have_value("Bridge, developed")

    app = next(apps)  # a batch
    press(app, "Weigh", times=5)
    expect(app.get_by_label("Note")).to_have_value(re.compile("5 kg, weighed with [1-3] others"))

    app = next(apps)  # steps, and an end to them
    press(app, "Start")
    expect(app.get_by_label("Said")).to_have_value(re.compile(r"\d+ \.\.\."))
    press(app, "Stop")
    expect(app.locator(".nbb-status")).to_have_count(0)
    expect(app.get_by_label("Said")).not_to_have_value("Lift-off")

    app = next(apps)  # progress
    press(app, "Bake")
    expect(app.get_by_text(re.compile(r"^Trays - \d/3 steps"))).to_be_visible()
    expect(app.get_by_label("Baked")).to_have_value("36 rolls")

    app = next(apps)  # JavaScript, in the page
    press(app, "Count")
    expect(app.get_by_label("Counted in the page")).to_have_value("5")
    press(app, "Ask Python")
    expect(app.get_by_label("Told by Python")).to_have_value("This window is 1280 pixels wide")

    app = next(apps)  # what comes after
    press(app, "Divide")
    expect(app.get_by_label("Verdict")).to_have_value("It is 2")
    app.get_by_label("Divisor").fill("0")
    press(app, "Divide")
    expect(app.get_by_label("Verdict")).to_have_value("That cannot be done")
    expect(app.get_by_label("Journal")).to_have_value("6/3 6/0 ")

    app = next(apps)  # clicks while it runs
    for mode in ("once", "multiple", "always_last"):
        press(app, mode, times=3)
    for index, runs in enumerate(("[12]", "3", "[23]")):  # as quick as the clicks were
        expect(app.get_by_label("Runs").nth(index)).to_have_value(re.compile(runs))

    app = next(apps)  # again and again
    press(app, "Boil an egg")
    press(app, "Feel the pulse")
    expect(app.get_by_label("Half seconds to go")).to_have_value("0")
    expect(app.get_by_label("Pulse")).to_have_value(re.compile(r"[1-9]"))
    press(app, "Let go")

    app = next(apps)  # a look at the inputs first
    press(app, "Book")
    expect(app.locator(".nbb-invalid")).to_have_text(["A name, please", "The table has eight seats"])
    app.get_by_label("Name").fill("Ada")
    app.get_by_label("Guests").fill("3")
    press(app, "Book")
    expect(app.get_by_label("Answer")).to_have_value("A table for 3, Ada")

    app = next(apps)  # messages
    for kind, text in (
        ("Info", "The kettle is on"),
        ("Success", "Tea is ready"),
        ("Warning", "It is hot"),
        ("Error", "The pot is empty"),
    ):
        app.get_by_label(kind, exact=True).click()
        press(app, "Tell")
        expect(app.locator(f".nbb-toast-{kind.lower()}")).to_contain_text(text)

    app = next(apps)  # how much is shown
    press(app, "Show full")
    expect(app.locator(".nbb-spinner")).to_be_visible()
    expect(app.get_by_label("Full")).to_have_value("done")
    press(app, "Show on the button")
    expect(app.locator(".nbb-button .nbb-spinner")).to_be_visible()

    app = next(apps)  # the output comes into view
    press(app, "What does it say at the end?")
    expect(app.get_by_label("The end")).to_be_in_viewport()

    app = next(apps)  # in other processes
    press(app, "Count the hands")
    expect(app.get_by_label("Different hands")).to_have_value("2598960")
    assert next(apps, None) is None
    assert not book.problems
