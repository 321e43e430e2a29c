"""Label: a class, or several with how sure one is of each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, cast

import traitlets as t
from typing_extensions import TypedDict, Unpack

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event

from .checks import kind_of, number_of, plain
from .number import finite
from .tools import ToolField, ToolProps


class Confidence(TypedDict):
    """One class and how sure one is of it, from 0 to 1."""

    label: str
    confidence: float


class LabelData(TypedDict):
    """The best class, and all that are shown."""

    label: str
    confidences: list[Confidence] | None


TS_LABEL = "{ label: string; confidences: { label: string; confidence: number }[] | null } | null"


class Label(ToolField[LabelData, Any]):
    """The result of a classification."""

    framed = False

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

    def preprocess(self, payload: LabelData | None) -> str | dict[str, float] | None:
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
                confidences = cast("list[Confidence]", value["confidences"] or [])
                value = {one["label"]: one["confidence"] for one in confidences} or value.get("label")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if value is None or value == {}:
            return None
        if isinstance(value, (str, int, float)):
            return {"label": str(value), "confidences": None}
        if not isinstance(value, Mapping):
            found = kind_of(cast("object", value))
            raise ValueError(f"Label expects a str, a number or a dict of confidences, got {found}")
        scores = {
            str(name): number_of("Label", score) or 0
            for name, score in cast("Mapping[Any, Any]", value).items()
        }
        ranked = sorted(scores.items(), key=lambda pair: pair[1], reverse=True)[: self.num_top_classes]
        return {
            "label": ranked[0][0] if ranked else "",
            "confidences": [{"label": name, "confidence": score} for name, score in ranked],
        }

    def from_page(self, raw: Any) -> LabelData | None:
        """What a Client has sent, in the form that the page holds; the user of a page does not edit it."""
        if raw is None:
            return None
        fields = _fields(raw)
        confidences = cast("list[Any] | None", fields.get("confidences"))
        if not isinstance(fields.get("label"), str) or not isinstance(fields.get("confidences"), list | None):
            raise MessageError(f"value of label: expected label and confidences, got {shortened(raw)}")
        return {
            "label": fields["label"],
            "confidences": None if confidences is None else [_confidence(one) for one in confidences],
        }


def _confidence(raw: Any) -> Confidence:
    fields = _fields(raw)
    score = finite("label", fields.get("confidence"))
    if not isinstance(fields.get("label"), str) or score is None:
        raise MessageError(f"value of label: expected a label with a confidence, got {shortened(raw)}")
    return {"label": fields["label"], "confidence": score}


def _fields(raw: object) -> dict[str, Any]:
    return cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
