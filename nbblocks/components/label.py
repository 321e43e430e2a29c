"""Label: a class, or several with how sure one is of each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.files import shortened
from nbblocks.bridge.schemas import TEXT_OR_NUMBER, list_of, object_of
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.records import Record

from .checks import is_missing, named, number_of, plain
from .json import jsonable_scalar
from .number import sent_number
from .tools import ToolField, ToolProps


class LabelConfidence(Record):
    """One class, a text or a number, and how sure one is of it, from 0 to 1."""

    label: str | float
    confidence: float | None = None


class LabelData(Record):
    """The best class, and all that are shown."""

    label: str | float
    confidences: list[LabelConfidence] | None = None


TS_LABEL = (
    "{ label: string | number;"
    " confidences: { label: string | number; confidence: number | null }[] | null } | null"
)


class Label(ToolField[LabelData, Any]):
    """The result of a classification.

    A confidence is any number, or None where there is none: those, and NaN, stand last. A handler gets the
    classes that are shown, best first.
    """

    api_schema = object_of(
        label=TEXT_OR_NUMBER,
        confidences=list_of(object_of(label=TEXT_OR_NUMBER, confidence={"type": "number"})),
    )
    api_example = {"label": "Cat", "confidences": [{"label": "cat", "confidence": 0.9}]}
    api_example_value = {"cat": 0.9, "dog": 0.1}

    framed = False
    usual = ()

    value = t.Any(None, allow_none=True).tag(sync=True, ts=TS_LABEL)
    num_top_classes = t.Int(None, allow_none=True).tag(sync=True)
    color = t.Unicode(None, allow_none=True).tag(sync=True)
    show_heading = t.Bool(True).tag(sync=True)

    select = Event("the user clicked on a class; the data say which")

    def __init__(
        self,
        value: Mapping[str, float] | str | float | Callable[..., Any] | None = None,
        *,
        num_top_classes: int | None = None,
        color: str | None = None,
        show_heading: bool = True,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create it with ``value``: one class, confidences from 0 to 1 by class, or the path of a json file.

        :param num_top_classes: most classes to show
        :param color: CSS colour behind the best class
        :param show_heading: show the best class above the others
        """
        props = {
            "value": value,
            "num_top_classes": num_top_classes,
            "color": color,
            "show_heading": show_heading,
        }
        super().__init__(props, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: the label, and how sure one is."""
        value: Any = self.value or {}
        sure: list[Any] = value.get("confidences") or []
        rows = [[one["label"], f"{float(one['confidence'] or 0):.0%}"] for one in sure]
        name = f"<b>{sketch.text(value.get('label'))}</b>"
        return self.captioned(name + (sketch.table([], rows) if rows else ""))

    def preprocess(self, payload: LabelData | None) -> str | float | dict[Any, float] | None:
        """The class, or a dict from class to confidence."""
        if payload is None or payload["confidences"] is None:
            return None if payload is None else payload["label"]
        return {one["label"]: one["confidence"] for one in payload["confidences"]}

    def postprocess(self, value: Any) -> LabelData | None:
        """The classes, best first.

        :raises ValueError: if it is neither a class nor a dict
        """
        value = plain(value)
        if isinstance(value, str) and value.endswith(".json") and os.path.isfile(value):
            with open(value, encoding="utf-8") as file:
                value = json.load(file)
            if isinstance(value, dict) and "confidences" in value:
                confidences = cast("list[LabelConfidence]", value["confidences"] or [])
                value = {one["label"]: one["confidence"] for one in confidences} or value.get("label")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        value = jsonable_scalar(value)
        if is_missing(value) or (isinstance(value, Mapping) and not value):
            return None
        if isinstance(value, (str, int, float)):
            return LabelData(label=str(value))
        if not isinstance(value, Mapping):
            raise ValueError(
                f"Label expects a str, a number or a dict of confidences, got {named(cast('object', value))}"
            )
        scores = {
            _class(name): number_of("Label", score)
            for name, score in cast("Mapping[Any, Any]", value).items()
        }
        ranked = sorted(scores.items(), key=_rank)[: self.num_top_classes]
        return LabelData(
            label=ranked[0][0] if ranked else "",
            confidences=[LabelConfidence(label=name, confidence=score) for name, score in ranked],
        )

    def from_page(self, raw: Any) -> LabelData | None:
        """What a Client has sent, in the form that the page holds; the user of a page does not edit it."""
        if raw is None:
            return None
        fields = _fields(raw)
        confidences = cast("list[Any] | None", fields.get("confidences"))
        if not _is_class(fields.get("label")) or not isinstance(fields.get("confidences"), list | None):
            raise MessageError(f"value of label: expected label and confidences, got {shortened(raw)}")
        return LabelData(
            label=fields["label"],
            confidences=None if confidences is None else [_confidence(one) for one in confidences],
        )


def _confidence(raw: Any) -> LabelConfidence:
    fields = _fields(raw)
    score = sent_number("label", fields.get("confidence"))
    if not _is_class(fields.get("label")) or "confidence" not in fields:
        raise MessageError(f"value of label: expected a label with a confidence, got {shortened(raw)}")
    return LabelConfidence(label=fields["label"], confidence=score)


def _class(name: Any) -> str | float:
    """A class as the page holds it: a number stays one."""
    name = jsonable_scalar(plain(name))
    return name if _is_class(name) else str(name)


def _rank(pair: tuple[Any, float | None]) -> tuple[bool, float]:
    score = pair[1]
    unknown = score is None or score != score
    return unknown, 0 if score is None or unknown else -score


def _is_class(name: object) -> bool:
    return isinstance(name, str) or (isinstance(name, (int, float)) and not isinstance(name, bool))


def _fields(raw: object) -> dict[str, Any]:
    return cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
