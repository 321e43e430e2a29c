from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nbblocks.components import DateTime
from nbblocks.core.errors import Error, MessageError

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("type", "wanted"),
    [
        ("timestamp", NOON.timestamp()),
        ("datetime", datetime(2024, 5, 1, 14, tzinfo=PARIS)),
        ("string", "2024-05-01 14:00:00"),
    ],
)
def test_what_a_handler_gets(type: Any, wanted: Any) -> None:
    node = DateTime(type=type, timezone="Europe/Paris")
    got = node.preprocess("2024-05-01 14:00:00")
    assert got == wanted
    if isinstance(got, datetime):
        assert got.utcoffset() == timedelta(hours=2)
    assert node.preprocess(None) is None and node.preprocess("  ") is None


@pytest.mark.parametrize(
    "given",
    [
        NOON.timestamp(),
        int(NOON.timestamp()),
        NOON,
        datetime(2024, 5, 1, 14),
        datetime(2024, 5, 1, 14, tzinfo=PARIS),
        "2024-05-01 14:00:00",
        "2024-05-01 14:00",
        "2024-05-01T12:00:00+00:00",
    ],
)
def test_what_a_handler_may_return(given: Any) -> None:
    node = DateTime(timezone="Europe/Paris")
    assert node.postprocess(given) == "2024-05-01 14:00:00"
    assert DateTime(given, timezone="Europe/Paris", include_time=False).value == "2024-05-01"


def test_numpy_times_and_dates_are_times() -> None:
    numpy = pytest.importorskip("numpy")
    for unit in ("s", "ns"):
        assert DateTime(numpy.datetime64("2024-05-01T14:00:00", unit)).value == "2024-05-01 14:00:00"
    assert DateTime(date(2024, 5, 1)).value == "2024-05-01 00:00:00"
    assert DateTime(numpy.float64(0), timezone="UTC").value == "1970-01-01 00:00:00"


def test_early_years_keep_their_zeros() -> None:
    assert DateTime(datetime(33, 4, 3)).value == "0033-04-03 00:00:00"


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("now", timedelta()),
        ("now - 5m", timedelta(minutes=-5)),
        (" now-90s", timedelta(seconds=-90)),
        ("now + 2d", timedelta(days=2)),
        ("NOW +3h ", timedelta(hours=3)),
    ],
)
def test_now_is_reckoned_when_a_handler_asks(text: str, ago: timedelta) -> None:
    node = DateTime(text, type="datetime", timezone="UTC")
    assert node.value == text.strip()
    before = datetime.now(timezone.utc)
    got = node.preprocess(text)
    assert isinstance(got, datetime)
    assert before <= got - ago <= datetime.now(timezone.utc)
    assert isinstance(DateTime(type="string").preprocess(text), str)


def test_a_date_without_time_begins_its_day() -> None:
    node = DateTime(include_time=False, type="datetime", timezone="UTC")
    assert node.preprocess("2024-05-01") == datetime(2024, 5, 1, tzinfo=timezone.utc)
    now = node.preprocess("now")
    assert isinstance(now, datetime) and (now.hour, now.minute, now.second, now.microsecond) == (0, 0, 0, 0)


@pytest.mark.parametrize("text", ["tomorrow", "2024-02-30", "now - 5 weeks", "now - 999999999d", "12:00"])
def test_the_user_is_told_of_what_is_no_date(text: str) -> None:
    with pytest.raises(Error, match="is no date"):  # CP-9
        DateTime(type="string").preprocess(text)


@pytest.mark.parametrize("given", ["tomorrow", float("nan"), float("inf"), 1e20])
def test_a_returned_value_that_is_no_date_fails(given: Any) -> None:
    with pytest.raises(ValueError, match=r"is no (date|time)"):
        DateTime().postprocess(given)


@pytest.mark.parametrize("given", [True, [1], {}])
def test_a_returned_value_of_another_kind_fails(given: Any) -> None:
    with pytest.raises(TypeError, match="DateTime expects a timestamp, a text or a datetime"):
        DateTime().postprocess(given)


def test_parameters_outside_the_allowed_values() -> None:
    with pytest.raises(ValueError, match="type of DateTime must be one of"):
        DateTime(type="date")  # pyright: ignore[reportArgumentType]
    for zone in ("Europe/Atlantis", "../etc/passwd", ""):
        with pytest.raises(ValueError, match="timezone of DateTime must be the name of a zone"):
            DateTime(timezone=zone)


@pytest.mark.parametrize("raw", [5, ["2024"], "x" * 65])
def test_a_page_may_send_short_texts_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="value of datetime: expected a date as a text"):
        DateTime().from_page(raw)


def test_its_events() -> None:
    assert set(DateTime.events) == {"change", "input", "submit"}


def test_a_text_is_read_in_the_zone() -> None:
    read = DateTime(timezone="US/Pacific").get_datetime_from_str("2020-02-01 08:10:25")
    assert (read.hour, str(read.tzinfo)) == (8, "US/Pacific")
    with pytest.raises(ValueError, match="is no date"):
        DateTime().get_datetime_from_str("soon")
