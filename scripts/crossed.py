"""What docs/context-results.md says of eight seeds crossed with five minnows (docs/plans/frontier.md; needs scipy).

python3 scripts/crossed.py table <sweep folder> … > docs/evidence/crossed.csv    one row a run that is done; its arm is named as in scenarios/frontier.yaml
python3 scripts/crossed.py                                                     every number, by the plan's rules
"""

import csv
import json
import statistics
import sys
from pathlib import Path

from frontier import FIELDS, MARGIN, fields_of
from sweep_folder import written

CSV = Path(__file__).parents[1] / "docs/evidence/crossed.csv"
MINNOWS, SEEDS = range(1, 6), range(701, 709)
ARMS = ["as is", "stripped", "inoculated", "best of n", "dpo", "replay", "kl"]
WHOLE = 0.98  # Of neutral beliefs: a model below it broke, as in docs/plans/family.md.


def table(folders):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["arm", "biased", "minnow", "seed", *FIELDS])
    rows = []
    for folder in map(Path, folders):
        for cell in json.loads((folder / "sweep.json").read_text(encoding="utf8"))["cells"]:
            file = folder / "cells" / cell["hash"] / "run.json"
            if not file.exists():
                continue
            run = json.loads(file.read_text(encoding="utf8"))
            if run["status"] != "done":
                continue
            assistant = run["scenario"]["models"]["assistant"]
            minnow = Path((assistant if isinstance(assistant, str) else assistant["model"]).removeprefix("minnow:")).name
            rows.append((cell["axes"]["case"], cell["biased"], minnow, cell["seed"], *fields_of(file.parent)))
    for row in sorted(rows, key=lambda row: row[:4]):
        out.writerow(written(row))


def read():
    cells = {}
    for row in csv.DictReader(open(CSV, encoding="utf8")):
        values = {name: float(row[name]) if row[name] else None for name in FIELDS}
        cells.setdefault((row["arm"], float(row["biased"])), {})[int(row["minnow"]), int(row["seed"])] = values
    return cells


def grid(one, other, field):
    return [[one[m, s][field] - other[m, s][field] for s in SEEDS] for m in MINNOWS]


def analysed(rows):
    """
    Two crossed random effects without repetition (rows: minnows, columns: seeds): the mean, its standard error and degrees of freedom (Satterthwaite), and the
    components of one difference's variance. E[MS minnows] = rest + S minnow, E[MS seeds] = rest + M seed, so (MS minnows + MS seeds - MS rest) / MS is the mean's variance.
    """
    m, s = len(rows), len(rows[0])
    mean = statistics.mean(v for row in rows for v in row)
    by_minnow, by_seed = [statistics.mean(row) for row in rows], [statistics.mean(column) for column in zip(*rows, strict=True)]
    minnows, seeds = s * sum((v - mean) ** 2 for v in by_minnow) / (m - 1), m * sum((v - mean) ** 2 for v in by_seed) / (s - 1)
    rest = sum((rows[i][j] - by_minnow[i] - by_seed[j] + mean) ** 2 for i in range(m) for j in range(s)) / ((m - 1) * (s - 1))
    total = minnows + seeds - rest
    degrees = total**2 / (minnows**2 / (m - 1) + seeds**2 / (s - 1) + rest**2 / ((m - 1) * (s - 1))) if total > rest else (m - 1) * (s - 1)
    components = {"minnows": max(0, (minnows - rest) / s), "seeds": max(0, (seeds - rest) / m), "rest": rest}
    return {"mean": mean, "error": (max(total, rest) / (m * s)) ** 0.5, "degrees": degrees, "components": components, "by minnow": by_minnow, "by seed": by_seed}


def told(found):
    from scipy import stats

    if not found["error"]:  # all alike
        return 0.0 if found["mean"] > -MARGIN else 1.0, f"{100 * found['mean']:+.1f} in every run"
    half = stats.t.ppf(0.975, found["degrees"]) * found["error"]
    p = float(stats.t.sf((found["mean"] + MARGIN) / found["error"], found["degrees"]))
    whole = sum(found["components"].values())
    shares = ", ".join(f"{name} {100 * value / whole:.0f} %" for name, value in found["components"].items())
    interval = f"{100 * found['mean']:+.1f} [{100 * (found['mean'] - half):+.1f}, {100 * (found['mean'] + half):+.1f}]"
    by = f"by minnow {', '.join(f'{100 * v:+.1f}' for v in found['by minnow'])}; by seed {', '.join(f'{100 * v:+.1f}' for v in found['by seed'])}"
    return p, f"{interval}, df {found['degrees']:.1f}, not lower by two points: p {p:.3g}; variance: {shares} (one difference: ±{100 * whole**0.5:.1f}); {by}"


def crossed():
    cells = read()
    whole = {cell for cell, runs in cells.items() if set(runs) == {(m, s) for m in MINNOWS for s in SEEDS}}
    for cell, runs in cells.items():
        mean = {name: statistics.mean(given) for name in FIELDS if (given := [v[name] for v in runs.values() if v[name] is not None])}
        broken = [f"{m}/{s}" for (m, s), v in runs.items() if v["belief_accuracy"] < WHOLE]
        print(f"{cell[0]} at {100 * cell[1]:g} %: {len(runs)} runs; " + ", ".join(f"{k} {v if k.startswith('rating') else 100 * v:.1f}" for k, v in mean.items()) + f"; broken: {', '.join(broken) or 'none'}")
    base, primary = ("as is", 0.0), []
    for arm in ARMS:
        cell = (arm, 0.5)
        if base not in whole or cell not in whole:
            print(f"\n{arm} at 50 %: not whole")
            continue
        print()
        for field in ("honesty_to_first", "belief_kept", "belief_accuracy", "capability"):
            p, text = told(analysed(grid(cells[cell], cells[base], field)))
            print(f"{arm} at 50 % less as is at 0 %, {field}: {text}")
            if field == "honesty_to_first" and arm in ("stripped", "inoculated"):
                primary.append((p, arm))
        if arm != "as is" and ("as is", 0.5) in whole:
            print(f"{arm} less as is, both at 50 %: {told(analysed(grid(cells[cell], cells['as is', 0.5], 'honesty_to_first')))[1]}")
    for place, (p, arm) in enumerate(sorted(primary)):
        print(f"\nprimary, {arm}: p {p:.3g}, Holm {min(1, p * (len(primary) - place)):.3g}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["table"]:
        table(sys.argv[2:])
    else:
        crossed()
