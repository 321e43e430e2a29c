"""nbblocks beside Gradio and ipywidgets, in one JupyterLab and one Chromium: medians, and their ratios.

The toolkits take turns within each round, so what else the machine does falls on all of them alike. Compare
the ratios of one run, never the times of two. Needs the ``bench`` extra: ``make bench`` sees to it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.apps import TOOLKITS
from benchmarks.cases import CASES, SCRIPT, Figures
from tests.browser.lab import Jupyter

Samples = dict[str, list[Figures]]


def measure(jupyter: Jupyter, cases: list[str], toolkits: list[str], rounds: int) -> Samples:
    """Run each case ``rounds`` times for each toolkit; one that fails is told of, then left out."""
    samples: Samples = {name: [] for name in toolkits}
    for case in cases:
        failed: set[str] = set()
        for turn in range(rounds):
            for name in toolkits[turn % len(toolkits) :] + toolkits[: turn % len(toolkits)]:
                if name in failed:
                    continue
                try:
                    samples[name].append(CASES[case](jupyter, TOOLKITS[name]))
                    outcome = "done"
                except Exception as error:  # noqa: BLE001 - the others still count
                    failed.add(name)
                    outcome = f"failed: {type(error).__name__}: {str(error).splitlines()[:1]}"
                print(f"{case}, round {turn + 1} of {rounds}, {name}: {outcome}", file=sys.stderr, flush=True)
    return samples


def medians(samples: Samples) -> dict[str, dict[str, float]]:
    """``{row: {toolkit: median}}``, rows in the order in which they came."""
    rows: dict[str, dict[str, list[float]]] = {}
    for name, figures in samples.items():
        for sample in figures:
            for row, number in sample.items():
                rows.setdefault(row, {}).setdefault(name, []).append(number)
    return {row: {name: median(numbers) for name, numbers in found.items()} for row, found in rows.items()}


def table(rows: dict[str, dict[str, float]], toolkits: list[str]) -> str:
    """A Markdown table: the medians, and how many times a rival's figure ours is (below 1: we need less)."""
    ours, *rivals = toolkits
    heads = ["median", *toolkits, *(f"{ours} / {name}" for name in rivals)]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for row, found in rows.items():
        cells = [f"{found[name]:.4g}" if name in found else "-" for name in toolkits]
        for name in rivals:
            both = ours in found and found.get(name)
            cells.append(f"{found[ours] / found[name]:.2f}" if both else "-")
        lines.append([row, *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", default=",".join(CASES), help="default: %(default)s")
    parser.add_argument("--toolkits", default=",".join(TOOLKITS), help="the first is set beside the others")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    options = parser.parse_args()
    toolkits = options.toolkits.split(",")
    jupyter = Jupyter()
    try:
        jupyter.context.add_init_script(SCRIPT)
        samples = measure(jupyter, options.cases.split(","), toolkits, options.rounds)
    finally:
        jupyter.close()
    if options.json:
        options.json.write_text(json.dumps(samples, indent=1))
    print(table(medians(samples), toolkits))


if __name__ == "__main__":
    main()
