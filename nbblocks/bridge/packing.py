"""What may travel to a page: JSON with bytes in it. What a user's code gives is made to fit, or refused."""

from __future__ import annotations

import json
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from ipywidgets.widgets.widget import _remove_buffers  # pyright: ignore[reportPrivateUsage, reportUnknownVariableType]

Split = tuple[dict[str, Any], list[list[str | int]], list[Any]]
"""A state without its buffers, the paths they stood at, and the buffers."""
DEEPEST = 200
"""Lists and dicts within each other: more cannot be read everywhere, or hold themselves."""
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_TOO_DEEP = f"more than {DEEPEST} lists or dicts within each other, or one that holds itself"


class Unfit(ValueError):
    """A value cannot travel; its text says what is in it."""


def fit(value: Any) -> Any:
    """``value`` as it can travel: itself if it is JSON, with bytes for binary data.

    Lone halves of surrogate pairs become U+FFFD, NaN and infinities None, numbers of numpy plain ones.

    :raises Unfit: if there is something in it that JSON does not know
    """
    return value if is_json(value) else _fitted(value, 0)


def packed(changes: Mapping[str, Any], unfit: Callable[[str, Exception], Mapping[str, Any]]) -> Split:
    """A message's state, without the binary data in it, where these stood, and the data themselves.

    :param unfit: is told of a key whose value cannot travel, and gives what is sent instead
    """
    state: dict[str, Any] = {}
    binary: dict[str, Any] = {}
    for key, value in changes.items():
        if is_json(value):
            state[key] = value
            continue
        try:
            binary[key] = _fitted(value, 0)
        except Unfit as error:
            state |= unfit(key, error)
    if not binary:
        return state, [], []
    rest, paths, buffers = cast("Split", _remove_buffers(binary))
    return state | rest, paths, buffers


def is_json(value: Any) -> bool:
    """Whether ``value`` is sound JSON, without binary data. Text alone is looked at in no time."""
    if value is None or value is True or value is False:
        return True
    try:
        if type(value) is str:
            if not value.isascii():
                value.encode()
        else:
            text = _encode(value)
            if not text.isascii():
                text.encode()
    except Exception:  # noqa: BLE001 - whatever a value of the user's does when looked into
        return False
    return True


def fit_bytes(value: Any) -> Any:
    """Binary data as a message bears them: in one piece.

    :raises Unfit: if it is nothing of the kind
    """
    try:
        view = memoryview(value)
        return value if view.contiguous else view.tobytes()
    except (TypeError, ValueError, BufferError) as error:
        raise Unfit(f"what is to be binary data is a {kind_of(value)}: {error}") from None


def kind_of(value: Any) -> str:
    """Name of the type of ``value``."""
    kind = cast("type[object]", type(value))
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def sound(text: str) -> str:
    """``text`` with U+FFFD for each lone half of a surrogate pair."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _fitted(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise Unfit(_TOO_DEEP)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return sound(str.__str__(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return fit_bytes(value)
    if isinstance(value, dict):
        return {_key(key): _fitted(one, depth + 1) for key, one in cast("dict[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_fitted(one, depth + 1) for one in cast("Sequence[Any]", value)]
    return _number(value)


def _number(value: Any) -> Any:
    try:
        if isinstance(value, numbers.Integral):
            whole = int(value)
            str(whole)  # there is a most of digits
            return whole
        if isinstance(value, numbers.Real):
            number = float(value)
            return number if math.isfinite(number) else None
    except Exception as error:  # noqa: BLE001 - it is the user's
        raise Unfit(f"a number that cannot be written ({kind_of(value)}: {type(error).__name__})") from None
    raise Unfit(f"a value of type {kind_of(value)}, which JSON does not know")


def _key(key: Any) -> Any:
    if isinstance(key, str):
        return sound(str.__str__(key))
    if key is None or isinstance(key, (bool, int)) or (isinstance(key, float) and math.isfinite(key)):
        return key
    raise Unfit(f"a dict with a key of type {kind_of(key)}, which JSON does not know: {_short(key)}")


def _short(key: Any) -> str:
    return repr(key)[:40] if isinstance(key, (float, bytes)) else "only str, int, float and bool"
