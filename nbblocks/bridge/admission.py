"""What pages say, looked through for files: they may name those of their app, and no others (TR-1)."""

from __future__ import annotations

import logging
import marshal
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from nbblocks.core.errors import InvalidPathError, MessageError

from .files import changed, is_marked, read_record
from .parsing import FORMS

logger = logging.getLogger("nbblocks")
T = TypeVar("T")


class Barred:
    """Stands for what names a file that its page may not have. Nothing but `admitted` may look at it."""

    def __init__(self, error: MessageError) -> None:
        self.error = error


def admitted(raw: T) -> T:
    """What a page has sent, as it is.

    :raises MessageError: if it names a file that the page may not have
    """
    if isinstance(raw, Barred):
        raise raw.error
    return raw


def looked_through(message: Mapping[str, Any]) -> dict[str, Any]:
    """A checked message with each file that it names made anew, in all that it carries.

    What names another file is `Barred`, by itself: a value, a property, the data of an event, one result of
    js. Of what a browser has kept the record alone is gone, since the file is when a kernel was restarted.
    To be called with the app's cache active.
    """
    found = dict(message)
    for field, form in FORMS.get(message["type"], {}).items():
        if form in CARRIERS and message[field]:
            kept = message["type"] == "hello" and form == "values"
            found[field] = CARRIERS[form](message[field], _without_lost if kept else _with_own)
    return found


def _with_own(raw: Any) -> Any:
    """JSON-like data, its files made anew."""
    try:
        return changed(raw, read_record, is_marked) if _names_files(raw) else raw
    except InvalidPathError as error:
        return Barred(MessageError(str(error)))
    except MessageError as error:
        return Barred(error)
    except RecursionError:
        return Barred(MessageError("the data are nested too deeply"))


def _without_lost(raw: Any) -> Any:
    """As `_with_own`, with None for files that are not there any more."""

    def record(given: dict[str, Any]) -> Any:
        try:
            return read_record(given)
        except (InvalidPathError, MessageError) as error:
            logger.warning("what a browser has kept comes without a file: %s", error)
            return None

    try:
        return changed(raw, record, is_marked) if _names_files(raw) else raw
    except RecursionError:
        return Barred(MessageError("the data are nested too deeply"))


def _names_files(raw: Any) -> bool:
    """Whether there may be a file record in JSON-like data; no other has to be gone through."""
    if not isinstance(raw, (dict, list)):
        return False
    try:
        return b"_type" in marshal.dumps(cast("Any", raw))
    except ValueError:  # nested deeper than it goes, or with something JSON does not know
        return True


Look = Callable[[Any], Any]


def _pairs(raw: list[tuple[int, Any]], look: Look) -> Any:
    return [(number, look(value)) for number, value in raw]


def _each(raw: list[Any], look: Look) -> Any:
    return [look(one) for one in raw]


def _named(raw: dict[str, Any], look: Look) -> Any:
    return {name: look(value) for name, value in raw.items()}


def _begun(raw: dict[int, dict[str, Any]], look: Look) -> Any:
    return {
        number: {**one, "result": _each(one["result"], look)} if "result" in one else one
        for number, one in raw.items()
    }


def _whole(raw: Any, look: Look) -> Any:
    return look(raw)


CARRIERS: dict[str, Callable[[Any, Look], Any]] = {
    "values": _pairs, "list": _each, "js": _begun, "props": _named, "data": _whole, "object": _whole,
}  # fmt: skip
"""How the forms of fields that may carry a file are gone through; the others are ids, numbers and texts."""
