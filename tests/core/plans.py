"""Random apps: what a listener may be, what its function does, and strategies that draw such plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from hypothesis import strategies as st

Kind = Literal["plain", "coroutine", "generator", "async_generator", "batch", "coroutine_batch", "nothing"]
Ending = Literal["return", "raise", "Error", "KeyboardInterrupt", "SystemExit", "shape", "bad", "stay"]
CLICKED, HELD = (1, 2), (3, 4)
"""Numbers of the boxes that are clicked, and of those whose values handlers read and write."""
UNREADABLE = "unreadable"
"""The value that no box can preprocess."""


@dataclass(frozen=True)
class Behaviour:
    """One call: its steps as pairs (simulated seconds, value or None to leave the outputs), and how it ends.

    With ``stay`` it does not end before the session is closed; ``bad`` is a value that fails in postprocess.
    """

    steps: tuple[tuple[float, int | None], ...] = ((0, None),)
    ending: Ending = "return"


@dataclass(frozen=True)
class Part:
    """One listener. Boxes and other listeners are named by their number."""

    kind: Kind
    source: tuple[str, int]
    """``click`` or ``change`` of a box; ``then``, ``success`` or ``failure`` of an earlier listener."""
    mode: Literal["once", "multiple", "always_last"] = "once"
    queue: bool = True
    limit: int | Literal["default"] | None = "default"
    group: str | None = None
    function_of: int | None = None
    """The earlier listener whose function it shares."""
    size: int = 4
    every: float | None = None
    inputs: tuple[int, ...] = ()
    outputs: tuple[int, ...] = ()
    cancels: tuple[int, ...] = ()
    calls: tuple[Behaviour, ...] = (Behaviour(),)

    @property
    def batch(self) -> bool:
        return self.kind in ("batch", "coroutine_batch")

    @property
    def lasting(self) -> bool:
        return self.kind in ("generator", "async_generator") or self.every is not None


@dataclass(frozen=True)
class Plan:
    """One app: its listeners, settings, number of pages, and how long work waits for a worker, in turn.

    If more than ``at_once`` runs wait in a group, they are told their places a little later.
    """

    parts: tuple[Part, ...]
    pages: int = 1
    default_limit: int | None = 1
    max_size: int | None = None
    rate: float | Literal["auto"] = "auto"
    at_once: int = 50
    delays: tuple[float, ...] = (0,)


# -- how they are drawn

KINDS = ["plain", "coroutine", "generator", "async_generator", "batch", "coroutine_batch", "nothing"]
ENDINGS = ["return"] * 14 + ["raise", "Error", "KeyboardInterrupt", "SystemExit", "shape", "bad", "stay"]
steps = st.tuples(st.sampled_from([0, 1, 2, 4]), st.sampled_from([0, 1, 2, 1, None]))
behaviours = st.builds(
    Behaviour, st.lists(steps, min_size=1, max_size=2).map(tuple), st.sampled_from(ENDINGS)
)
held = st.sampled_from([(), HELD[:1], HELD[1:], HELD])
indices = st.integers(0, 5)
sources = st.tuples(st.sampled_from(["click", "click", "change", "then", "success", "failure"]), indices)
parts = st.builds(
    Part,
    kind=st.sampled_from(KINDS),
    source=sources,
    mode=st.sampled_from(["once", "multiple", "multiple", "always_last"]),
    queue=st.sampled_from([True, True, False]),
    limit=st.sampled_from(["default", None, 1, 2, 3]),
    group=st.sampled_from([None, "x", "y"]),
    function_of=st.none() | indices,
    size=st.integers(1, 4),
    every=st.sampled_from([None, None, 1, 3]),
    inputs=held,
    outputs=held,
    cancels=st.lists(indices, unique=True, max_size=2).map(tuple),
    calls=st.lists(behaviours, min_size=1, max_size=2).map(tuple),
)


def fitted(drawn: list[Part]) -> tuple[Part, ...]:
    """The listeners with what cannot be registered left out; numbers name a fitting one among the earlier."""
    made: list[Part] = []
    for part in drawn:
        event, number = part.source
        if event in ("click", "change") or not made:
            source = ("change", HELD[number % 2]) if event == "change" else ("click", CLICKED[number % 2])
        else:
            source = event, number % len(made)
        cancellable = [n for n, one in enumerate(made) if one.queue and one.kind != "nothing"]
        cancels = tuple({cancellable[n % len(cancellable)]: None for n in part.cancels if cancellable})
        if part.kind == "nothing":
            made.append(Part("nothing", source, part.mode, cancels=cancels))
            continue
        alike = [n for n, one in enumerate(made) if one.kind == part.kind and one.function_of is None]
        shared = alike[part.function_of % len(alike)] if alike and part.function_of is not None else None
        every = None if part.batch or isinstance(part.limit, int) else part.every
        queue = part.queue or part.batch or every is not None
        made.append(
            replace(part, source=source, cancels=cancels, function_of=shared, every=every, queue=queue)
        )
    return tuple(made)


plans = st.builds(
    Plan,
    parts=st.lists(parts, min_size=1, max_size=6).map(fitted),
    pages=st.integers(1, 3),
    default_limit=st.sampled_from([1, 2, None]),
    max_size=st.sampled_from([None, None, None, 1, 2, 4]),
    rate=st.sampled_from(["auto", "auto", 1, 3]),
    at_once=st.sampled_from([50, 50, 2]),
    delays=st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=4).map(tuple),
)
