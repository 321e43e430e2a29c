"""Interfaces around pipelines of transformers."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

import nbblocks as gr


class Pipeline:
    """As far as an Interface looks at one: its task, its model's name, a call that notes its arguments."""

    def __init__(self, task: str, result: Any) -> None:
        self.task, self.result = task, result
        self.model = type("Model", (), {"name_or_path": "some/model"})
        self.called: Any = None

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        self.called = (args, keywords)
        return self.result


@pytest.fixture
def transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package seems to be installed."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: object() if name == "transformers" else find(name)
    )


CAT = [{"label": "cat", "score": 0.75}, {"label": "dog", "score": 0.25}]
CAT_LABEL = {
    "label": "cat",
    "confidences": [{"label": "cat", "confidence": 0.75}, {"label": "dog", "confidence": 0.25}],
}


@pytest.mark.parametrize(
    ("task", "result", "given", "called", "shown"),
    [
        ("text-classification", [CAT], ["a"], (("a",), {}), CAT_LABEL),
        ("sentiment-analysis", CAT, ["a"], (("a",), {}), CAT_LABEL),
        (
            "fill-mask",
            [{"token_str": "cat", "score": 1}],
            ["a"],
            (("a",), {}),
            {"label": "cat", "confidences": [{"label": "cat", "confidence": 1}]},
        ),
        ("summarization", [{"summary_text": "short"}], ["a"], (("a",), {}), "short"),
        ("translation_en_to_de", [{"translation_text": "ja"}], ["yes"], (("yes",), {}), "ja"),
        ("text-generation", [{"generated_text": "more"}], ["a"], (("a",), {}), "more"),
        (
            "question-answering",
            {"answer": "42", "score": 0.5},
            ["all", "what?"],
            ((), {"context": "all", "question": "what?"}),
            ["42", 0.5],
        ),
        (
            "zero-shot-classification",
            {"labels": ["cat", "dog"], "scores": [0.75, 0.25]},
            ["a", "cat, dog,", True],
            (("a", ["cat", "dog"]), {"multi_label": True}),
            CAT_LABEL,
        ),
    ],
)
def test_a_task_has_its_inputs_and_outputs(
    transformers: None, task: str, result: Any, given: list[Any], called: Any, shown: Any
) -> None:
    pipeline = Pipeline(task, result)
    io = gr.Interface.from_pipeline(pipeline)
    assert io(*given) == shown
    assert pipeline.called == called and io.title == "some/model"


def test_pictures_go_by_path(transformers: None, tmp_path: Any) -> None:
    from PIL import Image

    Image.new("RGB", (2, 2)).save(tmp_path / "a.png")
    pipeline = Pipeline("image-classification", CAT)
    io = gr.Interface.from_pipeline(pipeline, title="Mine", flagging_mode="never")
    assert io(str(tmp_path / "a.png")) == CAT_LABEL
    assert pipeline.called[0][0].endswith("a.png")
    assert (io.title, io.flagging_mode) == ("Mine", "never")


def test_an_unknown_task_is_refused(transformers: None) -> None:
    with pytest.raises(NotImplementedError, match="does not know the task 'mind-reading' of a Pipeline"):
        gr.Interface.from_pipeline(Pipeline("mind-reading", None))


def test_without_transformers_there_are_no_pipelines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None)
    with pytest.raises(NotImplementedError, match="needs the package transformers"):
        gr.Interface.from_pipeline(Pipeline("summarization", None))
