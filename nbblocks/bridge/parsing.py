"""The check of what comes from a page, which is untrusted: what is not of a known form is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from nbblocks.core.errors import MessageError

from .exact import unpacked
from .messages import MAX_CHUNK, Begun, PageMessage, Refused

MAX_TEXT = 4096
MAX_VALUES = 100_000

_ID, _TEXT, _COUNT, _DATA, _VALUES, _JS = "id", "text", "count", "data", "values", "js"
_LIST, _FAULT, _FLAG, _OBJECT, _PROPS = "list", "fault", "flag", "object", "props"
FORMS: dict[str, dict[str, str]] = {
    "hello": {"js": _JS, "values": _VALUES},
    "beat": {"hidden": _FLAG},
    "bye": {"deleted": _FLAG},
    "ask": {"ask": _ID, "node": _COUNT, "content": _OBJECT},
    "stop": {"run": _COUNT},
    "set": {"node": _COUNT, "props": _PROPS},
    "event": {"node": _COUNT, "event": _ID, "data": _DATA, "values": _VALUES, "js": _JS},
    "values": {"values": _VALUES, "js": _JS},
    "js": {"ticket": _ID, "result": _LIST, "error": _FAULT, "values": _VALUES},
    "upload": {
        "upload": _ID,
        "node": _COUNT,
        "name": _TEXT,
        "size": _COUNT,
        "mime": _TEXT,
        "relative": _TEXT,
        "modified": _COUNT,
        "resume": _COUNT,
        "crc": _COUNT,
    },
    "chunk": {"upload": _ID, "offset": _COUNT},
    "upload_end": {"upload": _ID, "crc": _COUNT},
    "upload_ask": {"upload": _ID},
    "upload_cancel": {"upload": _ID},
    "download": {"download": _ID, "node": _COUNT, "path": _TEXT},
    "ack": {"download": _ID, "received": _COUNT, "again": _FLAG},
    "download_cancel": {"download": _ID},
}
OPTIONAL: dict[str, Any] = {
    "data": None, "js": None, "mime": "", "relative": "", "modified": 0, "resume": 0,
    "crc": 0, "again": False, "values": [], "result": None,
    "error": None, "hidden": False, "deleted": False,
}  # fmt: skip

FAST = {"event": ("waiting", "only"), "values": ("waiting",), "js": ("waiting",)}
"""Fields, lists of ids, that a message has only while input comes faster than it is answered (TR-33)."""


def parse(content: object, buffers: Sequence[Any]) -> PageMessage:
    """The message in ``content``, checked field by field.

    :raises MessageError: naming the field, what was expected and what came
    """
    if not isinstance(content, dict):
        raise MessageError(f"a message must be an object, got {type(content).__name__}")
    raw = cast("dict[Any, Any]", content)
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in FORMS:
        raise MessageError(f"type of a message must be one of {', '.join(FORMS)}, got {_brief(kind)}")
    checked: dict[str, Any] = {"type": kind}
    for field, form in {"view": _ID, "seq": _COUNT, **FORMS[kind]}.items():
        given = unpacked(raw.get(field, OPTIONAL.get(field)))
        checked[field] = _CHECKS[form](f"{field} of the message {kind!r}", given)
    for field in FAST.get(kind, ()):
        if field in raw:
            checked[field] = _ids(f"{field} of the message {kind!r}", raw[field])
    wanted = 1 if kind == "chunk" else 0
    if len(buffers) < wanted:
        raise MessageError(f"the message {kind!r} must carry {wanted} buffer, got {len(buffers)}")
    if buffers and memoryview(buffers[0]).nbytes > MAX_CHUNK:
        raise MessageError(f"a chunk must be at most {MAX_CHUNK} bytes, got {memoryview(buffers[0]).nbytes}")
    return cast("PageMessage", checked)


def refused(content: object, error: MessageError) -> Refused | None:
    """What is left of a message that `parse` has refused; None if not even its place among all is known."""
    try:
        raw = _data("a message", content) or {}
        view, seq = _id("view", raw.get("view")), _count("seq", raw.get("seq"))
    except MessageError:
        return None
    upload = raw.get("upload")
    about = upload if isinstance(upload, str) and 0 < len(upload) <= 64 else ""
    return {"type": "refused", "view": view, "seq": seq, "upload": about, "why": str(error)}


def _id(what: str, given: object) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= 64:
        raise MessageError(f"{what} must be a text of 1 to 64 characters, got {_brief(given)}")
    return given


def _text(what: str, given: object) -> str:
    if not isinstance(given, str) or len(given) > MAX_TEXT:
        raise MessageError(f"{what} must be a text of at most {MAX_TEXT} characters, got {_brief(given)}")
    return given


def _count(what: str, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < 2**53:
        raise MessageError(f"{what} must be an integer from 0 to 2**53, got {_brief(given)}")
    return given


def _data(what: str, given: object) -> dict[str, Any] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not all(isinstance(key, str) for key in cast("dict[Any, Any]", given)):
        raise MessageError(f"{what} must be an object or null, got {_brief(cast('object', given))}")
    return cast("dict[str, Any]", given)


def _object(what: str, given: object) -> dict[str, Any]:
    found = _data(what, given)
    if found is None:
        raise MessageError(f"{what} must be an object, got null")
    return found


def _values(what: str, given: object) -> list[tuple[int, Any]]:
    if not isinstance(given, list) or len(cast("list[Any]", given)) > MAX_VALUES:
        raise MessageError(f"{what} must be a list of [id, value], got {_brief(cast('object', given))}")
    pairs: list[tuple[int, Any]] = []
    for pair in cast("list[Any]", given):
        if not isinstance(pair, list) or len(cast("list[Any]", pair)) != 2:
            raise MessageError(f"{what} must hold pairs [id, value], got {_brief(cast('object', pair))}")
        node, value = cast("list[Any]", pair)
        pairs.append((_count(what, node), value))
    return pairs


def _js(what: str, given: object) -> dict[int, Begun]:
    found: dict[int, Begun] = {}
    for key, value in (_data(what, given) or {}).items():
        number = key.isascii() and key.isdigit() and len(key) < 16  # int() refuses "²" and 5,000 digits
        if not number or not isinstance(value, dict):
            raise MessageError(f"{what} must map listener ids to objects, got {_brief(key)}: {_brief(value)}")
        raw = cast("dict[str, Any]", value)
        begun: Begun = {"ticket": _id(f"ticket in {what}", raw.get("ticket"))}
        if (error := _fault(f"error in {what}", raw.get("error"))) is not None:
            begun["error"] = error
        elif (result := _list(f"result in {what}", raw.get("result"))) is not None:
            begun["result"] = result
        found[int(key)] = begun
    return found


def _list(what: str, given: object) -> list[Any] | None:
    if given is not None and not isinstance(given, list):
        raise MessageError(f"{what} must be a list or null, got {_brief(given)}")
    return cast("list[Any] | None", given)


def _ids(what: str, given: object) -> list[int]:
    if not isinstance(given, list) or len(cast("list[Any]", given)) > MAX_VALUES:
        raise MessageError(f"{what} must be a list of ids, got {_brief(cast('object', given))}")
    return [_count(what, one) for one in cast("list[object]", given)]


def _flag(what: str, given: object) -> bool:
    if not isinstance(given, bool):
        raise MessageError(f"{what} must be true or false, got {_brief(given)}")
    return given


def _fault(what: str, given: object) -> str | None:
    """A text that is shown: one that is too long is cut, since a run waits for the message."""
    if given is not None and not isinstance(given, str):
        raise MessageError(f"{what} must be a text or null, got {_brief(given)}")
    return None if given is None else given[:MAX_TEXT]


_CHECKS = {
    _ID: _id, _TEXT: _text, _COUNT: _count, _DATA: _data, _VALUES: _values, _JS: _js, _LIST: _list,
    _FAULT: _fault, _FLAG: _flag, _OBJECT: _object, _PROPS: _object,
}  # fmt: skip


def _brief(given: object) -> str:
    if isinstance(given, (str, int, float, bool)) or given is None:
        text = repr(given)
        return text if len(text) <= 60 else text[:57] + "..."
    return type(given).__name__
