"""When the object of a State counts as changed."""

from __future__ import annotations

import array
import collections
import copy
import dataclasses
import enum
import fractions
import random
import string
import types
from collections.abc import Callable
from typing import Any, ClassVar

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblocks.core.fingerprints import fingerprint


class Unhashable:
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any = None) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unhashable) and self.value == other.value


class ByContent:
    """A class of the user's with a sensible hash."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByContent) and self.value == other.value


class Raising:
    """A class of the user's that cannot be asked."""

    def __init__(self, error: type[Exception] = RuntimeError) -> None:
        self.error = error

    def __hash__(self) -> int:
        raise self.error("no hash")


class BadText(str):
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is: what is to be compared here is small."""
    monkeypatch.setattr("nbblocks.core.fingerprints.PATIENCE", 60)


def alike(a: Any, b: Any) -> bool:
    one, other = fingerprint(a), fingerprint(b)
    assert (one == other) is (not one != other)
    return one == other


SAME = [
    (1, 1),
    (1.5, 1.5),
    (float("nan"), float("nan")),
    ("ä\ud800", "ä\ud800"),
    (b"x", b"x"),
    (None, None),
    ([1, "a", [None]], [1, "a", [None]]),
    ([1, [2, (3,)]], (1, (2, [3]))),
    ({"a": 1, "b": [2]}, {"b": [2], "a": 1}),
    ({3, 1, 2}, {2, 3, 1}),
    ({("a", 1), "b"}, {"b", ("a", 1)}),
    ([{1: {2}}], ({1: {2}},)),
    (ByContent(1), ByContent(1)),
    ({"a": ByContent("x")}, {"a": ByContent("x")}),
    (collections.OrderedDict(a=1, b=2), {"b": 2, "a": 1}),
    (range(3), range(3)),
    (2**2000, 2**2000),
    (len, len),
]
DIFFERENT = [
    (1, 1.0),
    (1, True),
    (0, False),
    (1.0, True),
    (1, "1"),
    ("a", b"a"),
    (0.0, -0.0),
    ("", None),
    ([], None),
    ([], {}),
    ({}, set()),
    ([1, 2], [2, 1]),
    ([1], [1, 1]),
    ([1], [1.0]),
    ([[], []], [[[]]]),
    ([[1], 2], [[1, 2]]),
    (["ab"], ["a", "b"]),
    ({"a": 1}, {"a": 2}),
    ({"a": 1}, {"b": 1}),
    ({"a": 1}, {"a": 1.0}),
    ({1: "a"}, {True: "a"}),
    ({"a": "b"}, {"b": "a"}),
    ({1: 2, 3: 4}, {1: 4, 3: 2}),
    ({1, 2}, {1}),
    ({1}, {1.0}),
    ({"a": {"b": [1]}}, {"a": {"b": [2]}}),
    (ByContent(1), ByContent(2)),
    (Unhashable(1), Unhashable(1)),
    ([Unhashable()], [Unhashable()]),
    (np.float64(1), 1.0),
    (object(), object()),
    (fractions.Fraction(1, 3), fractions.Fraction(1, 4)),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_what_is_the_same(a: Any, b: Any) -> None:  # ST-63
    assert alike(a, a) and alike(b, b) and alike(a, b)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_what_is_different(a: Any, b: Any) -> None:  # ST-63
    assert alike(a, a) and alike(b, b) and not alike(a, b)


def changed_by(value: Any, change: Any) -> bool:
    before = fingerprint(value)
    change(value)
    return before != fingerprint(value)


def test_what_a_change_in_place_is() -> None:  # ST-63 ST-64
    assert changed_by([1], lambda v: v.append(2))
    assert changed_by({"a": [1]}, lambda v: v["a"].append(2))
    assert changed_by({1}, lambda v: v.add(2))
    assert changed_by([ByContent(1)], lambda v: setattr(v[0], "value", 2))
    assert not changed_by([ByContent(1)], lambda v: setattr(v[0], "more", 2))
    assert not changed_by([Unhashable()], lambda v: setattr(v[0], "value", 2))
    assert not changed_by({"a": np.arange(3)}, lambda v: v.update(a=np.arange(3)))


@pytest.mark.parametrize("make", [Unhashable, object])
def test_a_new_object_at_the_place_of_the_old_one_is_new(make: Any) -> None:  # ST-64 ST-63
    def anew(value: list[Any]) -> None:
        value.clear()
        value.append(make())

    value = [make()]
    assert all(changed_by(value, anew) for _ in range(300))


# -- what other libraries make (TR-48)


@dataclasses.dataclass
class Point:
    x: Any
    lock: Any = dataclasses.field(default_factory=object, compare=False)


@attrs.define
class Pair:
    a: Any


class Model:
    """As pydantic's."""

    model_fields: ClassVar[dict[str, Any]] = {"a": None}
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, a: Any) -> None:
        self.a = a


FRAME = {
    "n": [1, 2],
    "f": [0.5, None],
    "s": ["a", "b"],
    "o": [{1}, [2]],
    "t": pd.to_datetime(["2020", "2021"]),
}


