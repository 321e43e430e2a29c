"""The quickstart notebook, read from top to bottom and tried."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from playwright.sync_api import expect

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "quickstart.ipynb"


def test_the_quickstart_does_what_it_says(open_notebook, tmp_path: Path) -> None:
    cells = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    assert len(cells) == 5
    book = open_notebook(*cells, fresh=True)
    book.run_all()

    app = book.output(0)
    app.get_by_text("Hopper").click()
    expect(app.get_by_label("First name")).to_have_value("Grace")
    app.get_by_role("button", name="Submit").click()
    expect(app.get_by_label("Whole name")).to_have_value("Grace Hopper")

    app = book.output(1)
    app.locator(".nbb-dataset img").click()
    expect(app.locator("img.nbb-shown").first).to_be_visible()
    app.get_by_role("button", name="Mirror", exact=True).click()
    expect(app.locator("img.nbb-shown")).to_have_count(2)

    file = tmp_path / "notes.txt"
    file.write_text("mine")
    app = book.output(2)
    book.upload(app.locator("button", has_text="Upload a file"), file)
    download = app.get_by_role("button", name="Download notes.txt")
    expect(download).to_be_visible()
    assert book.download(download) == ("notes.txt", b"mine")

    app = book.output(3)
    for count in ("1", "2"):
        app.get_by_role("button", name="One more").click()
        expect(app.get_by_label("Count")).to_have_value(count)

    app = book.output(4)
    app.get_by_role("button", name="Brew").click()
    expect(app.get_by_label("Done")).to_have_value("4 of 4 cups")
    assert not book.problems
    if picture := os.environ.get("NBBLOCKS_PICTURE"):
        book.cell(0).scroll_into_view_if_needed()
        book.screenshot(picture)
