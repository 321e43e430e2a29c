import pytest

from nbblocks.components import Markdown


def test_text_is_dedented() -> None:
    assert Markdown("\n    # Title\n\n      more\n").value == "# Title\n\n  more"  # CP-120


@pytest.mark.parametrize(("given", "shown"), [(3, "3"), (None, None), ("", "")])
def test_other_values_are_shown_as_text(given: object, shown: object) -> None:
    assert Markdown().postprocess(given) == shown  # CP-120


def test_formulas_stand_between_dollars_unless_told_otherwise() -> None:
    assert Markdown().latex_delimiters == [{"left": "$$", "right": "$$", "display": True}]
    own = [{"left": "$", "right": "$", "display": False}]
    assert Markdown(latex_delimiters=own).page_state() == {"latex_delimiters": own}


def test_what_it_is_without_arguments() -> None:
    text = Markdown()
    assert (text.container, text.min_width, text.sanitize_html, text.show_copy_button) == (
        False,
        None,
        True,
        False,
    )
    assert set(Markdown.events) == {"change", "copy"}  # CP-120