def frame(**more: Any) -> pd.DataFrame:
    return pd.DataFrame({**FRAME, "c": pd.Categorical(["x", "y"]), "i": pd.array([1, None], "Int64"), **more})


MADE: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
    (lambda: np.arange(3), lambda v: v.fill(7)),
    (lambda: np.arange(6).reshape(2, 3).T, lambda v: v.fill(7)),
    (lambda: np.array([[1], {2}], object), lambda v: v[1].add(3)),
    (lambda: np.array(["a", "b"]), lambda v: v.__setitem__(0, "c")),
    (lambda: np.array(["2020"], "M8[D]"), lambda v: v.__setitem__(0, "NaT")),
    (lambda: np.ma.MaskedArray([1, 2], [0, 1]), lambda v: v.mask.__setitem__(0, True)),
    (lambda: np.zeros(2, [("a", int)]), lambda v: v["a"].fill(1)),
    (lambda: np.array(0.0), lambda v: v.fill(-0.0)),
    (frame, lambda v: v.insert(0, "b", 2)),
    (frame, lambda v: v.__setitem__("n", [1, 3])),
    (frame, lambda v: v.__setitem__("s", ["a", "c"])),
    (frame, lambda v: v["o"].iloc[1].append(3)),
    (frame, lambda v: v.__setitem__("f", [0.5, 0.0])),
    (frame, lambda v: setattr(v, "columns", list("abcdefg"))),
    (frame, lambda v: setattr(v, "index", [1, 2])),
    (frame, lambda v: v.attrs.update(a=1)),
    (frame, lambda v: v.__setitem__("c", pd.Categorical(["x", "x"], ["x", "y"]))),
    (frame, lambda v: v.__setitem__("n", v["n"].astype("int32"))),
    (lambda: pd.Series([1, 2]), lambda v: v.__setitem__(0, 9)),
    (lambda: pd.Series([1], name="a"), lambda v: setattr(v, "name", "b")),
    (
        lambda: pl.DataFrame({"a": [1, 2], "b": ["x", None], "c": [[1], [2]]}),
        lambda v: v.insert_column(0, pl.Series("d", [1, 2])),
    ),
    (lambda: pl.Series("a", [1.5, 2]), lambda v: v.append(pl.Series([3.0]))),
    (lambda: pl.Series("a", [{"x": 1}]), lambda v: v.extend(pl.Series([{"x": 2}]))),
    (lambda: {"deep": [frame(), {"a": np.arange(2)}]}, lambda v: v["deep"][1]["a"].fill(1)),
    (lambda: Point([Point(1)]), lambda v: setattr(v.x[0], "x", 2)),
    (lambda: Pair({"a": np.arange(2)}), lambda v: v.a["a"].fill(1)),
    (lambda: Model([1]), lambda v: v.a.append(2)),
    (lambda: types.SimpleNamespace(a=[1]), lambda v: v.a.append(2)),
    (lambda: collections.deque([1, [2]]), lambda v: v[1].append(3)),
    (lambda: bytearray(b"ab"), lambda v: v.append(1)),
    (lambda: array.array("d", [1.0]), lambda v: v.append(1)),
]  # fmt: skip


@pytest.mark.parametrize(("make", "change"), MADE)
def test_an_equal_copy_is_no_change_and_one_in_place_is(make: Any, change: Any) -> None:  # TR-48
    assert alike(make(), make()) and fingerprint(make()).by_content
    value = make()
    assert alike(value, copy.deepcopy(value))
    before = fingerprint(value)
    change(value)
    assert fingerprint(value) != before


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.arange(3), np.arange(3.0)),
        (np.arange(4), np.arange(4).reshape(2, 2)),
        (np.arange(3), [0, 1, 2]),
        (np.array(["1"], object), np.array([1], object)),
        (pd.Series([1]), pl.Series([1])),
        (pd.Series(["1"], dtype=object), pd.Series([1], dtype=object)),
        (pd.DataFrame({"a": []}), pd.DataFrame({"b": []})),
        (bytearray(b"a"), b"a"),
        (Point(1), Point(True)),
    ],
)
def test_what_is_of_another_kind_is_different(a: Any, b: Any) -> None:  # TR-48
    assert not alike(a, b)


def test_objects_that_hold_themselves_end() -> None:  # TR-48
    def knot(last: Any) -> Any:
        point, items = Point(None), np.empty(2, object)
        ring: list[Any] = [point]
        ring.append(ring)
        point.x, items[0], items[1] = ring, point, last
        return {"a": items, "b": ring}

    assert alike(knot(1), knot(1)) and not alike(knot(1), knot(2))


def test_what_is_too_large_is_known_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:  # TR-48
    monkeypatch.setattr("nbblocks.core.fingerprints.PATIENCE", 0)
    for large in (np.zeros(10), list(range(10)), frame(), [[[one] for one in range(5000)]]):
        found = fingerprint(large)
        assert not found.whole and not found.by_content and found != fingerprint(large)


# -- what must not hang or break


