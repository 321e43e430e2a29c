"""HighlightedText: text with some of its parts marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.files import shortened
from nbblocks.bridge.schemas import TEXT_OR_NUMBER, list_of, object_of
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.records import Record, Records

from .checks import is_zero_d, named, number_of, plain
from .tools import ToolField, ToolProps


class HighlightedToken(Record):
    """A part of the text: ``class_or_confidence`` is its class, its score from -1 to 1, or None."""

    token: str
    class_or_confidence: str | int | float | None = None


class HighlightedTextData(Records):
    """The parts of the text, each a `HighlightedToken`."""


Part = tuple[str, str | int | float | None]
TS_TOKENS = "{ token: string; class_or_confidence: string | number | null }[] | null"


class HighlightedText(ToolField[HighlightedTextData, Any]):
    """Text with some parts marked by class or score. If it is interactive, the user marks them, too."""

    api_schema = list_of(object_of(token={"type": "string"}, class_or_confidence=TEXT_OR_NUMBER))
    api_example = [
        {"token": "The", "class_or_confidence": None},
        {"token": "quick", "class_or_confidence": "adj"},
    ]
    api_example_value = [("The", None), ("quick", "adj")]

    framed = False
    usual = ()

    value = t.Any(None, allow_none=True).tag(sync=True, ts=TS_TOKENS)
    color_map = t.Dict(t.Unicode()).tag(sync=True, ts="Record<string, string>")
    show_legend = t.Bool(False).tag(sync=True)
    show_inline_category = t.Bool(True).tag(sync=True)
    combine_adjacent = t.Bool(False).tag(sync=True)
    adjacent_separator = t.Unicode("").tag(sync=True)
    show_whitespaces = t.Bool(True).tag(sync=True)
    rtl = t.Bool(False).tag(sync=True)

    select = Event("the user clicked on a marked part; the data say which")
    input = Event("the user marked a part, or took a mark away")

    def __init__(
        self,
        value: Sequence[Part] | dict[str, Any] | Callable[..., Any] | None = None,
        *,
        color_map: Mapping[str, str] | None = None,
        show_legend: bool = False,
        show_inline_category: bool = True,
        combine_adjacent: bool = False,
        adjacent_separator: str = "",
        show_whitespaces: bool = True,
        rtl: bool = False,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create it with ``value``: pairs of text and class, score or None; or ``{"text", "entities"}``.

        :param color_map: CSS colour by class; classes without one get theirs in turn
        :param show_legend: show the classes above the text instead of beside each part
        :param show_inline_category: show the class beside each part, if there is no legend
        :param combine_adjacent: make one part of neighbours of the same class
        :param adjacent_separator: put between the texts of such parts
        :param show_whitespaces: False strips the text of each part
        :param rtl: write from right to left
        """
        # The value is made with these, which therefore come first.
        self._combine, self._separator, self._strip = (
            combine_adjacent,
            adjacent_separator,
            not show_whitespaces,
        )
        props = {
            "value": value,
            "color_map": dict(color_map or {}),
            "show_legend": show_legend,
            "show_inline_category": show_inline_category,
            "combine_adjacent": combine_adjacent,
            "adjacent_separator": adjacent_separator,
            "show_whitespaces": show_whitespaces,
            "rtl": rtl,
        }
        super().__init__(props, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: the text, with what is said of its parts."""
        parts = [(one["token"], one["class_or_confidence"]) for one in list(self.value or [])]
        marked = [f"{token} [{said}]" if said is not None else str(token) for token, said in parts]
        return self.captioned(sketch.prose("".join(marked)))

    def preprocess(self, payload: HighlightedTextData | None) -> list[Part] | None:
        """The whole text as pairs of a part and its class, score or None."""
        return None if payload is None else [(one["token"], one["class_or_confidence"]) for one in payload]

    def postprocess(self, value: Any) -> HighlightedTextData | None:
        """The parts; None shows nothing.

        :raises ValueError: for a dict without ``text`` and ``entities``, and for what is no pair
        """
        if value is None:
            return None
        parts = _of_entities(cast("Any", value)) if isinstance(value, Mapping) else _of_pairs(value)
        if self._combine:
            parts = _combined(parts, self._separator)
        return HighlightedTextData(
            HighlightedToken(token=text.strip() if self._strip else text, class_or_confidence=kind)
            for text, kind in parts
        )

    def from_page(self, raw: Any) -> HighlightedTextData | None:
        """The parts, each with a text and a class or score."""
        if raw is None:
            return None
        if not isinstance(raw, list):
            raise MessageError(
                f"value of {self.type_name}: expected a list of its parts, got {shortened(raw)}"
            )
        return HighlightedTextData(self._token(one) for one in cast("list[Any]", raw))

    def _token(self, raw: Any) -> HighlightedToken:
        given: dict[str, Any] = cast("Any", raw) if isinstance(raw, dict) else {}
        text, kind = given.get("token"), given.get("class_or_confidence")
        known = kind is None or (isinstance(kind, (str, int, float)) and not isinstance(kind, bool))
        if not isinstance(text, str) or not known:
            found = shortened(cast("object", raw))
            raise MessageError(
                f"a part of {self.type_name}: expected token and class_or_confidence, got {found}"
            )
        return HighlightedToken(token=text, class_or_confidence=kind)


def _of_pairs(value: Any) -> list[Part]:
    if isinstance(value, str) or not isinstance(value, Iterable) or is_zero_d(cast("object", value)):
        raise ValueError(
            f"HighlightedText expects pairs of text and class, or a dict, got {named(cast('object', value))}"
        )
    return [_pair(one) for one in cast("Iterable[Any]", value)]


def _pair(one: Any) -> Part:
    if isinstance(one, str) or not isinstance(one, Sequence) or len(cast("Sequence[Any]", one)) != 2:
        raise ValueError(f"a part of HighlightedText is a pair of text and class, got {one!r}")
    text, kind = cast("Sequence[Any]", one)
    kind = plain(kind)
    if isinstance(kind, bool) or not isinstance(kind, (str, int, float, type(None))):
        kind = str(kind)
    return str(text), number_of("HighlightedText", kind) if isinstance(kind, (int, float)) else kind


def _of_entities(value: Mapping[str, Any]) -> list[Part]:
    if "text" not in value or "entities" not in value:
        raise ValueError(
            "a dict for HighlightedText needs the keys 'text' and 'entities', "
            f"got {', '.join(map(repr, value)) or 'none'}"
        )
    text: str = str(value["text"])
    parts: list[Part] = []
    end = 0
    for entity in sorted(value["entities"], key=_start):
        name = entity.get("entity") or entity.get("entity_group")
        start, stop = entity["start"], entity["end"]
        parts += [(text[end:start], None), (text[max(start, end) : stop], name)]
        end = max(end, stop)
    return [*parts, (text[end:], None)] if parts else [(text, None)]


def _start(entity: Any) -> int:
    """Where an entity begins.

    :raises ValueError: if it lacks a key
    """
    given = cast("Mapping[str, Any]", entity if isinstance(entity, Mapping) else {})
    if not {"start", "end"} <= given.keys() or not {"entity", "entity_group"} & given.keys():
        raise ValueError(f"an entity needs 'start', 'end', and 'entity' or 'entity_group', got {entity!r}")
    return given["start"]


def _combined(parts: Iterable[Part], separator: str) -> list[Part]:
    found: list[Part] = []
    for text, kind in parts:
        if not text:
            continue
        if found and found[-1][1] == kind:
            found[-1] = (found[-1][0] + separator + text, kind)
        else:
            found.append((text, kind))
    return found
