"""DateTime: a date, with or without the time of day."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from datetime import timezone as fixed_zone
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event

from .checks import is_missing, named, one_of, plain
from .tools import ToolField, ToolProps

NOW = re.compile(r"\s*now\s*(?:([+-])\s*(\d{1,9})\s*([dhms])\s*)?", re.IGNORECASE)
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
NUMBERS: tuple[type[Any], ...] = (numbers.Real, Decimal)
LONGEST = 64
"""Characters that a page may send."""


class DateTime(ToolField[str, Any]):
    """A date, with or without the time of day, in one time zone."""

    api_schema = {"type": "string", "description": "Formatted as YYYY-MM-DD HH:MM:SS"}
    api_example = "2020-10-01 05:20:15"

    value = t.Unicode(None, allow_none=True).tag(sync=True)
    include_time = t.Bool(True).tag(sync=True)
    timezone = t.Unicode(None, allow_none=True).tag(sync=True)

    input = Event("the user picked or typed a date")
    submit = Event("the user pressed Enter")

    def __init__(
        self,
        value: float | str | datetime | Callable[..., Any] | None = None,
        *,
        include_time: bool = True,
        type: Literal["timestamp", "datetime", "string"] = "timestamp",
        timezone: str | None = None,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create it at ``value``: seconds since 1970 (UTC), a datetime, a date, or a text.

        A text is ``"YYYY-MM-DD HH:MM:SS"``, the same without seconds or time, or ``"now"``, ``"now - 5m"``,
        ``"now + 2d"`` (d, h, m, s), which is reckoned anew each time a handler asks.

        :param include_time: False is for dates alone
        :param type: what handlers get: seconds since 1970 as a float, a datetime, or a text as above
        :param timezone: name of the zone that texts and datetimes are meant in, such as ``"Europe/Paris"``;
            None is that of the kernel
        :raises ValueError: for another ``type``, an unknown zone, and a value that is no date
        """
        one_of("DateTime", "type", type, ("timestamp", "datetime", "string"))
        self.type = type
        self._zone = None if timezone is None else zone_of(timezone)
        # The value is read by these, which therefore come first.
        self._with_time = include_time
        props = {"value": value, "include_time": include_time, "timezone": timezone}
        super().__init__(props, shared)

    def preprocess(self, payload: str | None) -> float | datetime | str | None:
        """Seconds since 1970, a datetime (aware if a zone was given) or a text; None if empty.

        :raises Error: for a text that is no date
        """
        if payload is None or not payload.strip():
            return None
        try:
            when = self.get_datetime_from_str(payload)
        except ValueError as error:
            raise PlainError(str(error)) from None
        if self.type == "datetime":
            return when
        return when.timestamp() if self.type == "timestamp" else self._written(when)

    def postprocess(self, value: Any) -> str | None:
        """The date as a text to the second; one with a zone is told in this component's. NaT empties it.

        :raises ValueError: for a text or a number that is no date
        :raises TypeError: for anything else
        """
        if is_missing(value):
            return None
        if getattr(getattr(value, "dtype", None), "kind", "") == "M" and hasattr(value, "astype"):
            value = value.astype("datetime64[us]")  # of nanoseconds there is only a count
        value = _plain(value)
        if is_missing(value) or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, NUMBERS) and not isinstance(value, bool):
            value = float(value)
        if isinstance(value, str):
            try:
                told = self.get_datetime_from_str(value)
            except ValueError as error:
                raise ValueError(f"DateTime expects a timestamp, a text or a datetime: {error}") from None
            return value.strip() if NOW.fullmatch(value) else self._written(told)
        if isinstance(value, datetime):
            return self._written(self._here(value) if value.tzinfo else value)
        if isinstance(value, date):
            return self._written(datetime.combine(value, time()))
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"DateTime expects a timestamp, a text or a datetime, got {named(value)}")
        try:
            if not math.isfinite(value):
                raise ValueError("not finite")
            return self._written(self._here(datetime.fromtimestamp(value, fixed_zone.utc)))
        except (ValueError, OverflowError, OSError) as error:
            raise ValueError(
                f"DateTime got {value!r}, which is no time in seconds since 1970: {error}"
            ) from None

    def from_page(self, raw: Any) -> str | None:
        """A short text, or None. Whether it is a date is said when a handler asks for it."""
        if raw is not None and not (isinstance(raw, str) and len(raw) <= LONGEST):
            raise MessageError(f"value of {self.type_name}: expected a date as a text, got {shortened(raw)}")
        return raw

    def _here(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)

    def get_datetime_from_str(self, text: str) -> datetime:
        """The time that ``text`` tells, in this component's zone; naive if it has none of its own.

        :raises ValueError: if it is no date
        """
        if found := NOW.fullmatch(text):
            sign, amount, unit = found.groups()
            ago = timedelta(**{UNITS[(unit or "s").lower()]: int(f"{sign or ''}{amount or 0}")})
            now = datetime.now(self._zone)
            try:
                moment = now + ago
            except OverflowError:
                raise ValueError(f"{shortened(text)} is no date that a calendar knows") from None
            return moment if self._with_time else moment.replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            given = datetime.fromisoformat(text.strip())
            given = self._here(given) if given.tzinfo else given.replace(tzinfo=self._zone)
        except (ValueError, OverflowError):
            form = "YYYY-MM-DD HH:MM:SS" if self._with_time else "YYYY-MM-DD"
            raise ValueError(f"{shortened(text)} is no date: write {form}, or now - 5m") from None
        return given if self._with_time else given.replace(hour=0, minute=0, second=0, microsecond=0)

    def _written(self, moment: datetime) -> str:
        # strftime would leave out the zeros of early years.
        return moment.replace(microsecond=0, tzinfo=None).isoformat(" ")[: 19 if self._with_time else 10]


def _plain(value: Any) -> Any:
    """A scalar of Python; a Period of pandas is the time at which it begins."""
    found = plain(value)
    is_period = hasattr(found, "to_timestamp") and hasattr(found, "ordinal")
    return found.to_timestamp() if is_period else found


def zone_of(name: str) -> ZoneInfo:
    """The time zone called ``name``.

    :raises ValueError: if there is none
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"timezone of DateTime must be the name of a zone such as 'Europe/Paris', got {name!r}"
        ) from None
