"""Every rule of the events specification is named by a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHAPTERS = [
    *((1, 14), (20, 27), (40, 56), (70, 81), (90, 98), (110, 114), (120, 130), (150, 156), (160, 167)),
    *((180, 183), (190, 201), (220, 233), (250, 260), (270, 278), (290, 298), (320, 329), (340, 345)),
    (360, 360),
]
"""First and last rule of each chapter."""
OPTIONAL = {27, 329}
"""Rules marked MAY: a version may leave them for later."""


def named() -> Iterator[int]:
    """The rules that tests in either language name."""
    tests = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("js/src/**/*.test.ts*")]
    for path in tests:
        if path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            yield from (int(number) for number in re.findall(r"\bEV-(\d+)\b", text))


def test_each_rule_is_named_by_a_test() -> None:
    rules = {number for first, last in CHAPTERS for number in range(first, last + 1)}
    found = set(named())
    missing = sorted(rules - OPTIONAL - found)
    assert not missing, "no test names " + ", ".join(f"EV-{number}" for number in missing)
    strange = sorted(found - rules)
    assert not strange, "there is no rule " + ", ".join(f"EV-{number}" for number in strange)
