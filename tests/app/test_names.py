"""The public names: those of Gradio's programs can all be imported."""

from __future__ import annotations

import builtins

import pytest

import nbblocks as gr
from nbblocks.app import later


def test_no_name_hides_a_builtin() -> None:  # AP-111
    assert not set(gr.__all__) & set(dir(builtins))


def test_some_names_mean_the_same() -> None:  # AP-110
    assert gr.Text is gr.Textbox
    assert gr.Json is gr.JSON
    assert gr.Checkboxgroup is gr.CheckboxGroup


@pytest.mark.parametrize("name", sorted(later.__all__))
def test_what_is_lacking_says_so_on_use(name: str) -> None:  # AP-112
    lacking = getattr(gr, name)
    with pytest.raises(NotImplementedError, match=f"nbblocks.{name}"):
        lacking()


def test_a_file_size_has_units() -> None:  # AP-35
    assert 5 * gr.FileSize.MB == 5 * 1024 * 1024


def test_html_attributes_are_a_dict() -> None:  # CP-90
    attributes = gr.InputHTMLAttributes(spellcheck=False, lang="en")
    assert gr.Textbox(html_attributes=attributes).html_attributes == {"spellcheck": False, "lang": "en"}
