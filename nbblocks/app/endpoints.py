"""What code does with an app's endpoints and events: call them, read about them, wait for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.events import BoundEvent

from .described import Described

if TYPE_CHECKING:
    from .blocks import Blocks


class Endpoints(Described):
    """The part of `Blocks` that code calls."""

    def __call__(self, *inputs: Any, fn_index: int = 0, api_name: str | None = None) -> Any:
        """Run one listener here and now, without queue, js or session, and return its result (AP-80).

        :param inputs: wire values of its inputs, in order; files as paths
        :param fn_index: id of the listener, unless ``api_name`` names it
        :return: a value, or a list of them for several outputs
        :raises InvalidApiNameError: if no endpoint has that name
        :raises ValueError: for a listener with State, a generator, or without a function
        """
        from .calling import call

        return call(cast("Blocks", self), inputs, fn_index, api_name)

    async def wait(
        self, event: BoundEvent | Sequence[BoundEvent], timeout: float | None = None, *, inputs: Any = None
    ) -> Any:
        """``await demo.wait(button.click)``: wait for a user, in a cell or a handler, without blocking.

        The app goes on meanwhile: its other listeners run, and several may wait for one event.

        :param event: an event, or several of which the first one counts
        :param timeout: seconds; None: for ever
        :param inputs: components whose values are wanted, as a handler gets them
        :return: without ``inputs`` the event's data, whose ``target`` is what fired; else the value, or a
            tuple of the values for a list
        :raises TimeoutError: if it did not fire in time
        :raises RuntimeError: if the app was closed
        """
        from .waiting import wait

        return await wait(cast("Blocks", self), event, inputs, timeout)

    def get_api_info(self, all_endpoints: bool = False) -> dict[str, Any]:
        """The endpoints as JSON-like data in Gradio's shape."""
        from nbblocks.client.viewing import info_of

        return info_of(cast("Blocks", self), all_endpoints=all_endpoints)

    def _description(self, all_endpoints: bool) -> dict[str, Any]:
        return self.get_api_info(all_endpoints=all_endpoints)

    def _stop_waiting(self) -> None:
        """The app is going to be closed."""
        if waiting := sys.modules.get("nbblocks.app.waiting"):  # nobody has waited for anything otherwise
            waiting.closed(self)
