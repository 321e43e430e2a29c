"""The browser fixtures themselves, shown on plain ipywidgets."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import expect

from .lab import CellError, Host

BUTTON = """
import ipywidgets as widgets
label, button = widgets.Label("before"), widgets.Button(description="Go")
button.on_click(lambda _: setattr(label, "value", "after"))
widgets.VBox([button, label])
"""


@pytest.mark.parametrize("host", get_args(Host))
def test_a_click_reaches_the_kernel_and_its_answer_the_page(open_notebook, host: Host) -> None:
    book = open_notebook(BUTTON, host=host)
    book.run_all()
    book.output(0).get_by_role("button", name="Go").click()
    expect(book.output(0)).to_contain_text("after")
    assert book.kernel("label.value") == "'after'"


def test_one_page_shows_the_next_notebook(open_notebook) -> None:
    book = open_notebook("import os; os.getpid()")
    assert "text/plain" in book.run_cell(0)[0]["data"]
    assert book.kernel("'label' in globals()") == "False"


def test_two_notebooks_have_two_pages_and_two_kernels(open_notebook) -> None:
    one, two = open_notebook("n = 1"), open_notebook("n = 2")
    one.run_all()
    two.run_all()
    assert (one.kernel("n"), two.kernel("n")) == ("1", "2")


def test_errors_of_cells_and_of_the_kernel_are_raised(open_notebook) -> None:
    book = open_notebook("1 / 0")
    with pytest.raises(CellError, match="ZeroDivisionError"):
        book.run_cell(0)
    with pytest.raises(CellError, match="NameError: name 'nothing'"):
        book.kernel("nothing")


def test_a_cell_can_run_while_the_page_is_used(open_notebook) -> None:
    book = open_notebook("import time; time.sleep(0.5); print('done')")
    book.start_cell(0)
    book.wait_until_idle()
    expect(book.output(0)).to_contain_text("done")


def test_a_reloaded_page_finds_its_kernel_and_widgets(open_notebook) -> None:
    book = open_notebook(BUTTON)
    book.run_all()
    book.kernel("label.value = 'meanwhile'")
    book.reload()
    expect(book.output(0)).to_contain_text("meanwhile")


def test_widget_state_is_saved_on_demand_only(open_notebook) -> None:
    book = open_notebook(BUTTON)
    book.run_all()
    assert "widgets" not in book.save().metadata
    assert "after" not in str(book.save(widgets=True).metadata["widgets"])


def test_a_theme_is_taken_back(open_notebook) -> None:
    book = open_notebook("1")
    book.theme("dark")
    assert book.page.evaluate("document.body.dataset.jpThemeLight") == "false"


def test_themes_start_light(open_notebook) -> None:
    assert open_notebook("1").page.evaluate("document.body.dataset.jpThemeLight") == "true"


def test_files_go_up_and_down(open_notebook, tmp_path: Path) -> None:
    book = open_notebook(
        """
import ipywidgets as widgets
from IPython.display import HTML
up = widgets.FileUpload()
widgets.VBox([up, widgets.HTML('<a download="down.txt" href="data:text/plain,there">get</a>')])
"""
    )
    book.run_all()
    file = tmp_path / "up.txt"
    file.write_text("here")
    book.upload(book.output(0).get_by_role("button"), file)
    expect(book.output(0).get_by_role("button")).to_contain_text("1")
    assert book.kernel("bytes(up.value[0].content)") == "b'here'"
    assert book.download(book.output(0).get_by_text("get")) == ("down.txt", b"there")


def test_voila_shows_a_live_notebook(voila) -> None:
    page = voila(BUTTON)
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("after")).to_be_visible()


def test_a_static_page_shows_the_last_state(static_page) -> None:
    page = static_page(BUTTON, "import anywidget", "label.value = 'at the end'")
    expect(page.get_by_text("at the end", exact=True)).to_be_visible()
