"""Described: what has endpoints that people want to read about."""

from __future__ import annotations

from typing import Any, Literal


class Described:
    """Shows its endpoints."""

    _how = "gr.Client(demo)"
    """How the snippets get a Client."""

    def _description(self, all_endpoints: bool) -> dict[str, Any]:
        """The endpoints as JSON-like data in Gradio's shape."""
        raise NotImplementedError

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

        return view(self._description(bool(all_endpoints)), print_info, return_format, self._how)
