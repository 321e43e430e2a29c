import pytest

from nbblocks.components import Code


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
