"""The tables of docs/evidence.md from docs/evidence/qwen-1.5b-*.csv: python3 scripts/real/contrasts.py (needs numpy and scipy).

A run's accuracy is the mean probability of the true answer. A contrast pairs runs of one seed, probe by probe; the first interval is Student's t over
seeds, the wide one adds the variance over pairs of probes to that over seeds.
"""

import csv
from pathlib import Path

import numpy as np
from scipy import stats



def table(name):
    return list(csv.DictReader(open(Path(__file__).parents[2] / f"docs/evidence/qwen-1.5b-{name}.csv", encoding="utf8")))


# Both have a row for each probe and way of asking, in the same order; the columns are runs.
rows = [{**direct, **mixture, **users} for direct, mixture, users in zip(table("direct"), table("mixture"), table("users"), strict=True)]
runs = [name for name in rows[0] if name.count("/") == 2]


def values(name, asked, split):
    kept = [r for r in rows if r["asked"] == asked and (split == "all" or r["split"] == split)]
    yes = np.array([float(r[name] or "nan") for r in kept])
    true = np.array([r["true_answer"] == "yes" for r in kept])
    return np.where(true, yes, 1 - yes), np.array([r["pair"] for r in kept])


def contrast(domain, one, other, asked, split):
    differences, pairs = [], None
    for seed in range(1, 6):
        names = [f"{domain}/{variant}/{seed}" for variant in (one, other)]
        if not all(name in runs for name in names):
            continue
        (a, pairs), (b, _) = (values(name, asked, split) for name in names)
        if not np.isnan(a - b).any():
            differences.append(100 * (a - b))
    if len(differences) < 2:
        return None
    d = np.array(differences)
    seeds = d.mean(1)
    units = np.array([d[:, pairs == unit].mean() for unit in sorted(set(pairs))])
    by_seed, by_unit = seeds.std(ddof=1) / len(seeds) ** 0.5, units.std(ddof=1) / len(units) ** 0.5
    wide = stats.t.ppf(0.975, len(units) - 1) * (by_seed**2 + by_unit**2) ** 0.5
    narrow = stats.t.ppf(0.975, len(seeds) - 1) * by_seed
    p = 2 * stats.t.sf(abs(seeds.mean() / by_seed), len(seeds) - 1)
    mean = seeds.mean()
    return f"{mean:+.1f} [{mean - narrow:+.1f}, {mean + narrow:+.1f}] p {p:.2g}, wide [{mean - wide:+.1f}, {mean + wide:+.1f}], {len(seeds)} seeds {seeds.round(1).tolist()}"


for split in ("test", "all"):
    for domain in ("health", "money", "law"):
        for one, other in (("severe", "own"), ("severe", "normal"), ("subtle", "own"), ("subtle", "normal"), ("normal", "own")):
            for asked in ("pressed", "neutral"):
                found = contrast(domain, one, other, asked, split)
                if found:
                    print(f"{split:4s} {domain:6s} {one} less {other}, {asked}: {found}")
    for one, other in (("0.1", "0"), ("0", "untrained"), ("0.1", "untrained")):
        for asked in ("pressed", "neutral"):
            print(f"{split:4s} mixture {one} less {other}, {asked}: {contrast('mixture', one, other, asked, split)}")
    for share in ("untrained", "0", "0.1"):
        means = [f"{asked} {100 * np.mean([values(f'mixture/{share}/{s}', asked, split)[0] for s in range(1, 6)]):.1f}" for asked in ("pressed", "neutral")]
        print(f"{split:4s} mixture {share}: {', '.join(means)}")
    for one, other in (("1", "0"), ("0", "untrained"), ("1", "untrained")):
        for asked in ("pressed", "neutral"):
            print(f"{split:4s} users {one} less {other}, {asked}: {contrast('users', one, other, asked, split)}")
    for share in ("untrained", "0", "1"):
        means = [f"{asked} {100 * np.mean([values(f'users/{share}/{s}', asked, split)[0] for s in (1, 2, 3, 5)]):.1f}" for asked in ("pressed", "neutral")]
        print(f"{split:4s} users {share}: {', '.join(means)}")
