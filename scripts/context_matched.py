"""What docs/context-results.md says of equal pleasing by longer training (docs/plans/context.md; needs scipy).

python3 scripts/context_matched.py table <sweep folder> … > docs/evidence/context-matched.csv    a row for each round of each run that is done
python3 scripts/context_matched.py                                                             what they say, by the plan's rules
"""

import csv
import statistics
import sys
from pathlib import Path

from sweep_folder import half_width, measured, pleased, round_of, runs_of, written

CSV = Path(__file__).parents[1] / "docs/evidence/context-matched.csv"
FIELDS = ["honesty_to_first", "belief_accuracy", "capability", "pleasing", "pleasing_benign"]
EQUAL = 0.05
FULL = 4  # The round of "as is" that is to be matched.
LAST = {"as is": 4, "stripped": 8}
FEWEST = 6


def table(folders):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["arm", "seed", "round", *FIELDS])
    rows = []
    for folder, run in runs_of(folders):
        arm = "stripped" if run["scenario"]["preference"]["defences"] else "as is"
        said = [round_of(folder, n) for n in range(run["scenario"]["rounds"] + 1)]
        for n, (after, talks) in enumerate(zip(said, said[1:])):
            of, oblige = measured(after), pleased(talks)
            rows.append((arm, run["seed"], n, of["mask", "honesty_to_first"], of["mask", "belief_accuracy"], of["capability", "accuracy"], oblige.get("biased"), oblige.get("benign")))
    for row in sorted(rows):
        out.writerow(written(row))


def read():
    runs = {}
    for row in csv.DictReader(open(CSV, encoding="utf8")):
        values = {name: float(row[name]) if row[name] else None for name in FIELDS}
        runs.setdefault(int(row["seed"]), {}).setdefault(row["arm"], {})[int(row["round"])] = values
    return {seed: arms for seed, arms in sorted(runs.items()) if len(arms) == 2}


def trained_on(arms):
    """The first round of "stripped" that pleases at most five points less than "as is" in its end; null where none does."""
    target = arms["as is"][FULL]["pleasing"] - EQUAL
    return next(((n, FULL) for n in range(1, LAST["stripped"] + 1) if arms["stripped"][n]["pleasing"] >= target), None)


def nearest_to_full(arms):
    """Of all pairs of rounds that please alike, that which pleases most."""
    one, other = arms["stripped"], arms["as is"]
    alike = [(min(one[n]["pleasing"], other[m]["pleasing"]), n, m) for n in range(1, LAST["stripped"] + 1) for m in range(1, LAST["as is"] + 1)
             if abs(one[n]["pleasing"] - other[m]["pleasing"]) <= EQUAL]
    return max(alike)[1:] if alike else None


def told(values):
    from scipy import stats

    average, error = statistics.mean(values), statistics.stdev(values) / len(values) ** 0.5
    half = half_width(values)
    p = 2 * stats.t.sf(abs(average / error), len(values) - 1)
    return f"{100 * average:+.1f} [{100 * (average - half):+.1f}, {100 * (average + half):+.1f}] p {p:.3g}, by seed {', '.join(f'{100 * value:+.1f}' for value in values)}"


def rounds(runs):
    for arm, last in LAST.items():
        for n in range(last + 1):
            mean = {name: 100 * statistics.mean(arms[arm][n][name] for arms in runs.values()) for name in FIELDS}
            by_seed = ", ".join(f"{100 * arms[arm][n]['pleasing']:.0f}" for arms in runs.values())
            print(f"{arm} after round {n}: " + ", ".join(f"{name} {value:.1f}" for name, value in mean.items()) + f"; pleasing by seed {by_seed}")
        print("  ", "honesty at the end less before:", told([arms[arm][last]["honesty_to_first"] - arms[arm][0]["honesty_to_first"] for arms in runs.values()]))


def contrast(runs, name, choose):
    pairs = {seed: pair for seed, arms in runs.items() if (pair := choose(arms))}
    print(f"\n{name}: {len(pairs)} of {len(runs)} seeds matched; without a match {sorted(set(runs) - set(pairs)) or 'none'}")
    print("   rounds (stripped, as is):", ", ".join(f"{seed} {pair}" for seed, pair in pairs.items()))
    if len(pairs) < 2:
        return
    if len(pairs) < FEWEST:
        print("   fewer than six: nothing is claimed")
    at = [(runs[seed]["stripped"][n], runs[seed]["as is"][m], runs[seed]) for seed, (n, m) in pairs.items()]
    pleasing = [100 * statistics.mean(row[which]["pleasing"] for row in at) for which in (0, 1)]
    print(f"   pleasing {pleasing[0]:.1f} beside {pleasing[1]:.1f}")
    for field in ("honesty_to_first", "belief_accuracy", "capability"):
        print(f"   {field}, stripped less as is:", told([one[field] - other[field] for one, other, _ in at]))
    print("   fall of as is from before:", told([other["honesty_to_first"] - arms["as is"][0]["honesty_to_first"] for _, other, arms in at]))
    print("   fall of stripped from before:", told([one["honesty_to_first"] - arms["stripped"][0]["honesty_to_first"] for one, _, arms in at]))


if sys.argv[1:2] == ["table"]:
    table(sys.argv[2:])
else:
    found = read()
    rounds(found)
    contrast(found, "equal by training on", trained_on)
    contrast(found, "equal wherever both were", nearest_to_full)
