"""Themes: accepted by name and as objects, and made of named parts."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.themes.base import Base
from nbblocks.themes.utils import colors, fonts, sizes


@pytest.mark.parametrize(
    "name", ["default", "base", "soft", "monochrome", "glass", "citrus", "ocean", "origin"]
)
def test_a_theme_goes_by_its_name_or_as_an_object(name: str) -> None:  # AP-16
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        by_name = gr.Blocks(theme=name).theme
        made: Any = getattr(gr.themes, name.capitalize())(primary_hue="blue", font=["Inter", "serif"])
        assert gr.Blocks(theme=made).theme is made
    assert by_name.name == made.name == name


def test_an_unknown_theme_is_the_default_one_with_a_warning() -> None:  # AP-16
    with pytest.warns(UserWarning, match="no theme is called 'nosuch'"):
        assert gr.Blocks(theme="nosuch").theme.name == "default"
    with pytest.warns(UserWarning, match="on the Hub"):
        assert gr.Blocks(theme="someone/theirs").theme.name == "default"
    with pytest.warns(UserWarning, match="on the Hub"):
        assert gr.Theme.from_hub("someone/theirs").name == "default"
    assert gr.Blocks().theme.name == "default"


def test_launch_takes_a_theme() -> None:  # AP-16 AP-35
    demo = gr.Blocks()
    demo.launch(theme=gr.themes.Soft(), quiet=True)
    assert demo.theme.name == "soft"


def test_a_program_makes_a_theme_of_its_own() -> None:
    class Sea(Base):
        def __init__(self) -> None:
            super().__init__(
                primary_hue=colors.teal,
                radius_size=sizes.radius_lg,
                font=(fonts.GoogleFont("Quicksand"), "serif"),
            )
            super().set(button_primary_text_color="white", body_text_color=None)

    sea = Sea()
    assert sea.name == "sea"
    assert sea.parts["primary_hue"].name == "teal"
    assert sea.variables == {"button_primary_text_color": "white"}
