"""The shipped notebooks: each runs alone, without a warning, on what its first cell names (TR-70)."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
CALLED = {"calling": ("quickstart",)}
"""Notebooks that others call, by those."""
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def cells_of(name: str) -> list[nbformat.NotebookNode]:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells


def imports_of(name: str) -> set[str]:
    """The modules that its cells import."""
    found: set[str] = set()
    for cell in cells_of(name):
        if cell.cell_type == "code":
            source = re.sub(r"^[%!].*", "", cell.source, flags=re.MULTILINE)
            for node in ast.walk(
                compile(source, name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            ):
                if isinstance(node, ast.Import):
                    found |= {one.name.partition(".")[0] for one in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.partition(".")[0])
    return found


def comes_with(package: str = "nbblocks") -> set[str]:
    """Names of what is installed with a package."""
    found, waiting = set[str](), [package]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            try:
                needed = metadata.requires(one) or []
            except metadata.PackageNotFoundError:  # not on this system
                continue
            waiting += [re.split(r"[^\w.-]", need)[0].lower() for need in needed if "extra ==" not in need]
    return found


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_first_cell_names_what_is_needed(name: str) -> None:  # TR-70
    modules = set[str]().union(*map(imports_of, (name, *CALLED.get(name, ()))))
    packages = metadata.packages_distributions()
    there = comes_with()
    needed = {
        packages[module][0].lower()
        for module in modules
        if module not in sys.stdlib_module_names
        and not there & {one.lower() for one in packages.get(module, [module])}
    }
    first = cells_of(name)[0].source.lower()
    assert {one for one in needed if not re.search(rf"pip install [\w -]*\b{one}\b", first)} == set()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_alone_and_without_a_warning(name: str, tmp_path: Path) -> None:  # TR-70
    for path in FOLDER.iterdir():
        if path.is_file() and (path.suffix != ".ipynb" or path.stem in (name, *CALLED.get(name, ()))):
            shutil.copy(path, tmp_path)
    notebook = nbformat.read(tmp_path / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=100, resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", ())]
    assert [one.text for one in outputs if "Warning" in one.get("text", "")] == []
