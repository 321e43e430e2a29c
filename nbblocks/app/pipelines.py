"""Interfaces for pipelines of ``transformers``: what goes in and what comes out of each kind of task."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """The components around a pipeline, and how its result becomes their values."""

    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    result: Callable[[Any], Any]
    arguments: Callable[..., tuple[tuple[Any, ...], dict[str, Any]]] = lambda *given: (given, {})
    """Positional and keyword arguments of the pipeline, made of the inputs' values."""


def text(label: str = "Input", **options: Any) -> dict[str, Any]:
    """A box of text."""
    return {"name": "textbox", "label": label, **options}


def file(kind: str) -> dict[str, Any]:
    """An image or a recording, handed over as the path of its file."""
    return {"name": kind, "type": "filepath", "label": f"Input {kind.capitalize()}"}


def one(result: Any) -> Any:
    """The result itself, or the first of a list of one."""
    return result[0] if isinstance(result, list) and result else result  # pyright: ignore[reportUnknownVariableType]


def scores(result: Any, name: str = "label") -> dict[str, float]:
    """Confidences by class, for a Label."""
    found = result[0] if result and isinstance(result[0], list) else result
    return {str(entry[name]): float(entry["score"]) for entry in found}


def field(name: str) -> Callable[[Any], Any]:
    """Reads one field of the first result."""
    return lambda result: one(result)[name]


def by_name(*names: str) -> Callable[..., tuple[tuple[Any, ...], dict[str, Any]]]:
    """Hands the inputs over as keyword arguments."""
    return lambda *given: ((), dict(zip(names, given, strict=True)))


def _zero_shot(sequence: str, labels: str, multiple: bool) -> tuple[tuple[Any, ...], dict[str, Any]]:
    classes = [label.strip() for label in labels.split(",") if label.strip()]
    return (sequence, classes), {"multi_label": multiple}


CLASSES = ({"name": "label", "label": "Classification"},)
WRITTEN = (text("Output"),)

TASKS: dict[str, Task] = {
    "audio-classification": Task((file("audio"),), CLASSES, scores),
    "automatic-speech-recognition": Task((file("audio"),), WRITTEN, field("text")),
    "document-question-answering": Task(
        (file("image"), text("Question")), WRITTEN, field("answer"),
        by_name("image", "question"),
    ),
    "feature-extraction": Task((text(),), ({"name": "dataframe", "label": "Output"},), one),
    "fill-mask": Task((text(),), CLASSES, lambda result: scores(result, "token_str")),
    "image-classification": Task((file("image"),), CLASSES, scores),
    "image-to-text": Task((file("image"),), WRITTEN, field("generated_text")),
    "question-answering": Task(
        (text("Context", lines=7), text("Question")),
        (text("Answer"), {"name": "number", "label": "Score"}),
        lambda result: (one(result)["answer"], float(one(result)["score"])),
        by_name("context", "question"),
    ),
    "summarization": Task((text(lines=7),), (text("Summary"),), field("summary_text")),
    "text-classification": Task((text(),), CLASSES, scores),
    "text-generation": Task((text(),), WRITTEN, field("generated_text")),
    "text2text-generation": Task((text(),), WRITTEN, field("generated_text")),
    "translation": Task((text(),), (text("Translation"),), field("translation_text")),
    "visual-question-answering": Task(
        (file("image"), text("Question")), CLASSES, lambda result: scores(result, "answer"),
        by_name("image", "question"),
    ),
    "zero-shot-classification": Task(
        (
            text(),
            text("Possible class names (comma-separated)"),
            {"name": "checkbox", "label": "Allow multiple true classes"},
        ),
        CLASSES,
        lambda result: dict(zip(result["labels"], map(float, result["scores"]), strict=True)),
        _zero_shot,
    ),
}  # fmt: skip
ALIASES = {"sentiment-analysis": "text-classification", "vqa": "visual-question-answering"}


def interface_of(pipeline: Any) -> dict[str, Any]:
    """Parameters of an `Interface` around ``pipeline``.

    :raises NotImplementedError: if ``transformers`` is not installed, or for a task that is not known
    """
    if importlib.util.find_spec("transformers") is None:
        raise NotImplementedError("Interface.from_pipeline needs the package transformers, which is missing")
    named = str(getattr(pipeline, "task", None) or type(pipeline).__name__)
    kind = "translation" if named.startswith("translation") else ALIASES.get(named, named)
    task = TASKS.get(kind)
    if task is None or not callable(pipeline):
        known = ", ".join(sorted(TASKS))
        raise NotImplementedError(
            f"Interface.from_pipeline does not know the task {named!r} of a {type(pipeline).__name__}; "
            f"it knows {known}. Give a function of yours to Interface instead"
        )

    def run(*values: Any) -> Any:
        args, keywords = task.arguments(*values)
        return task.result(pipeline(*args, **keywords))

    model = getattr(getattr(pipeline, "model", None), "name_or_path", None)
    run.__name__ = kind.replace("-", "_")
    return {"fn": run, "inputs": list(task.inputs), "outputs": list(task.outputs), "title": model or named}
