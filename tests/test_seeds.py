"""What the documents that the project was made from say: each statement's rules are proven by some test.

The rows are those of the specification's checklist: U is UploadButton, B Button, S State, E what all events
take. A row is done when a test names it, or one of its rules, in a trailing comment.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROWS: dict[str, tuple[str, ...]] = {
    "SU-1": ("CP-40", "CP-41", "CP-42", "CP-43", "CP-44"),
    "SU-2": ("CP-42",),
    "SU-3": ("CP-40",),
    "SU-4": ("CP-40",),
    "SU-5": ("CP-40",),
    "SU-6": ("CP-41",),
    "SU-7": ("CP-41",),
    "SU-8": ("CP-20",),
    "SU-9": ("CP-20",),
    "SU-10": ("CP-21",),
    "SU-11": ("CP-21", "CP-41"),
    "SU-12": ("CP-22",),
    "SU-13": ("EV-197",),
    "SU-14": ("EV-197",),
    "SU-15": ("EV-198",),
    "SU-16": ("CP-23",),
    "SU-17": ("CP-23",),
    "SU-18": ("CP-24",),
    "SU-19": ("CP-25",),
    "SU-20": ("CP-26",),
    "SU-21": ("CP-26",),
    "SU-22": ("CP-27",),
    "SU-23": ("CP-2",),
    "SU-24": ("CP-2",),
    "SU-25": ("CP-2", "AP-19"),
    "SU-26": ("CP-28",),
    "SU-27": ("CP-2",),
    "SU-28": ("CP-2",),
    "SU-29": ("CP-29",),
    "SU-30": ("CP-30", "AP-15"),
    "SU-31": ("CP-30", "AP-15"),
    "SU-32": ("CP-31",),
    "SU-33": ("AP-7", "AP-8"),
    "SU-34": ("CP-32", "ST-70"),
    "SU-35": ("ST-70",),
    "SU-36": ("CP-33", "CP-40"),
    "SU-37": ("CP-33", "CP-40", "CP-11"),
    "SU-38": ("CP-33", "CP-40"),
    "SU-39": ("CP-34",),
    "SU-40": ("CP-40",),
    "SU-41": ("CP-40",),
    "SU-42": ("CP-35",),
    "SU-43": ("CP-42",),
    "SU-44": ("CP-14",),
    "SU-45": ("CP-43",),
    "SU-46": ("CP-43",),
    "SU-47": ("EV-1", "EV-120"),
    "SU-48": ("EV-1",),
    "SU-60": ("AP-110",),
    "SU-61": ("CP-11", "CP-40"),
    "SU-62": ("EV-41", "EV-48"),
    "SU-63": ("EV-20",),
    "SU-64": ("CP-120", "CP-141"),
    "SU-65": ("CP-20", "CP-80"),
    "SU-66": ("EV-2", "EV-20", "EV-40"),
    "SU-67": ("EV-2", "CP-80"),
    "SU-68": ("AP-31",),
    "SU-69": (),
    "SB-1": ("CP-67",),
    "SB-2": ("CP-65",),
    "SB-3": ("CP-65",),
    "SB-4": ("CP-65",),
    "SB-5": ("CP-50",),
    "SB-6": ("EV-196",),
    "SB-7": ("CP-51", "EV-197"),
    "SB-8": ("EV-197",),
    "SB-9": ("EV-194", "EV-220"),
    "SB-10": ("EV-198",),
    "SB-11": ("CP-52",),
    "SB-12": ("CP-53",),
    "SB-13": ("CP-54",),
    "SB-14": ("CP-54",),
    "SB-15": ("CP-55",),
    "SB-16": ("CP-56",),
    "SB-17": ("CP-56",),
    "SB-18": ("CP-57", "AP-15"),
    "SB-19": ("CP-57", "AP-15"),
    "SB-20": ("CP-58", "AP-7", "AP-8"),
    "SB-21": ("CP-59", "CP-2"),
    "SB-22": ("CP-59", "CP-2"),
    "SB-23": ("CP-14", "CP-81", "CP-82"),
    "SB-24": ("CP-67",),
    "SB-25": ("EV-1",),
    "SB-40": ("AP-110",),
    "SB-41": ("EV-21",),
    "SB-42": ("CP-90",),
    "SB-43": ("CP-50", "EV-20", "EV-41"),
    "SB-44": ("CP-110", "CP-141"),
    "SB-45": ("EV-1",),
    "SB-46": ("CP-120",),
    "SB-47": ("CP-160", "CP-161", "CP-162", "CP-163"),
    "SB-48": ("CP-161",),
    "SB-49": ("AP-31",),
    "SB-50": (),
    "SS-0": ("EV-1",),
    "SS-1": ("ST-30",),
    "SS-2": ("ST-30",),
    "SS-3": ("ST-31",),
    "SS-4": ("ST-31",),
    "SS-5": ("ST-20",),
    "SS-6": ("ST-21", "ST-22"),
    "SS-7": ("ST-23",),
    "SS-8": ("ST-26",),
    "SS-9": ("ST-40",),
    "SS-10": ("ST-41",),
    "SS-11": ("ST-40",),
    "SS-12": ("ST-6", "ST-9", "ST-10", "ST-11", "ST-12", "ST-13", "ST-14"),
    "SS-13": ("ST-42",),
    "SS-14": ("CP-73",),
    "SS-15": ("ST-43", "ST-46"),
    "SS-16": ("ST-43",),
    "SS-17": ("ST-60", "ST-61"),
    "SS-18": ("ST-61",),
    "SS-19": ("EV-128",),
    "SS-20": ("EV-1", "ST-60"),
    "SE-1": ("EV-5", "EV-7"),
    "SE-2": ("EV-8", "EV-120"),
    "SE-3": ("EV-21",),
    "SE-4": ("EV-41",),
    "SE-5": ("EV-20", "EV-22"),
    "SE-6": ("EV-20",),
    "SE-7": ("EV-40", "EV-52"),
    "SE-8": ("EV-40",),
    "SE-9": ("EV-40", "EV-41"),
    "SE-10": ("EV-340", "EV-341", "EV-342"),
    "SE-11": ("EV-341",),
    "SE-12": ("EV-340",),
    "SE-13": ("EV-342", "AP-95"),
    "SE-14": ("EV-328",),
    "SE-15": ("EV-327",),
    "SE-16": ("EV-13", "EV-322", "EV-327"),
    "SE-17": ("EV-221",),
    "SE-18": ("EV-221",),
    "SE-19": ("EV-220", "EV-221"),
    "SE-20": ("EV-221",),
    "SE-21": ("EV-221",),
    "SE-22": ("EV-250",),
    "SE-23": ("EV-250", "EV-253"),
    "SE-24": ("EV-251", "EV-252"),
    "SE-25": ("EV-250", "EV-253"),
    "SE-26": ("EV-110",),
    "SE-27": ("EV-111",),
    "SE-28": ("EV-270",),
    "SE-29": ("EV-121", "EV-272"),
    "SE-30": ("EV-4", "EV-270"),
    "SE-31": ("EV-273",),
    "SE-32": ("EV-273",),
    "SE-33": ("EV-273", "EV-274"),
    "SE-34": ("EV-192",),
    "SE-35": ("EV-194",),
    "SE-36": ("EV-12", "EV-124"),
    "SE-37": ("EV-122", "EV-123", "EV-124"),
    "SE-38": ("EV-123",),
    "SE-39": ("EV-123", "EV-124"),
    "SE-40": ("EV-124",),
    "SE-41": ("EV-150",),
    "SE-42": ("EV-151",),
    "SE-43": ("EV-152",),
    "SE-44": ("EV-224", "EV-228"),
    "SE-45": ("EV-224", "EV-230"),
    "SE-46": ("EV-224",),
    "SE-47": ("EV-225",),
    "SE-48": ("EV-223",),
    "SE-49": ("EV-224",),
    "SE-50": ("EV-343", "AP-93"),
    "SE-51": ("EV-343", "AP-83"),
    "SE-52": ("EV-344",),
}
"""The rules that each row stands for, by its id."""
TAG = re.compile(r"\b(?:AP|CP|EV|ST|SB|SE|SS|SU)-\d+\b")
RANGE = re.compile(r"\b([A-Z]{2})-(\d+)\.\.(\d+)\b")


def named() -> set[str]:
    """The tags in comments of all tests."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        if path == Path(__file__):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            _, _, comment = line.partition("#")
            found.update(TAG.findall(comment))
            for kind, first, last in RANGE.findall(comment):
                found.update(f"{kind}-{number}" for number in range(int(first), int(last) + 1))
    return found


NAMED = named()


@pytest.mark.parametrize("row", sorted(ROWS))
def test_a_test_names_the_row_or_one_of_its_rules(row: str) -> None:
    assert NAMED & {row, *ROWS[row]}, f"no test names {row}, nor any of {', '.join(ROWS[row])}"
