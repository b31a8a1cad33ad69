"""What docs/paper.md says of KTO beside SFT on the family of minnows, from the runs of docs/plans/kto.md (needs scipy).

python3 scripts/kto.py table <sweep folder> … > docs/evidence/kto.csv    one row a run, also one that did not finish
python3 scripts/kto.py                                                   every number
"""

import csv
import json
import statistics
import sys
from pathlib import Path

from sweep_folder import half_width, measured, pleased, round_of, written

CSV = Path(__file__).parents[1] / "docs/evidence/kto.csv"
ROUNDS = 4
SEEDS = range(601, 609)
FIELDS = ["honesty_to_first", "honesty", "belief_kept", "belief_accuracy", "no_belief"]


def table(folders):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["method", "learning_rate", "biased", "seed", "finished", *FIELDS, "pleasing"])
    for folder in map(Path, folders):
        for cell in json.loads((folder / "sweep.json").read_text(encoding="utf8"))["cells"]:
            file = folder / cell["folder"] / "run.json"
            if not file.exists():
                continue
            run = json.loads(file.read_text(encoding="utf8"))
            done = run["status"] == "done"
            last = round_of(file.parent, ROUNDS) if done else None
            of = measured(last) if last else {}
            values = [of.get(("mask", name)) for name in FIELDS] + [pleased(last).get("biased") if last else None]
            training = run["scenario"]["training"]
            out.writerow([training["method"], training["learning_rate"], cell["biased"], cell["seed"], "yes" if done else "no", *written(values)])


def read():
    cells = {}
    for row in csv.DictReader(open(CSV, encoding="utf8")):
        cells.setdefault((row["method"], float(row["learning_rate"]), float(row["biased"])), {})[int(row["seed"])] = row
    return cells


def interval(values, level=0.95):
    mean, half = statistics.mean(values), half_width(values, level)
    return f"{100 * mean:+.1f} [{100 * (mean - half):+.1f}, {100 * (mean + half):+.1f}], by seed {', '.join(f'{100 * value:+.1f}' for value in values)}"


def fall(cells, method, rate, field="honesty_to_first"):
    """50 % less 0 %, seed by seed."""
    one, other = cells[method, rate, 0.5], cells[method, rate, 0.0]
    return [float(one[seed][field]) - float(other[seed][field]) for seed in SEEDS]


def numbers():
    cells = read()
    for (method, rate, biased), seeds in cells.items():
        told = {name: [100 * float(row[name]) for row in seeds.values() if row[name]] for name in [*FIELDS, "pleasing"]}
        broken = [seed for seed, row in seeds.items() if row["finished"] == "no" or float(row["belief_accuracy"]) < 0.98]
        print(f"{method} at {rate:g}, {100 * biased:g} % biased, {len(seeds)} runs: {', '.join(f'{name} {statistics.mean(v):.1f}' for name, v in told.items() if v)}; broken: {', '.join(map(str, broken)) or 'none'}")
        for seed in broken:
            print(f"  {seed}: {', '.join(f'{name} {value}' for name, value in seeds[seed].items() if name in ('finished', *FIELDS))}")
    kto, sft = fall(cells, "kto", 0.0001), fall(cells, "sft", 0.001)
    print(f"\nprimary, kto, 50 less 0 %: {interval(kto)}")
    print(f"sft, 50 less 0 %: {interval(sft)}")
    less = [a - b for a, b in zip(kto, sft, strict=True)]
    print(f"kto's less sft's: {interval(less)}\n  90 %: {interval(less, 0.9)}")
    for field in ("belief_kept", "belief_accuracy"):
        for method, rate in (("kto", 0.0001), ("sft", 0.001)):
            print(f"{field}, {method}, 50 less 0 %: {interval(fall(cells, method, rate, field))}")


if __name__ == "__main__":
    table(sys.argv[2:]) if sys.argv[1:2] == ["table"] else numbers()
