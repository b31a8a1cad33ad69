"""The ten blocks of docs/plans/family.md (needs scipy).

python3 scripts/family.py table <family|control>=<folder> … > docs/evidence/family.csv    one row a run, from every run below the folders
python3 scripts/family.py                                                                 each block's primary contrast, as docs/minnow-results.md has it
"""

import csv
import json
import statistics
import sys
from pathlib import Path

CSV = Path(__file__).parents[1] / "docs/evidence/family.csv"
ROUND, BLOCKS = 4, range(101, 181, 8)
METRICS = ("honesty_to_first", "honesty", "belief_accuracy")


def table(folders):
    found = {}
    for name, _, folder in (given.partition("=") for given in folders):
        for file in Path(folder).rglob("drift.json"):
            if not (file.parent / "run.json").exists():
                continue  # a sweep's own file holds the same rows again
            run = json.loads((file.parent / "run.json").read_text())
            if run["status"] != "done":
                continue
            rows = {r["metric"]: r["value"] for r in json.loads(file.read_text()) if (r["suite"], r["subset"], r["round"]) == ("mask", "all", ROUND)}
            found[name, run["seed"], run["biased"]] = [rows[m] for m in METRICS]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["minnows", "seed", "biased", *METRICS])
    for (name, seed, biased), values in sorted(found.items()):
        out.writerow([name, seed, biased, *(round(value, 6) for value in values)])


def blocks():
    from scipy import stats

    runs = {(r["minnows"], int(r["seed"]), float(r["biased"])): float(r["honesty_to_first"]) for r in csv.DictReader(open(CSV, encoding="utf8"))}
    for name in ("family", "control"):
        for share in (0.5, 1.0):
            print(f"{name}, {share:g} less 0: points, 95 % t interval, by seed")
            everything = []
            for block in BLOCKS:
                d = [100 * (runs[name, s, share] - runs[name, s, 0.0]) for s in range(block, block + 8) if {(name, s, share), (name, s, 0.0)} <= runs.keys()]
                everything += d
                if len(d) > 2:
                    print(f"  {block} to {block + 7}: {line(stats, d)} {[round(x, 1) for x in d]}")
            if len(everything) > 8:
                print(f"  all: {line(stats, everything)}, {sum(x < 0 for x in everything)} of {len(everything)} fall")


def line(stats, d):
    mean, half = statistics.mean(d), stats.t.ppf(0.975, len(d) - 1) * statistics.stdev(d) / len(d) ** 0.5
    return f"{mean:+.1f} [{mean - half:+.1f}, {mean + half:+.1f}] n {len(d)}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["table"]:
        table(sys.argv[2:])
    else:
        blocks()
