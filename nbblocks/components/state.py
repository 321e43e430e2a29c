"""State: a value of any type that each session keeps for itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import traitlets as t
from typing_extensions import TypedDict, Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.component import Component
from nbblocks.core.events import Event
from nbblocks.core.settings import seconds


class StateProps(TypedDict, total=False):
    """Keyword parameters of State beside its own; those of visible blocks are accepted without effect."""

    visible: Any
    elem_id: str | None
    elem_classes: list[str] | str | None
    key: int | str | tuple[Any, ...] | None
    preserved_by_key: str | list[str] | None


class _Held(t.Any):
    """A trait whose values are not compared, as arrays would be element by element."""

    def set(self, obj: Any, value: Any) -> None:
        """Keep ``value``. Nobody is told: sessions have copies of their own."""
        obj._trait_values[self.name] = value


class State(Component[Any, Any]):
    """A value of any type, kept per session, never shown. Handlers get and return the object itself.

    A session is a notebook's kernel with all its pages, or a Client: who must not see another's values needs
    a kernel of their own. What a handler changes in place is kept; what it returns is kept as it is, no copy.

    ``change`` fires when a handler that has it among its outputs left it different: judged by content for
    numbers, text, lists, dicts, sets, arrays of numpy, frames of pandas and polars, dataclasses and models of
    attrs and pydantic, however nested; by ``hash`` for other objects, by identity for what has none. So a
    class of your own needs a ``__hash__`` that follows its content. What takes over 50 ms to look through
    counts as changed when a handler returned it. A listener that fires itself with values that cannot be
    compared is stopped after 100 rounds.
    """

    shared: ClassVar[type] = BlockProps
    stateful = True
    skip_api = True
    transparent: ClassVar[bool] = True

    _is_written = False
    value = _Held(None, allow_none=True)  # not synced: it never leaves the kernel

    change = Event("a run that has it among its outputs left it different")

    def __init__(
        self,
        value: Any = None,
        render: bool = True,
        *,
        time_to_live: float | None = None,
        delete_callback: Callable[[Any], Any] | None = None,
        **shared: Unpack[StateProps],
    ) -> None:
        """Create a State: each session starts with a deep copy of ``value``.

        :param value: anything that can be deep-copied, or a function called once for each session
        :param time_to_live: seconds for which a value is kept after it was made or last written; None: for
            ever. The session then starts afresh with an initial value when it is next read
        :param delete_callback: called once with each value that is deleted, in a worker thread: when its time
            has passed, and at the end of the session; not with values that were overwritten
        :raises TypeError: if ``value`` cannot be deep-copied
        :raises ValueError: if ``time_to_live`` is no number of seconds
        """
        if time_to_live is not None:
            time_to_live = seconds("time_to_live of State", time_to_live)
        if delete_callback is not None and not callable(delete_callback):
            raise TypeError(f"delete_callback of State must be callable, got {delete_callback!r}")
        self.time_to_live = time_to_live
        self.delete_callback = delete_callback
        super().__init__({"value": value}, {**shared, "render": render})

    def set_start(self, given: Any) -> None:
        """Keep a copy of the initial value, and no second one; a function is kept to be called later."""
        written = dict(super().constructor_args)
        self._is_written = "value" in written
        written.pop("value", None)
        self._given = ((), written)
        self.value = given if callable(given) else _copied(given)

    @property
    def constructor_args(self) -> Mapping[str, Any]:
        """The arguments written in the constructor call, by name."""
        value = {"value": self.value} if self._is_written else {}
        return {**value, **super().constructor_args}

    @property
    def asks_for_initial(self) -> bool:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Whether ``value`` is a function."""
        return callable(self.value)

    def initial(self) -> Any:
        """The value of a new session, an object of its own (ST-22, ST-23)."""
        return self.value() if callable(self.value) else _copied(self.value)


def _copied(value: object) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception as error:
        raise TypeError(
            f"the initial value of a State must be deep-copyable, got {type(value).__name__}: "
            "give a function that returns it"
        ) from error
