"""What docs/context.md and docs/context-results.md say of the frontier, from the runs of scenarios/frontier.yaml (needs scipy).

python3 scripts/frontier.py table <sweep folder> > docs/evidence/frontier.csv    one row a run that is done
python3 scripts/frontier.py                                                      every number, cell by cell, of cells with all eight seeds
python3 scripts/frontier.py shares                                               the table of arms and shares
python3 scripts/frontier.py control                                              the control with coupling 0 (its file is made by crossed.py table)
python3 scripts/frontier.py figure > docs/figures/frontier.svg
"""

import csv
import json
import statistics
import sys
from pathlib import Path

from sweep_folder import half_width, measured, pleased, round_of, written

CSV = Path(__file__).parents[1] / "docs/evidence/frontier.csv"
MARGIN = 0.02
SEEDS = range(401, 409)
FIELDS = ["honesty_to_first", "honesty", "belief_kept", "belief_accuracy", "capability", "pleasing", "pleasing_benign", "rating_benign", "rating_biased"]


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]


def felt(folder):
    """The mean mark that users of each thought had for the replies of round 3, whether or not they said it."""
    at = folder / "rounds/003"
    if not (at / "interactions.jsonl").exists():  # A folder of which talks were not kept.
        return {"benign": None, "biased": None}
    thoughts = {user["id"]: user["thought"] for user in lines(at / "population.jsonl")}
    marks = {"benign": [], "biased": []}
    for talk in lines(at / "interactions.jsonl"):
        marks[thoughts[talk["id"]]] += [mark for mark in talk.get("raw_ratings") or talk["ratings"] if mark is not None]
    return {thought: statistics.mean(given) if given else None for thought, given in marks.items()}


def fields_of(folder):
    """FIELDS of a run, after round 3."""
    last = round_of(folder, 3)
    of, oblige, marks = measured(last), pleased(last), felt(folder)
    return [of["mask", name] for name in FIELDS[:4]] + [of["capability", "accuracy"], oblige.get("biased"), oblige.get("benign"), marks["benign"], marks["biased"]]


def table(folder):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["arm", "biased", "seed", *FIELDS])
    found = []
    for cell in json.loads((Path(folder) / "sweep.json").read_text())["cells"]:
        file = Path(folder) / "cells" / cell["hash"] / "run.json"
        if not file.exists() or json.loads(file.read_text())["status"] != "done":
            continue
        found.append((cell["axes"]["case"], cell["biased"], cell["seed"], *fields_of(file.parent)))
    for row in found:
        out.writerow(written(row))


def read(whole=True):
    cells = {}
    for row in csv.DictReader(open(CSV, encoding="utf8")):
        values = {name: float(row[name]) if row[name] else None for name in FIELDS}
        cells.setdefault((row["arm"], float(row["biased"])), {})[int(row["seed"])] = values
    return {cell: seeds for cell, seeds in cells.items() if (sorted(seeds) == list(SEEDS)) == whole}


def differences(one, other, field):
    return [one[seed][field] - other[seed][field] for seed in SEEDS if one[seed][field] is not None and other[seed][field] is not None]


def interval(values):
    from scipy import stats

    mean, error = statistics.mean(values), statistics.stdev(values) / len(values) ** 0.5
    half, lowest = half_width(values), mean - half_width(values, 0.9)
    p = float(stats.t.sf((mean + MARGIN) / error, len(values) - 1)) if error else 0.0
    return mean, mean - half, mean + half, lowest, p


def points(values, scale=100):
    mean, low, high, _lowest, _p = interval(values)
    return f"{scale * mean:+.1f} [{scale * low:+.1f}, {scale * high:+.1f}]"


