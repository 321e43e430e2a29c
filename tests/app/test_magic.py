"""%%blocks, given by the import or by %load_ext nbblocks."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import nbblocks as gr
from nbblocks.bridge import cells

CELL = """
import nbblocks as gr
with gr.Blocks() as demo:
    gr.Textbox(label="One")
"""


@pytest.fixture
def shell(comms: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shell with the extension, in which apps believe to be in a kernel."""
    shell: Any = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    shell.kernel = object()
    displayed: list[dict[str, Any]] = []
    shell.displayed = displayed
    monkeypatch.setattr(cells, "shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    shell.run_line_magic("load_ext", "nbblocks")
    return shell


def test_it_shows_what_the_cell_builds(shell: Any) -> None:  # AP-113
    shell.run_cell_magic("blocks", "", CELL)
    (bundle,) = shell.displayed
    assert "application/vnd.jupyter.widget-view+json" in bundle and "One" in bundle["text/html"]
    assert isinstance(shell.user_ns["demo"], gr.Blocks)


def test_another_name_can_be_given(shell: Any) -> None:  # AP-113
    shell.run_cell_magic("blocks", "--demo-name app", CELL.replace("demo", "app"))
    assert len(shell.displayed) == 1 and "demo" not in shell.user_ns


def test_a_cell_that_launches_shows_it_once(shell: Any) -> None:  # AP-113
    shell.run_cell_magic("blocks", "", CELL + "demo.launch()\n")
    assert len(shell.displayed) == 1


def test_running_it_again_shows_the_new_one(shell: Any) -> None:  # AP-113
    shell.run_cell_magic("blocks", "", CELL)
    first = shell.user_ns["demo"]
    shell.run_cell_magic("blocks", "", CELL.replace("One", "Two"))
    assert "Two" in shell.displayed[1]["text/html"] and shell.user_ns["demo"] is not first
    shell.run_cell_magic("blocks", "", "1 + 1")  # the app is another cell's: it is shown here too
    assert len(shell.displayed) == 3


def test_magics_work_inside(shell: Any) -> None:  # AP-113
    shell.run_cell_magic("blocks", "", CELL + "%env NBB_TEST_MAGIC=1\n")
    assert len(shell.displayed) == 1


@pytest.mark.parametrize(("line", "cell", "kind", "why"), [
    ("--demo-name x", CELL, TypeError, "'x' holds, an app, and it holds nothing"),
    ("", "demo = 5", TypeError, "it holds int"),
    ("--wrong", CELL, ValueError, "unrecognized arguments: --wrong"),
])  # fmt: skip
def test_what_is_wrong_is_said(shell: Any, line: str, cell: str, kind: Any, why: str) -> None:  # AP-113
    with pytest.raises(kind, match=why):
        shell.run_cell_magic("blocks", line, cell)


def test_sharing_is_told_to_have_no_effect(shell: Any) -> None:  # AP-36
    with pytest.warns(UserWarning, match="--share has no effect"):
        shell.run_cell_magic("blocks", "--share", CELL)


def in_ipython(*cells: str) -> str:
    """What cells print in a fresh IPython."""
    code = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in {cells!r}:
    shell.run_cell(cell).raise_error()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_there_after_the_import() -> None:  # TR-69
    assert "True Blocks" in in_ipython(
        "import nbblocks as gr", "%%blocks\n" + CELL, "print(demo.launch is not None, type(demo).__name__)"
    )


def test_a_magic_of_that_name_is_not_taken_away() -> None:  # TR-69
    own = """
from IPython.core.magic import register_cell_magic
@register_cell_magic
def blocks(line, cell):
    print('own')
"""
    assert in_ipython(own, "import nbblocks", "%%blocks\n1").endswith("own\n")


def test_without_ipython_the_import_starts_nothing() -> None:  # TR-69
    code = """
import nbblocks, threading
from IPython import get_ipython
print(get_ipython(), threading.active_count())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "None 1\n", done.stderr
