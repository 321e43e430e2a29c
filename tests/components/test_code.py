import re
from pathlib import Path

import pytest

from nbblocks.components import Code
from nbblocks.components.code import LANGUAGES
from nbblocks.core.errors import MessageError


def test_outer_white_space_is_stripped() -> None:
    assert Code("\n x = 1\n\n", "python").value == "x = 1"  # CP-98
    assert Code().postprocess(None) is None


@pytest.mark.parametrize("language", ["python", "sql-sqlite", "latex", None])
def test_known_languages(language: str | None) -> None:
    assert Code(language=language).language == language  # CP-98


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language of Code must be one of 'python'.* got 'klingon'"):  # CP-98
        Code(language="klingon")


def test_only_text_is_taken() -> None:
    with pytest.raises(TypeError, match="Code expects a str, got int: 3"):  # CP-98
        Code().postprocess(3)


def test_every_language_has_its_colours() -> None:  # CP-98
    source = Path(__file__).parents[2] / "js/src/editor/languages.ts"
    listed = re.search(r"languages: Record.*?= \{(.*?)\n\};", source.read_text(encoding="utf-8"), re.DOTALL)
    assert listed
    names = re.findall(r'^  "?([\w-]+)"?[:,]', listed[1], re.MULTILINE)
    assert set(names) == set(LANGUAGES) - {None}


def test_what_it_is_without_arguments() -> None:  # CP-98
    code = Code()
    assert (code.lines, code.max_lines, code.wrap_lines, code.show_line_numbers) == (5, None, False, True)
    assert (code.value, code.language, code.autocomplete, code.buttons) == (None, None, False, None)
    assert set(Code.events) == {"change", "input", "focus", "blur"}


def test_a_page_may_set_text_and_nothing_else() -> None:  # CP-98
    assert Code().from_page("x\n") == "x\n"
    with pytest.raises(MessageError, match="value of code"):
        Code().from_page(["x"])


def test_it_is_drawn_by_the_editor() -> None:  # D2
    assert set(Code().chunks_for({})) == {"editor"}