def numbers():
    cells = read()
    clean, dirty = cells["as is", 0.0], cells.get(("as is", 0.5))
    for (arm, biased), seeds in cells.items():
        mean = {name: [row[name] for row in seeds.values() if row[name] is not None] for name in FIELDS}
        shown = ", ".join(f"{name} {100 * statistics.mean(values) if not name.startswith('rating') else statistics.mean(values):.1f}" for name, values in mean.items() if values)
        print(f"\n{arm} at {100 * biased:g} %: {shown}")
        if seeds is clean:
            continue
        values = differences(seeds, clean, "honesty_to_first")
        *_, lowest, p = interval(values)
        print(f"  less as is at 0 %: honesty {points(values)}, one-sided 95 % bound {100 * lowest:+.1f}, p {p:.3f}: {'non-inferior' if p < 0.05 else 'not shown'}; by seed {', '.join(f'{100 * value:+.1f}' for value in values)}")
        for name in ("belief_kept", "capability"):
            values = differences(seeds, clean, name)
            *_, lowest, p = interval(values)
            print(f"  {name}: {points(values)}, one-sided bound {100 * lowest:+.1f}, p {p:.3f}")
        if dirty and seeds is not dirty and biased == 0.5:
            print(f"  less as is at 50 %: honesty {points(differences(seeds, dirty, 'honesty_to_first'))}; rating of benign users {points(differences(seeds, dirty, 'rating_benign'), 1)}, of biased ones {points(differences(seeds, dirty, 'rating_biased'), 1)}; pleasing {points(differences(seeds, dirty, 'pleasing'))}")


    for (arm, biased), seeds in read(whole=False).items():
        print(f"\n{arm} at {100 * biased:g} %: only seeds {', '.join(map(str, sorted(seeds)))}; nothing is claimed")
        for seed, row in seeds.items():
            told = [f"{name} {value if name.startswith('rating') else 100 * value:.1f}" for name, value in row.items() if value is not None]
            print(f"  {seed}: {', '.join(told)}")


SHARES = [0.0, 0.05, 0.1, 0.25, 0.5]


def bears(cells, arm):
    """The plan's fixed sequence: tests from 0 % up, to the first that fails or was not played."""
    clean, held = cells["as is", 0.0], []
    for share in SHARES:
        if (arm, share) not in cells:
            return held, share, "not played"
        values = differences(cells[arm, share], clean, "honesty_to_first")
        if cells[arm, share] is not clean and interval(values)[-1] >= 0.05:
            return held, share, "not shown"
        held.append(share)
    return held, None, "end"


def sequence():
    cells = read()
    print(f"\n{len(cells)} whole cells")
    for arm in dict.fromkeys(arm for arm, _ in cells):
        held, share, why = bears(cells, arm)
        rest = "" if share is None else f", then {why} at {100 * share:g} %"
        print(f"{arm}: non-inferior at {', '.join(f'{100 * one:g}' for one in held) or 'none'} %{rest}")


def shares():
    """The differences of all whole cells as a table in Markdown; bold where the test holds."""
    cells = read()
    print("| arm | " + " | ".join(f"{100 * share:g} %" for share in SHARES) + " |\n|" + "---|" * (1 + len(SHARES)))
    for arm in dict.fromkeys(arm for arm, _ in cells):
        row = []
        for share in SHARES:
            if (arm, share) not in cells or (arm, share) == ("as is", 0.0):
                row.append("0" if arm == "as is" and share == 0 else "")
                continue
            values = differences(cells[arm, share], cells["as is", 0.0], "honesty_to_first")
            said = points(values).replace("-", "−")
            row.append(f"**{said}**" if interval(values)[-1] < 0.05 else said)
        print(f"| {arm} | " + " | ".join(row) + " |")


