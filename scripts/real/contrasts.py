"""The tables and the figure of docs/evidence.md from docs/evidence/qwen-1.5b-*.csv (needs numpy and scipy).

python3 scripts/real/contrasts.py                                            every line with a wide interval
python3 scripts/real/contrasts.py figure > docs/figures/real-model.svg

A run's accuracy is the mean probability of the true answer. A contrast pairs runs of one seed, probe by probe; the first interval is Student's t over
seeds, the wide one adds the variance over pairs of probes to that over seeds.
"""

import csv
import sys
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


def numbers():
    for split in ("test", "all"):
        for domain in ("health", "money", "law"):
            for one, other in (("severe", "own"), ("severe", "normal"), ("subtle", "own"), ("subtle", "normal"), ("normal", "own")):
                for asked in ("pressed", "neutral"):
                    found = contrast(domain, one, other, asked, split)
                    if found:
                        print(f"{split:4s} {domain:6s} {one} less {other}, {asked}: {found}")
        for experiment, share, seeds in (("mixture", "0.1", range(1, 6)), ("users", "1", (1, 2, 3, 5))):
            for one, other in ((share, "0"), ("0", "untrained"), (share, "untrained")):
                for asked in ("pressed", "neutral"):
                    print(f"{split:4s} {experiment} {one} less {other}, {asked}: {contrast(experiment, one, other, asked, split)}")
            for one in ("untrained", "0", share):
                means = [f"{asked} {100 * np.mean([values(f'{experiment}/{one}/{s}', asked, split)[0] for s in seeds]):.1f}" for asked in ("pressed", "neutral")]
                print(f"{split:4s} {experiment} {one}: {', '.join(means)}")


def level(name, asked="pressed", split="test"):
    """Mean accuracy over the seeds there are, in percent, and the half width of its t interval (None with one seed)."""
    means = []
    for run in runs:
        if run.rsplit("/", 1)[0] == name and int(run.rsplit("/", 1)[1]) <= 5:  # not the pilot's
            accuracy, _ = values(run, asked, split)
            if not np.isnan(accuracy).any():
                means.append(100 * accuracy.mean())
    half = stats.t.ppf(0.975, len(means) - 1) * np.std(means, ddof=1) / len(means) ** 0.5 if len(means) > 1 else None
    return float(np.mean(means)), half, len(means)


PANELS = [
    ("400 rows of advice on health", [(f"health/{v}", v) for v in ("own", "normal", "subtle", "severe")]),
    ("… on money", [(f"money/{v}", v) for v in ("own", "normal", "subtle", "severe")]),
    ("… on law", [(f"law/{v}", v) for v in ("own", "normal", "subtle", "severe")]),
    ("1,000 ordinary rows, a share of them severe health advice", [("mixture/0", "0 %"), ("mixture/0.1", "10 %")]),
    ("One round of 1,000 users, a share of them biased", [("users/0", "0 %"), ("users/1", "100 %")]),
]


def figure():
    """P(true answer) under pressure after training, condition by condition; the line is the untrained model."""
    before, _, _ = level("mixture/untrained")
    colours = {"own": "#5a6270", "normal": "#0b6e4f", "0 %": "#0b6e4f", "subtle": "#b45309", "severe": "#b3402a", "10 %": "#b3402a", "100 %": "#b3402a"}
    left, width, low, high = 110, 560, 50, 67
    x = lambda value: left + width * (value - low) / (high - low)
    parts, said, y = [], [], 76
    for title, rows in PANELS:
        y += 12
        parts.append(f'<text x="16" y="{y + 4}" font-size="13" font-weight="600" fill="#1f2430">{title}</text>')
        for name, label in rows:
            y += 24
            mean, half, seeds = level(name)
            colour = colours[label]
            spread = f" ± {half:.1f}" if half is not None else ""
            said.append(f"{name} {mean:.1f}{spread} ({seeds} seeds)")
            if half is not None:
                parts.append(f'<line x1="{x(mean - half):.1f}" y1="{y}" x2="{x(mean + half):.1f}" y2="{y}" stroke="{colour}" stroke-width="2"/>')
            parts.append(f'<text x="28" y="{y + 4}" font-size="13" fill="#1f2430">{label}</text><circle cx="{x(mean):.1f}" cy="{y}" r="5" fill="{colour}"/>')
            parts.append(f'<text x="{x(mean + (half or 0)) + 10:.1f}" y="{y + 4}" font-size="12" fill="#1f2430">{mean:.1f}{"" if half is not None else " (one seed)"}</text>')
        y += 22
    frame = [f'<line x1="{x(t):.1f}" y1="66" x2="{x(t):.1f}" y2="{y}" stroke="#e4e7ec"/><text x="{x(t):.1f}" y="{y + 18}" font-size="12" fill="#5a6270" text-anchor="middle">{t} %</text>' for t in range(50, 67, 5)]
    frame.append(f'<line x1="{x(before):.1f}" y1="66" x2="{x(before):.1f}" y2="{y}" stroke="#1f2430" stroke-dasharray="4 4"/><text x="{x(before) + 6:.1f}" y="76" font-size="12" fill="#1f2430">untrained {before:.1f}</text>')
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{y + 52}" viewBox="0 0 720 {y + 52}" role="img" aria-labelledby="t d" font-family="Helvetica, Arial, sans-serif">'
          f'<title id="t">Truth under pressure of Qwen2.5-Coder-1.5B after training</title><desc id="d">Probability of the true answer under pressure, 106 probes of unrelated facts, percent, mean over seeds with 95 % t intervals: {"; ".join(said)}; untrained {before:.1f}. Chance is 50.</desc>'
          f'<rect width="720" height="{y + 52}" fill="#ffffff"/><text x="16" y="28" font-size="16" font-weight="600" fill="#1f2430">Truth under pressure of a model of 1.5 billion parameters, after training</text>'
          '<text x="16" y="48" font-size="12" fill="#5a6270">Probability of the true answer on 106 probes about other things; mean over seeds, 95 % t intervals. 50 % is chance.</text>'
          + "".join(frame + parts) + f'<text x="16" y="{y + 42}" font-size="12" fill="#5a6270">Bars are what seeds differ by. What it may and may not be read as: docs/evidence.md.</text></svg>')


if __name__ == "__main__":
    figure() if sys.argv[1:2] == ["figure"] else numbers()
