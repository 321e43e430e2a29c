"""The gallery for those who use a keyboard or a screen reader: axe's rules, names, focus, motion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import nbformat
import pytest

from .lab import Jupyter, Notebook

ROOT = Path(__file__).parents[2]
AXE = ROOT / "js/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_THE_PAGE = ["region"]
"""A notebook's cells are no landmarks, and apps stand in them: that is for JupyterLab to say."""

VIOLATIONS = """async ([tags, off]) => {
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], rules: {} };
  for (const rule of off) options.rules[rule] = { enabled: false };
  const { violations, passes } = await axe.run({ include: [[".nbb-app"]], exclude: [[".nbb-app .jupyter-widgets"]] }, options);
  const nodes = ({ id, nodes }) => nodes.map((one) => `${id}: ${one.target.join(" ")}\\n${one.html}\\n${one.failureSummary}`);
  return { found: violations.flatMap(nodes), looked: passes.length };
}"""


@pytest.fixture(scope="module")
def gallery(jupyter: Jupyter) -> Iterator[Notebook]:
    """The notebook of all components, run."""
    cells = nbformat.read(ROOT / "notebooks/gallery.ipynb", as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    with jupyter.notebook(*sources, hide_code=True) as book:
        book.run_all()
        book.page.add_script_tag(path=AXE)
        yield book


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(gallery: Notebook, theme: Literal["light", "dark"]) -> None:
    gallery.theme(theme)
    result: dict[str, Any] = gallery.page.evaluate(VIOLATIONS, [RULES, OF_THE_PAGE])
    assert result["looked"] > 20
    assert not result["found"], "\n\n".join(result["found"])
