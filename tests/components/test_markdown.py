from typing import Any

import pytest

import nbblocks as gr
from nbblocks.components import Markdown
from nbblocks.components.prose import prose_chunks
from tests.support import FakeComm, Page


def test_text_is_dedented() -> None:
    assert Markdown("\n    # Title\n\n      more\n").value == "# Title\n\n  more"  # CP-120


@pytest.mark.parametrize(("given", "shown"), [(3, "3"), (None, None), ("", "")])
def test_other_values_are_shown_as_text(given: object, shown: object) -> None:
    assert Markdown().postprocess(given) == shown  # CP-120


def test_formulas_stand_between_dollars_unless_told_otherwise() -> None:  # CP-120
    assert Markdown().latex_delimiters == [{"left": "$$", "right": "$$", "display": True}]
    own = [{"left": "$", "right": "$", "display": False}]
    assert Markdown(latex_delimiters=own).page_state() == {"latex_delimiters": own}
    assert Markdown(latex_delimiters=[]).latex_delimiters == []


def test_delimiters_without_display_are_inline() -> None:  # CP-120
    assert Markdown(latex_delimiters=[{"left": r"\(", "right": r"\)"}]).latex_delimiters == [
        {"left": r"\(", "right": r"\)", "display": False}
    ]


@pytest.mark.parametrize("odd", ["$", [{"left": "$"}], [{"left": "", "right": "$"}], {"left": 1, "right": 2}])
def test_odd_delimiters_are_refused(odd: Any) -> None:  # CP-120
    with pytest.raises(ValueError, match=r"latex_delimiters of Markdown must be dicts like .*, got"):
        Markdown(latex_delimiters=odd)


def test_what_it_is_without_arguments() -> None:
    text = Markdown()
    assert (text.container, text.min_width, text.sanitize_html, text.show_copy_button) == (
        False,
        None,
        True,
        False,
    )
    assert set(Markdown.events) == {"change", "copy"}  # CP-120


def test_the_copy_button_is_asked_for_in_either_way() -> None:  # CP-120 CP-200
    assert Markdown(show_copy_button=True).show_copy_button
    assert Markdown(buttons=["copy"]).show_copy_button
    assert not Markdown(buttons=[]).show_copy_button


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (None, {"markdown"}),
        ("costs $5 and `$ls`", {"markdown"}),
        ("so $$x^2$$", {"markdown", "katex"}),
        ("~~~\nx\n~~~", {"markdown", "highlight"}),
        ("- a\n  ```python\n  x\n  ```\n$$x$$", {"markdown", "katex", "highlight"}),
        ("`inline` and ```this```", {"markdown"}),
    ],
)
def test_formulas_and_code_alone_need_more_than_the_parser(text: str | None, needed: set[str]) -> None:  # D2
    assert set(prose_chunks(text)) == needed
    assert set(Markdown(text).chunks_for({})) == needed
    assert set(Markdown().chunks_for({"value": text})) == needed


def test_what_formulas_stand_between_decides_what_is_needed() -> None:  # D2
    inline = [{"left": "$", "right": "$", "display": False}]
    assert "katex" in set(Markdown("$x$", latex_delimiters=inline).chunks_for({}))
    assert "katex" in set(Markdown("$x$").chunks_for({"latex_delimiters": inline}))
    assert "katex" not in set(Markdown("$$x$$", latex_delimiters=[]).chunks_for({}))


def test_a_formula_from_a_handler_brings_what_draws_it(comms: list[FakeComm]) -> None:  # D2
    with gr.Blocks() as app:
        text = Markdown("plain")
        button = gr.Button()
        button.click(lambda: "$$x$$", None, text)
    comm = app.host.show().comm
    assert isinstance(comm, FakeComm)
    page = Page(comm)
    page.say("hello", values=[])
    assert "markdown" in comm.state["chunks"] and "katex" not in comm.state["chunks"]
    page.fire(button, "click")
    page.until(text, "$$x$$")
    assert "katex" in comm.state["chunks"]
