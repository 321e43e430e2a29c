"""Files between an app and its pages, in chunks over the app's comm, with a window both ways (D8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from nbblocks.core.tasks import Tasks

from .cache import FileCache
from .downloads import Downloads
from .incoming import Offer
from .uploads import Uploads

Post = Callable[[dict[str, Any], Sequence[Any]], None]


class Permission(Protocol):
    """What transfers ask of the app."""

    def may_send(self, path: str) -> bool:
        """Whether the page may have the file at ``path``."""
        ...

    def may_receive(self, node: int, name: str, size: int) -> None:
        """Check an upload.

        :raises MessageError: saying why the file is not taken
        """
        ...


class Transfers:
    """The uploads and downloads of one app. On the loop; files are the threads' affair.

    :param post: sends a custom message to the pages
    :param cache: where uploaded files go
    :param permission: the app's say
    :param offer: tells the pages which uploads were cut off and can be taken up again
    """

    def __init__(
        self,
        post: Post,
        cache: FileCache,
        permission: Permission,
        offer: Callable[[list[Offer]], None] = lambda offers: None,
    ) -> None:
        self.uploads = Uploads(post, cache, permission.may_receive, offer)
        self.downloads = Downloads(post, permission.may_send)

    def serve(self, tasks: Tasks) -> None:
        """Use ``tasks`` for the transfers."""
        self.uploads.tasks = self.downloads.tasks = tasks

    def view_gone(self, view: str) -> None:
        """Suspend what a closed page was sending (CP-45), and give up what it was receiving."""
        self.uploads.view_gone(view)
        self.downloads.view_gone(view)

    def close(self) -> None:
        """Give everything up."""
        self.uploads.close()
        self.downloads.close()