def test_cycles_end() -> None:  # ST-63
    def cyclic(last: Any) -> list[Any]:
        value: list[Any] = [1, {"own": None}, last]
        value[1]["own"] = value
        value.append((value, [value]))
        return value

    assert alike(cyclic(2), cyclic(2)) and not alike(cyclic(2), cyclic(3))
    assert changed_by(cyclic(2), lambda value: value[1].update(more=1))


@pytest.mark.timeout(10)
def test_structures_that_refer_to_each_other_end_soon() -> None:  # ST-63
    def clique(size: int, last: Any) -> list[Any]:
        lists: list[list[Any]] = [[] for _ in range(size)]
        for one in lists:
            one.extend(lists)
        lists[-1].append(last)
        return lists[0]

    assert alike(clique(40, 1), clique(40, 1)) and not alike(clique(40, 1), clique(40, 2))

    def tree(depth: int, leaf: Any, parent: Any = None) -> dict[str, Any]:
        node: dict[str, Any] = {"parent": parent, "leaf": leaf, "children": []}
        if depth:
            node["children"] = [tree(depth - 1, leaf, node) for _ in range(2)]
            for child in node["children"]:
                child["siblings"] = node["children"]
        return node

    assert alike(tree(8, 1), tree(8, 1)) and not alike(tree(8, 1), tree(8, 2))


@pytest.mark.timeout(10)
def test_parts_that_are_shared_end_soon() -> None:  # ST-63
    def shared(leaf: Any) -> Any:
        value = [leaf]
        for _ in range(60):
            value = [value, value]
        return value

    assert alike(shared(1), shared(1)) and not alike(shared(1), shared(2))


@pytest.mark.parametrize("depth", [50, 200, 400, 500, 700, 900, 1000, 3000, 100_000])
def test_depth_breaks_nothing(depth: int) -> None:  # ST-63 ST-67
    def nested(leaf: Any) -> Any:
        value = [leaf]
        for level in range(depth):
            value = [value] if level % 2 else {"deeper": value}  # type: ignore[assignment]
        return value

    assert not alike(nested(1), nested(2))
    if depth <= 1000:  # what is deeper may count as changed
        assert alike(nested(1), nested(1))


@pytest.mark.parametrize("error", [RuntimeError, TypeError, ValueError, RecursionError, MemoryError])
def test_what_raises_counts_as_changed(error: type[Exception]) -> None:  # ST-67
    value = [Raising(error)]
    if error is not TypeError:  # that is how Python says that there is no hash
        assert not alike(value, value)
    assert not alike(value, [Raising(error)])
    assert not alike([BadText("a")], [BadText("a")])
    assert not alike([1], value) and not alike(value, [1])


def test_the_kinds_of_numbers_and_texts_count() -> None:  # ST-63
    class Colour(enum.IntEnum):
        RED = 1

    class Name(str):
        pass

    assert not alike(1, Colour.RED) and alike(Colour.RED, Colour.RED)
    assert not alike("a", Name("a")) and alike(Name("a"), Name("a"))


# -- against values that are built at random

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.binary(max_size=3)
)
keys = st.text(string.ascii_letters, max_size=2) | st.integers(0, 3) | st.tuples(st.integers(0, 1))
values = st.recursive(
    scalars | st.sets(st.integers(0, 5), max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=12,
)


def model(value: Any) -> Any:
    """What ST-63 says of plain data, put as plainly as can be."""
    if isinstance(value, (list, tuple)):
        return "sequence", [model(one) for one in value]
    if isinstance(value, dict):
        return "dict", sorted(repr((model(key), model(one))) for key, one in value.items())
    if isinstance(value, (set, frozenset)):
        return "set", sorted(repr(model(one)) for one in value)
    return type(value).__name__, repr(value)


def rebuilt(value: Any, chance: random.Random) -> Any:
    """An equal value of other objects: lists for tuples and back, dicts in another order."""
    if isinstance(value, (list, tuple)):
        return chance.choice([list, tuple])(rebuilt(one, chance) for one in value)
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: rebuilt(one, chance) for key, one in items}
    if isinstance(value, set):
        items = list(value)
        chance.shuffle(items)
        return set(items)
    return copy.copy(value)


@settings(deadline=None, max_examples=300)
@given(values, values, st.randoms(use_true_random=False))
def test_plain_data_are_judged_by_content(a: Any, b: Any, chance: random.Random) -> None:  # ST-63
    assert alike(a, rebuilt(a, chance))
    assert alike(a, b) is (model(a) == model(b))


@settings(deadline=None, max_examples=300)
@given(values, values, st.randoms(use_true_random=False))
def test_one_change_at_any_depth_is_noticed(a: Any, b: Any, chance: random.Random) -> None:  # ST-63
    holder: list[Any] = [rebuilt(a, chance)]
    place, key = holder, 0
    while isinstance(place[key], (list, dict)) and place[key] and chance.random() < 0.8:
        place = place[key]
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))  # type: ignore
    before, old = fingerprint(holder), model(place[key])
    place[key] = b
    assert (before != fingerprint(holder)) is (old != model(b))
