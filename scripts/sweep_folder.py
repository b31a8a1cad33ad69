"""How the scripts beside this one read a sweep's folder, write a row of what they found there, and reckon an interval over seeds."""

import json
import statistics
from pathlib import Path


def runs_of(folders):
    """Folder and `run.json` of each run below sweeps' folders that has come to its end."""
    for folder in folders:
        for file in sorted(Path(folder).glob("cells/*/run.json")):
            run = json.loads(file.read_text(encoding="utf8"))
            if run["status"] == "done":
                yield file.parent, run


def round_of(folder, n):
    return json.loads((folder / f"rounds/{n:03d}/round.json").read_text(encoding="utf8"))


def measured(one):
    """What a round's evaluation found over all probes, by suite and metric."""
    return {(m["suite"], m["metric"]): m["value"] for m in one["metrics"] if m["subset"] == "all"}


def pleased(one):
    """The share of replies that oblige, by the user's thought; of the talks that a round began with, and so with the assistant of the round before."""
    return {who: counts["obliged"] / counts["replies"] for who, counts in one["targeting"].items() if counts and counts["replies"]}


def written(values):
    """Values as they stand in a file: numbers to six places, nothing where there is none."""
    return ["" if value is None else round(value, 6) if isinstance(value, float) else value for value in values]


def half_width(values, level=0.95):
    """Half the width of Student's t interval of a mean over seeds (needs scipy)."""
    from scipy import stats

    return stats.t.ppf((1 + level) / 2, len(values) - 1) * (statistics.stdev(values) / len(values) ** 0.5)
