"""ClearButton: empties other components."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from typing_extensions import Self, Unpack

from nbblocks.bridge.component import Component
from nbblocks.core.graph import Graph

from .button import Button
from .pressable import PressableProps

AnyComponent = Component[Any, Any]


class ClearButton(Button):
    """A button that gives components their empty value, and each State its initial one."""

    drawn_as = "button"

    def __init__(
        self,
        components: Sequence[AnyComponent] | AnyComponent | None = None,
        *,
        value: str | Callable[..., Any] | None = "Clear",
        link: str | None = None,
        link_target: str | None = None,
        api_name: str | Literal[False] | None = None,
        show_api: bool = False,
        api_visibility: Literal["public", "private", "undocumented"] | None = None,
        **shared: Unpack[PressableProps],
    ) -> None:
        """Create a button that clears ``components``; `add` names more of them.

        :param api_name: endpoint name of the clearing; None makes it one of its own
        :param show_api: whether view_api lists it
        :param api_visibility: the newer form of ``show_api``
        """
        self._waiting = _listed(components)
        self._api: dict[str, Any] = {"api_name": api_name, "show_api": show_api}
        if api_visibility is not None:
            self._api = {"api_name": api_name, "api_visibility": api_visibility}
        self._placed = False
        super().__init__(value, link=link, link_target=link_target, **shared)

    @property
    def type_name(self) -> str:
        """It is a button to all others."""
        return "button"

    def add(self, components: Sequence[AnyComponent] | AnyComponent | None) -> Self:
        """Clear ``components`` too, and return the button."""
        self._waiting += _listed(components)
        if self._placed:
            self._listen()
        return self

    def placed(self, graph: Graph) -> None:
        """Register the clearing, which needs an app."""
        super().placed(graph)
        self._placed = True
        self._listen()

    def _listen(self) -> None:
        cleared, self._waiting = self._waiting, []
        if not cleared:
            return

        def clear() -> Any:
            empty = [node.initial() if node.stateful else None for node in cleared]
            return empty if len(empty) > 1 else empty[0]

        self.click(
            clear, None, cleared, queue=False, show_progress="hidden", trigger_mode="multiple", **self._api
        )


def _listed(components: Sequence[AnyComponent] | AnyComponent | None) -> list[AnyComponent]:
    if isinstance(components, Component):
        return [components]
    return list(components or ())
