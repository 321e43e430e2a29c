"""Parameters and defaults beside Gradio's: each difference stands in a list, with its reason."""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
import typing
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import is_typeddict

import nbblocks as gr
from nbblocks.app import later
from nbblocks.client import Job
from nbblocks.core.events import BoundEvent
from nbblocks.core.registration import Options

HERE = Path(__file__).parent
SIGNATURES: dict[str, Any] = json.loads((HERE / "gradio_signatures.json").read_text())
DIFFERENCES: dict[str, list[str]] = json.loads((HERE / "differences.json").read_text())
"""Patterns of differences by the reason for them."""
ANYTHING = "**"
"""Stands for parameters of any name."""
POSITIONAL = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")


def ours(name: str) -> Any:
    """What stands under a recorded name here; None if it is not there, or only says so."""
    if name == "event":
        with gr.Blocks():
            return gr.Button().click
    first, _, rest = name.partition(".")
    found = {"Job": Job}.get(first, getattr(gr, first, None))
    if first in later.__all__ or found is None:
        return None
    return getattr(found, rest, None) if rest else found


def parameters(member: Any) -> dict[str, tuple[str, str | None]]:
    """Kind and default by name; keywords that components share have no default of their own here."""
    found: dict[str, tuple[str, str | None]] = {}
    rest = None
    for name, kind, default in RECORDER.signature_of(member):
        if kind == "VAR_KEYWORD":
            rest = name
        else:
            found[name] = (kind, default)
    if is_typeddict(member):
        return dict.fromkeys(typing.get_type_hints(member), ("SHARED", "?"))
    if rest is not None:
        for name in further(member, rest):
            found.setdefault(name, ("SHARED", "?"))
    return found


def further(member: Any, rest: str) -> list[str]:
    """The names that ``**rest`` stands for."""
    if isinstance(member, BoundEvent) or member is gr.on:
        return list(inspect.signature(Options).parameters)
    function = member.__init__ if inspect.isclass(member) else member
    known = vars(sys.modules[member.__module__]) | vars(typing)
    hint = typing.get_type_hints(function, known).get(rest) if inspect.isfunction(function) else None
    if typing.get_args(hint):  # Unpack[...]
        return list(typing.get_type_hints(typing.get_args(hint)[0]))
    base = member.__mro__[1] if inspect.isclass(member) else object
    if issubclass(base, dict) or base.__init__ is object.__init__:
        return [ANYTHING]
    shared = getattr(member, "shared", None) if rest == "shared" else None
    return list(parameters(base) if shared is None else typing.get_type_hints(shared))


def _recorder() -> Any:
    spec = importlib.util.spec_from_file_location("record_signatures", HERE / "record_signatures.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECORDER = _recorder()


def differences(name: str) -> list[str]:
    """What differs in the signature of ``name``, one text each."""
    member = ours(name)
    if member is None:
        return [] if name.partition(".")[0] in later.__all__ else [f"{name}: not here"]
    here, there = parameters(member), SIGNATURES["names"][name]
    found: list[str] = []
    positional = [one for one, (kind, _) in here.items() if kind in POSITIONAL]
    for place, (parameter, kind, default) in enumerate(there):
        if kind.startswith("VAR_"):
            continue
        if parameter not in here and ANYTHING in here:
            continue
        if parameter not in here:
            found.append(f"{name}({parameter}): not here")
            continue
        if here[parameter][1] not in (default, "?"):
            defaults = [one if one is not None else "no default" for one in (default, here[parameter][1])]
            found.append(f"{name}({parameter}): {defaults[0]} there, {defaults[1]} here")
        if kind in POSITIONAL and (place >= len(positional) or positional[place] != parameter):
            found.append(f"{name}({parameter}): argument {place} there")
    known = {one[0] for one in there}
    found += [f"{name}({one}): ours alone" for one in here if one not in {*known, ANYTHING}]
    return found


ALL = {name: differences(name) for name in SIGNATURES["names"]}
PATTERNS = [(reason, pattern) for reason, patterns in DIFFERENCES.items() for pattern in patterns]


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_difference_from_gradio_has_a_reason(name: str) -> None:  # AP-110
    unlisted = [one for one in ALL[name] if not any(fnmatchcase(one, pattern) for _, pattern in PATTERNS)]
    assert unlisted == [], f"not in differences.json, of Gradio {SIGNATURES['gradio']}"


@pytest.mark.parametrize(("reason", "pattern"), PATTERNS)
def test_each_listed_difference_is_one(reason: str, pattern: str) -> None:  # AP-110
    assert any(fnmatchcase(one, pattern) for found in ALL.values() for one in found), (
        f"none any more: {reason}"
    )
