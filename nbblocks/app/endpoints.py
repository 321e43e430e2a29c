"""What code does with an app's endpoints and events: call them, read about them, wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from .blocks import Blocks


class Endpoints:
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

    def view_api(
        self,
        all_endpoints: bool | None = None,
        print_info: bool = True,
        return_format: Literal["dict", "str"] | None = None,
    ) -> dict[str, Any] | str | None:
        """Show the endpoints, their parameters and results: as a page in a notebook, else as text (AP-93).

        :param all_endpoints: True for the undocumented ones too
        :param print_info: False shows nothing
        :param return_format: ``"dict"`` or ``"str"`` to have them returned
        """
        from nbblocks.client.viewing import view

        info = self.get_api_info(all_endpoints=bool(all_endpoints))
        return view(info, print_info, return_format, "gr.Client(demo)")

    def get_api_info(self, all_endpoints: bool = False) -> dict[str, Any]:
        """The endpoints as JSON-like data in Gradio's shape."""
        from nbblocks.client.viewing import info_of

        return info_of(cast("Blocks", self), all_endpoints=all_endpoints)
