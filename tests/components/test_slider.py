from typing import Any

import pytest

from nbblocks.components import Slider
from nbblocks.core.errors import Error, MessageError


def test_bounds_must_be_ordered() -> None:
    with pytest.raises(ValueError, match="minimum < maximum, got 3 and 1"):
        Slider(3, 1)


@pytest.mark.parametrize(
    ("minimum", "maximum", "step"),
    [(0, 100, 1), (0, 1, 0.01), (0, 10, 0.1), (-50, 50, 1), (0, 999, 1), (0, 5000, 10)],
)
def test_the_usual_step_is_a_power_of_ten(minimum: float, maximum: float, step: float) -> None:
    assert Slider(minimum, maximum).step == step  # CP-92


def test_it_starts_at_the_minimum() -> None:
    assert Slider(5, 10).value == 5  # CP-92
    assert Slider(5, 10).postprocess(None) == 5


def test_the_user_cannot_leave_the_scale_but_a_handler_can() -> None:
    with pytest.raises(Error, match="11 is not between 0 and 10"):  # CP-92
        Slider(0, 10).preprocess(11)
    assert Slider(0, 10).postprocess(11) == 11


def test_randomize_starts_on_a_step_of_the_scale() -> None:
    values = {Slider(10, 20, step=5, randomize=True).value for _ in range(100)}
    assert values == {10, 15, 20}  # CP-92


def test_a_new_maximum_brings_its_step() -> None:
    changes = {"maximum": 1}
    assert Slider().reconfigured(changes).props_changed_by(changes) == {"maximum": 1, "step": 0.01}


def test_precision_rounds() -> None:
    assert Slider(0, 10, precision=0).preprocess(2.4) == 2
    assert Slider(0, 10, precision=1).postprocess(2.44) == 2.4


@pytest.mark.parametrize("raw", [None, "3", True])
def test_a_page_may_send_numbers_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="value of slider: expected a"):
        Slider().from_page(raw)


def test_its_events() -> None:
    assert set(Slider.events) == {"change", "input", "release"}  # CP-92


def test_a_random_value_lies_on_the_scale(monkeypatch: pytest.MonkeyPatch) -> None:  # CP-92
    monkeypatch.setattr("random.randint", lambda low, high: high)
    slider = Slider(0, 1, step=0.1, randomize=True)
    assert slider.get_random_value() == slider.value == 1
    monkeypatch.setattr("random.randint", lambda low, high: 3)
    assert slider.get_random_value() == 0.3

    class Mine(Slider):
        def get_random_value(self) -> float:
            return 7

    assert Mine(randomize=True).value == 7
