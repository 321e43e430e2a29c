"""What the log drawer shows of an error."""

from __future__ import annotations

import linecache
from typing import Any

import pytest

from nbblocks.bridge import cells
from nbblocks.bridge.telling import format_error
from nbblocks.core.places import OURS

LIBRARY = f"{OURS}core/calls.py"


def run(text: str, filename: str, namespace: dict[str, Any]) -> None:
    """Run code as if it stood in that file."""
    lines = [f"{line}\n" for line in text.splitlines()]
    linecache.cache[filename] = (len(text), None, lines, filename)
    exec(compile(text, filename, "exec"), namespace)


def raised(*parts: tuple[str, str]) -> BaseException:
    """What the last of these pieces of code raises, each a file name and its text."""
    namespace: dict[str, Any] = {}
    for filename, text in parts[:-1]:
        run(text, filename, namespace)
    try:
        run(parts[-1][1], parts[-1][0], namespace)
    except BaseException as error:  # noqa: BLE001
        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next.tb_next  # pyright: ignore
        return error
    raise AssertionError("it has raised nothing")


def call(text: str) -> tuple[str, str]:
    """Code of the library."""
    return LIBRARY, text


def test_a_traceback_begins_with_the_users_code() -> None:  # EV-290 TR-66
    error = raised(
        call("def call(fn):\n    fn()"),
        ("<cell 1>", "def handler():\n    raise RuntimeError('mine')"),
        call("call(handler)"),
    )
    text = format_error(error)
    assert text.splitlines()[1].startswith('  File "<cell 1>", line 2, in handler')
    assert "RuntimeError: mine" in text and "calls.py" not in text and "nbblocks" not in text


def test_lines_of_the_library_are_folded() -> None:  # TR-66
    error = raised(
        call("def inner():\n    raise ValueError('no')\ndef outer():\n    inner()"),
        ("<cell 1>", "def handler():\n    outer()"),
        call("handler()"),
    )
    lines = format_error(error).splitlines()
    assert lines[1].startswith('  File "<cell 1>", line 2') and lines[2] == "    outer()"
    assert lines[-2:] == ["  … 2 lines of nbblocks", "ValueError: no"]
    assert "calls.py" not in "".join(lines)


def test_causes_are_told_likewise() -> None:  # TR-66
    error = raised(
        call("def inner():\n    try: 1 / 0\n    except Exception as e: raise OSError('o') from e"),
        ("<cell 1>", "def handler():\n    inner()"),
        call("handler()"),
    )
    text = format_error(error)
    assert text.count("of nbblocks") == 2 and "calls.py" not in text
    assert "ZeroDivisionError" in text and "direct cause" in text


def test_a_cell_is_named_as_the_notebook_does(monkeypatch: pytest.MonkeyPatch) -> None:  # TR-66 TR-67
    monkeypatch.setattr(
        cells, "cell_of", lambda name: "Cell In[3]" if name == "/tmp/ipykernel_1/2.py" else None
    )
    error = raised(
        ("/tmp/ipykernel_1/2.py", "def handler():\n    helper()"),
        ("/home/me/helper.py", "def helper():\n    raise KeyError('k')"),
        call("handler()"),
    )
    text = format_error(error)
    assert "  Cell In[3], line 2, in handler\n    helper()\n" in text
    assert '  File "/home/me/helper.py", line 2, in helper\n' in text


def test_a_deep_recursion_is_told_in_short() -> None:  # TR-66
    error = raised(
        ("<cell 1>", "def handler(n=900):\n    return handler(n - 1) if n else 1 / 0"), call("handler()")
    )
    assert len(format_error(error).splitlines()) < 30
