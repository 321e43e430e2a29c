"""Which status a page shows of a listener: it has one place for all of the listener's runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container
from dataclasses import fields
from typing import Any

from nbblocks.core.messages import Status

from .packing import Unfit, fit

logger = logging.getLogger("nbblocks")

_FIELDS = tuple(field.name for field in fields(Status) if field.name not in ("stage", "validation"))


class Statuses:
    """Chooses, for each listener, the run that is shown: the oldest that goes on, else the one ended last.

    :param clock: seconds, monotonic
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._live: dict[int, dict[int, dict[str, Any]]] = {}
        self._shown: dict[str, tuple[dict[str, Any], float]] = {}

    def take(self, status: Status) -> tuple[str, dict[str, Any]]:
        """Note a record; the key and the record that the page is to be sent."""
        key, record = f"run.{status.fn_index}", _record(status)
        live = self._live.setdefault(status.fn_index, {})
        if status.terminal:
            live.pop(status.run, None)
        else:
            live[status.run] = record
        if live:
            record = next(iter(live.values()))
        else:
            del self._live[status.fn_index]
        if record["stage"] == "complete":
            self._shown.pop(key, None)
        else:
            self._shown[key] = record, self._clock()
        return key, record

    def keep(self, listeners: Container[int]) -> None:
        """Show nothing of listeners other than these."""
        for key in [key for key in self._shown if int(key.removeprefix("run.")) not in listeners]:
            del self._shown[key]

    def now(self) -> dict[str, dict[str, Any]]:
        """The records that a page opened now must be sent, with the times of now."""
        now = self._clock()
        return {
            key: {**record, "time": record["time"] + now - since} if "time" in record else record
            for key, (record, since) in self._shown.items()
        }


def _record(status: Status) -> dict[str, Any]:
    record: dict[str, Any] = {"stage": status.stage}
    for name in _FIELDS:
        if (value := getattr(status, name)) is not None:
            try:
                record[name] = fit(value)
            except Unfit as error:  # the rest of the record is shown
                logger.warning("%s of a run's status is not shown: there is %s", name, error)
    if status.validation is not None:
        record["validation"] = {str(node): message for node, message in status.validation.items()}
    return record
