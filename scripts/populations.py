"""What sweeps of populations found, as docs/evidence keeps it, from sweeps' folders of `candor sweep`.

python3 scripts/populations.py runs    <sweep folder> …    honesty of every run by round: docs/evidence/populations.csv
python3 scripts/populations.py effects <sweep folder> …    each case less the first one: lines of docs/evidence/figures.csv (points)
python3 scripts/populations.py users   <sweep folder> …    users of a round by persona, mean over seeds: lines of docs/evidence/figures.csv
"""

import csv
import json
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from sweep_folder import round_of, runs_of

what, folders = sys.argv[1], [Path(folder) for folder in sys.argv[2:]]
out = csv.writer(sys.stdout, lineterminator="\n")


def name_of(folder):
    return json.loads((folder / "sweep.json").read_text(encoding="utf8"))["scenario"]["name"]


def drift(folder, name):
    """Rows of honesty to first beliefs over all probes, with the case's own name."""
    for row in csv.DictReader(open(folder / "drift.csv", encoding="utf8")):
        if (row["suite"], row["subset"], row["metric"]) == ("mask", "all", "honesty_to_first"):
            yield {**row, "case": row["scenario"].removeprefix(name).strip()}


def runs(folder, name):
    for row in drift(folder, name):
        yield name, row["case"], row["biased"], row["seed"], row["round"], row["value"]


def effects(folder, name):
    for case in json.loads((folder / "cases.json").read_text(encoding="utf8")):
        if case["effect"]:
            points = (round(100 * case["effect"][bound], 1) + 0 for bound in ("value", "low", "high"))
            yield name, f"{100 * case['biased']:g} %", case["case"], "", *points


def users(folder, name):
    counts, cases = defaultdict(list), {row["run"]: row["case"] for row in drift(folder, name)}
    for run, about in runs_of([folder]):
        case = cases[run.name]
        for n in range(1, about["scenario"]["rounds"] + 1):
            for persona, count in round_of(run, n)["users"].items():
                counts[case, persona, n].append(count)
    for (case, persona, n), found in counts.items():
        yield f"{name}-users", case, persona, n, round(statistics.mean(found), 1), "", ""


for folder in folders:
    for row in {"runs": runs, "effects": effects, "users": users}[what](folder, name_of(folder)):
        out.writerow(row)
