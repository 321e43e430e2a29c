"""Validators: they look at the inputs of a run before it is queued, and may refuse it (EV-298)."""

from __future__ import annotations

from typing import Any, cast

from .nodes import Node
from .runs import Run

MARK = "__type__"


def validate(is_valid: bool, message: str = "") -> dict[str, Any]:
    """What a ``validator`` returns of one input: whether it is valid, and what to say beside it if not."""
    return {MARK: "validate", "is_valid": bool(is_valid), "message": str(message)}


def refusals(run: Run, result: object) -> dict[Node, str]:
    """The invalid inputs of a run and their messages, from what its validator returned.

    :param result: one `validate`, which speaks for all inputs, or a list with one for each; anything else
        counts as valid
    """
    inputs = run.listener.inputs
    if _is_verdict(result):
        verdicts: list[Any] = [result] * max(len(inputs), 1)
    elif isinstance(result, (list, tuple)):
        verdicts = list(cast("list[Any]", result))
    else:
        return {}
    places: list[Node] = list(inputs) or list(run.listener.outputs)
    return {
        node: str(verdict["message"])
        for node, verdict in zip(places, verdicts, strict=False)
        if _is_verdict(verdict) and not verdict["is_valid"]
    }


def _is_verdict(value: object) -> bool:
    return isinstance(value, dict) and cast("dict[Any, Any]", value).get(MARK) == "validate"