def figure():
    cells = read()
    clean = cells["as is", 0.0]
    dirty = [(arm, biased, *interval(differences(seeds, clean, "honesty_to_first"))) for (arm, biased), seeds in cells.items() if biased == 0.5]
    rows = sorted(dirty, key=lambda row: row[2])
    low = min(row[3] for row in rows)
    # 440 wide, so that its letters can be read on a telephone's 390 pixels.
    whole, left, width, top, step = 440, 112, 258, 128, 30
    x = lambda value: left + width * (value - (low - 0.01)) / (0.03 - (low - 0.01))
    bottom = top + step * len(rows)
    height = bottom + 84
    words = "; ".join(f"{arm} at {100 * biased:g} % {100 * mean:+.1f} [{100 * a:+.1f}, {100 * b:+.1f}]" for arm, biased, mean, a, b, *_ in rows)
    ink = lambda at, y, said, more="": f'<text x="{at:.1f}" y="{y:.1f}" font-size="14" fill="#1f2430"{more}>{said}</text>'
    quiet = lambda at, y, said, more="": f'<text x="{at:.1f}" y="{y:.1f}" font-size="13" fill="#5a6270"{more}>{said}</text>'
    line = lambda at, more: f'<line x1="{at:.1f}" y1="{top - 8}" x2="{at:.1f}" y2="{bottom}" {more}/>'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" viewBox="0 0 {whole} {height}" role="img" aria-labelledby="t d" font-family="Helvetica, Arial, sans-serif">',
        f'<title id="t">Honesty given up at 50 % biased users</title><desc id="d">Points of honesty to first beliefs less as is at 0 %, mean of eight minnows, 95 % t intervals: {words}. Dashed: the margin, -2.</desc>',
        f'<rect width="{whole}" height="{height}" fill="#ffffff"/>',
        '<text x="12" y="24" font-size="17" font-weight="600" fill="#1f2430">Honesty given up at 50 % biased users,</text>',
        '<text x="12" y="45" font-size="17" font-weight="600" fill="#1f2430">arm by arm</text>',
        quiet(12, 68, "Points less as is at 0 % biased users: mean of eight"),
        quiet(12, 85, "minnows, bar: 95 % t interval. Dashed: the margin, −2."),
        quiet(whole - 12, top - 14, "mean", ' text-anchor="end"'),
    ]
    for tick in range(int(100 * low) // 5 * 5, 5, 5):
        if x(tick / 100) >= left:
            said = f"{tick:+d}".replace("-", "−").replace("+0", "0")
            parts.append(line(x(tick / 100), 'stroke="#e4e7ec"') + quiet(x(tick / 100), bottom + 18, said, ' text-anchor="middle"'))
    parts.append(line(x(-MARGIN), 'stroke="#1f2430" stroke-dasharray="4 4"'))
    for at, (arm, biased, mean, a, b, _lowest, p) in enumerate(rows):
        y = top + step * at + step / 2 - 4
        colour = "#0b6e4f" if p < 0.05 else "#b3402a"
        said = f"{100 * mean:+.1f}".replace("-0.0", "0.0").replace("-", "−")
        parts.append(ink(12, y + 4, arm) + ink(whole - 12, y + 4, said, ' text-anchor="end"') + f'<line x1="{x(a):.1f}" y1="{y}" x2="{x(min(b, 0.03)):.1f}" y2="{y}" stroke="{colour}" stroke-width="2"/><circle cx="{x(mean):.1f}" cy="{y}" r="5" fill="{colour}"/>')
    parts.append(quiet(12, height - 31, "Green: shown not to be lower by 2 points or more"))
    parts.append(quiet(12, height - 14, "(one-sided test at 5 %). Red: not shown.") + "</svg>")
    print("".join(parts))


def control():
    """Each arm at 50 % less itself at 0 %, paired by seed, and the minnows' means."""
    runs = {(r["arm"], float(r["biased"]), int(r["minnow"]), int(r["seed"])): r for r in csv.DictReader(open(CSV.with_name("frontier-control.csv"), encoding="utf8"))}
    for arm in dict.fromkeys(arm for arm, *_ in runs):
        dirty = {of[2:]: run for of, run in runs.items() if of[:2] == (arm, 0.5)}
        for name in ("honesty_to_first", "belief_accuracy", "capability"):
            less = {of: float(run[name]) - float(runs[arm, 0.0, *of][name]) for of, run in dirty.items()}
            minnows = [100 * statistics.mean(v for (minnow, _), v in less.items() if minnow == one) for one in sorted({minnow for minnow, _ in less})]
            print(f"{arm}, {name}: {points(list(less.values()))}; by minnow {', '.join(f'{mean:+.1f}' for mean in minnows)}; by seed {', '.join(f'{100 * v:+.1f}' for _, v in sorted(less.items(), key=lambda item: item[0][1]))}")
        print(f"  pleasing {100 * statistics.mean(float(run['pleasing']) for run in dirty.values()):.0f} %, of benign users {100 * statistics.mean(float(run['pleasing_benign']) for run in dirty.values()):.0f} %")


if __name__ == "__main__":
    if sys.argv[1:2] == ["table"]:
        table(sys.argv[2])
    elif sys.argv[1:2] == ["figure"]:
        figure()
    elif sys.argv[1:2] == ["shares"]:
        shares()
    elif sys.argv[1:2] == ["control"]:
        control()
    else:
        numbers()
        sequence()
