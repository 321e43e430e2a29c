"""ChoiceField: what Radio, CheckboxGroup and Dropdown have in common."""

from __future__ import annotations

import enum
import re
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, cast

import traitlets as t

from nbblocks.bridge import sketch
from nbblocks.bridge.component import User, Wire
from nbblocks.bridge.exact import packed
from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event
from nbblocks.core.nodes import UNSET

from .checks import is_missing, kind_of, named, one_of, plain
from .tools import ToolField

Choice = Any
"""A value, or a pair of the name that is shown and the value."""
TS_CHOICES = "[string, string | number | bigint | boolean][]"
LONE = re.compile("[\ud800-\udfff]")
"""Halves of characters, which stand for the bytes of names of files that are no text."""
BY_INDEX = "nbb-choice:"
"""How what a page has instead of a value begins; after it come a sum of the choices and the index."""


class ChoiceField(ToolField[Wire, User]):
    """A field whose value comes from ``choices``, a list of pairs of label and value.

    A page, and js in it, has the values themselves, as far as it can hold and tell them apart: other texts
    stand for objects, for texts that are no Unicode, and for values that equal another one's.
    """

    usual = ()

    choices = t.List(t.Any()).tag(sync=True, ts=TS_CHOICES)

    input = Event("the user chose")
    select = Event("the user chose; the data say which")

    def __init__(
        self,
        choices: Iterable[Choice] | None,
        type: str,
        props: Mapping[str, Any],
        shared: Mapping[str, Any],
    ) -> None:
        """Create it.

        :param type: ``"value"`` or ``"index"``: what handlers get
        :raises ValueError: for another ``type``
        """
        one_of(kind_of(self), "type", type, ("value", "index"))
        self.type = type
        super().__init__({**props, "choices": pairs(choices)}, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: what can be chosen, and what is."""
        several, chosen = isinstance(self.value, list), listed_of(self.value)
        pairs = cast("list[tuple[Any, Any]]", list(self.choices))
        marks = sketch.TICKS if several else sketch.DOTS
        return self.captioned(sketch.choices([(name, is_in(value, chosen)) for name, value in pairs], marks))

    @t.validate("choices")
    def _as_pairs(self, proposal: Any) -> list[tuple[str, Any]]:
        """What code in a cell sets may be values or pairs, as in the constructor."""
        return pairs(proposal["value"])

    @property
    def allowed(self) -> list[Any]:
        """The values that can be chosen."""
        return [value for _, value in cast("list[tuple[str, Any]]", self.choices)]

    def taken(self, value: Any) -> Any:
        """What a handler gets for one chosen ``value``.

        :raises Error: if it is no choice
        """
        allowed = self.allowed
        index = index_of(value, allowed)
        if index is None:
            # The wording that programs know: '1' and 1 look alike to who reads it in a toast.
            raise PlainError(
                f"Value: {value!r} (type: {type(value)}) is not in the list of choices: {shortened(allowed)}"
            )
        return index if self.type == "index" else allowed[index]

    def is_choice(self, value: Any) -> bool:
        """Whether it can be chosen."""
        return index_of(value, self.allowed) is not None

    # -- the way to the page and back

    def page_prop(self, name: str, value: Any) -> Any:
        """As every component; choices are pairs of texts and what the page has for the values."""
        if name != "choices":
            return super().page_prop(name, value)
        shown = page_values([one for _, one in value])
        return packed([[_text(label), one] for (label, _), one in zip(value, shown, strict=True)])

    def to_page(self, wire: Any) -> Any:
        """What the page has for the chosen values."""
        shown = self._page_values()
        if shown is None:
            return wire if _is_sent_as_is(wire) else self._each(wire, _shown)
        allowed = self.allowed
        return self._each(wire, lambda one: _page_value(one, allowed, shown))

    _known: tuple[Any, int, list[Any] | None] | None = None
    """The choices, how many they were, and what pages have for them."""

    def _page_values(self) -> list[Any] | None:
        """What pages have for the choices; None: the values themselves."""
        choices = cast("Any", self.choices)
        known = self._known
        if known is None or known[0] is not choices or known[1] != len(choices):
            allowed = self.allowed
            shown = page_values(allowed)
            as_they_are = all(one is value for one, value in zip(shown, allowed, strict=True))
            known = self._known = choices, len(choices), None if as_they_are else shown
        return known[2]

    def _each(self, wire: Any, change: Callable[[Any], Any]) -> Any:
        return [change(one) for one in cast("list[Any]", wire)] if isinstance(wire, list) else change(wire)

    def chosen(self, raw: Any) -> Any:
        """One value that a page or Client has sent: a choice, or a text, number or bool.

        :raises MessageError: if it is anything else, or a choice of a list that has changed since
        """
        if isinstance(raw, str) and raw.startswith(BY_INDEX):
            return self._at(raw)
        if isinstance(raw, (str, int, float)):
            return raw
        index = None if raw is None else index_of(raw, self.allowed)
        if index is None:
            raise MessageError(
                f"value of {self.type_name}: expected one of the choices, got {shortened(raw)}"
            )
        return self.allowed[index]

    def _at(self, raw: str) -> Any:
        allowed = self.allowed
        shown = self._page_values() or allowed
        if raw not in shown:
            if raw in allowed:
                return raw
            raise MessageError(
                f"value of {self.type_name}: a choice was sent of a list that has changed meanwhile"
            )
        index = shown.index(raw)
        first = index_of(allowed[index], allowed)
        return allowed[index] if first == index else nth(allowed[index], index)

    def initial(self) -> Any:
        """As every component; chosen values are no copies, but the choices themselves."""
        found = self.value if self._initial is UNSET else self._initial
        return list(cast("list[Any]", found)) if isinstance(found, list) else found

    def event_data(self, data: dict[str, Any] | None) -> dict[str, Any] | None:
        """The data of an event, with the value itself for what the page has for it."""
        given = data or {}
        value = given.get("value")
        if not isinstance(value, str) or not value.startswith(BY_INDEX):
            return data
        chosen = self._at(value)
        return {**given, "value": chosen.plain if isinstance(chosen, Nth) else chosen}


# -- values that equal another choice's


class Nth:
    """A value that stands among the choices before: ``place`` is the index that was chosen."""

    place: int
    plain: Any


class _NthText(str, Nth): ...


class _NthInt(int, Nth): ...


class _NthFloat(float, Nth): ...


def nth(value: Any, index: int) -> Any:
    """``value`` with the index that it was chosen by, where its type allows for that."""
    for kind, marked in ((str, _NthText), (int, _NthInt), (float, _NthFloat)):
        if type(value) is kind:
            found = marked(value)
            found.place, found.plain = index, value
            return found
    return value


def index_of(value: Any, allowed: Sequence[Any]) -> int | None:
    """Where ``value`` is among the choices: itself, else what is equal, of its type if there is such."""
    if isinstance(value, Nth) and value.place < len(allowed) and _equal(allowed[value.place], value):
        return value.place
    if type(value) in (str, int, float):
        try:
            first = allowed.index(value)
        except Exception:  # noqa: BLE001 - it is not there, or a user's __eq__ has raised
            first = None
        if first is not None and type(allowed[first]) is type(value):
            return first
    for index, one in enumerate(allowed):
        if one is value and type(value) not in (str, int, float, bool):
            return index
    equal = [index for index, one in enumerate(allowed) if _equal(one, value)]
    alike = [index for index in equal if type(allowed[index]) is type(value)]
    return (alike or equal or [None])[0]


def _equal(a: Any, b: Any) -> bool:
    if a is b or (isinstance(a, float) and isinstance(b, float) and a != a and b != b):
        return True
    try:
        return bool(a == b)
    except Exception:  # noqa: BLE001 - an array has no say, and a user's __eq__ may raise anything
        return False


# -- what pages have for values


def page_values(allowed: Sequence[Any]) -> list[Any]:
    """What a page has for each value: the value if it can hold it and tell it from the others."""
    repeated = _repeated(allowed)
    if not repeated and all(map(_is_plain, allowed)):
        return list(allowed)
    digest = zlib.crc32(repr([(type(one).__name__, _name_of(one)) for one in allowed]).encode())
    return [
        one if _is_plain(one) and _hash_of(one) not in repeated else f"{BY_INDEX}{digest:x}:{index}"
        for index, one in enumerate(allowed)
    ]


def _name_of(value: Any) -> str:
    """What tells a value from the one that stood in its place: its text, or which object it is."""
    return repr(value) if isinstance(value, (str, int, float)) else str(id(value))


def _repeated(allowed: Sequence[Any]) -> set[Any]:
    counts = Counter(map(_hash_of, allowed))
    return {one for one, count in counts.items() if count > 1} if len(counts) < len(allowed) else set()


def _hash_of(value: Any) -> Hashable:
    """The value, if a page could take it for another: numbers equal bools, and 1 equals 1.0."""
    return value if isinstance(value, (str, int, float)) else ("object", id(value))


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return not value.startswith(BY_INDEX) and LONE.search(value) is None
    return isinstance(value, int) or (isinstance(value, float) and value - value == 0)


def _is_sent_as_is(wire: Any) -> bool:
    return all(map(_is_plain, cast("list[Any]", wire))) if isinstance(wire, list) else _is_plain(wire)


def _page_value(value: Any, allowed: Sequence[Any], shown: Sequence[Any]) -> Any:
    index = index_of(value, allowed)
    return _shown(value) if index is None else shown[index]


def _shown(value: Any) -> Any:
    """What a page gets of a value that is no choice."""
    return value if value is None or isinstance(value, (bool, int, float)) else _text(str(value))


def _text(text: str) -> str:
    """``text`` as it can be sent: bytes of a file's name that are no text become U+FFFD."""
    return LONE.sub("\ufffd", text)


# -- what users give


def pairs(choices: Iterable[Choice] | None) -> list[tuple[str, Any]]:
    """``choices`` as a list of pairs of label and value.

    They may be any iterable: an array, a Series or Index, a view of a dict, a generator, a class of enums.
    A dict gives its keys, as in Gradio.

    :raises TypeError: if it is none
    """
    if choices is None:
        return []
    given: Any = choices
    if hasattr(given, "dtype"):
        given = given.tolist() if hasattr(given, "tolist") else given.to_list()
    try:
        found = list(given)
    except TypeError:
        raise TypeError(
            f"choices must be values, or pairs of name and value, in any sequence, got {named(choices)}"
        ) from None
    if isinstance(choices, (set, frozenset)):  # which has no order that lasts
        found.sort(key=str)
    return [_pair(plain(choice)) for choice in found]


def _pair(choice: Any) -> tuple[str, Any]:
    if isinstance(choice, (list, tuple)) or (getattr(choice, "ndim", 0) == 1 and hasattr(choice, "tolist")):
        entry: list[Any] = list(cast("Iterable[Any]", choice))
        if len(entry) != 2:
            raise ValueError(f"a choice is a value or a pair (name, value), got {choice!r}")
        return _label(plain(entry[0])), plain(entry[1])
    return _label(choice), choice


def _label(value: Any) -> str:
    """What is shown for a value: its text; of enums that are no texts their name."""
    return value.name if isinstance(value, enum.Enum) and not isinstance(value, str) else str(value)


def listed(value: Any) -> list[Any]:
    """One value or several, as a list of plain values."""
    if is_missing(value):
        return []
    if isinstance(value, (str, int, float, enum.Enum)):
        return [value]
    if hasattr(value, "tolist") or hasattr(value, "to_list"):
        value = value.tolist() if hasattr(value, "tolist") else value.to_list()
    return [plain(one) for one in value] if isinstance(value, Iterable) else [value]  # pyright: ignore[reportUnknownVariableType]


def is_in(value: Any, chosen: Sequence[Any]) -> bool:
    """Whether a choice is chosen, asked of nothing that could run code of a user's class."""
    return any(one is value or (type(one) is type(value) is str and one == value) for one in chosen) or (
        type(value) in (int, float, bool) and any(type(one) is type(value) and one == value for one in chosen)
    )


def listed_of(value: Any) -> list[Any]:
    """What is chosen, of one or of several."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]
