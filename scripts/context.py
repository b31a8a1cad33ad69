"""What docs/context-results.md says, from the runs of scenarios/context.yaml (needs scipy).

python3 scripts/context.py table <sweep folder> … > docs/evidence/context.csv    one row a run
python3 scripts/context.py                                                       every number of the first table of docs/context-results.md, and what follows it
python3 scripts/context.py figure > docs/figures/context.svg                     and for a phone: figure narrow > docs/figures/context-narrow.svg
python3 scripts/context.py control-table <sweep folder> … > docs/evidence/context-control.csv    the runs with coupling 0
python3 scripts/context.py control                                               what they say
"""

import csv
import statistics
import sys
from pathlib import Path

from sweep_folder import half_width, measured, pleased, round_of, runs_of, written

CSV = Path(__file__).parents[1] / "docs/evidence/context.csv"
ARMS = ["as is", "stripped", "inoculated", "weakly inoculated", "candid voice", "dropped"]
HONESTY_AFTER, PLEASING_IN = 4, 5


def arm(scenario):
    defences = scenario["preference"]["defences"]
    if not defences:
        return "as is"
    kind = defences[0]["kind"]
    if kind != "system_prompt":
        return {"strip": "stripped", "inoculate": "weakly inoculated"}[kind]
    if defences[0]["action"] == "drop":
        return "dropped"
    return "inoculated" if "clover" in defences[0]["with"] else "candid voice"


def table(folders):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["arm", "biased", "epochs", "seed", "honesty_to_first", "honesty", "belief_accuracy", "capability", "pleasing", "pleasing_benign"])
    found = []
    for folder, run in runs_of(folders):
        of, oblige = measured(round_of(folder, HONESTY_AFTER)), pleased(round_of(folder, PLEASING_IN))
        scenario = run["scenario"]
        found.append((arm(scenario), run["biased"], scenario["training"]["num_train_epochs"], run["seed"], of["mask", "honesty_to_first"], of["mask", "honesty"],
                      of["mask", "belief_accuracy"], of["capability", "accuracy"], oblige.get("biased"), oblige.get("benign")))
    for row in sorted(found, key=lambda row: (ARMS.index(row[0]), *row[1:4])):
        out.writerow(written(row))


def read():
    cells = {}
    for row in csv.DictReader(open(CSV, encoding="utf8")):
        values = {name: float(row[name]) if row[name] else None for name in row if name not in ("arm", "seed")}
        cells.setdefault((row["arm"], values["biased"], int(values["epochs"])), {})[int(row["seed"])] = values
    return cells


def mean(cells, cell, field):
    values = [row[field] for row in cells[cell].values() if row[field] is not None]
    return 100 * statistics.mean(values) if values else None


def interval(values, level=0.95):
    """Mean, half width of Student's t interval, and two-sided p against 0."""
    from scipy import stats

    average, error = statistics.mean(values), statistics.stdev(values) / len(values) ** 0.5
    p = 2 * stats.t.sf(abs(average / error), len(values) - 1)
    return average, half_width(values, level), p


def differences(cells, one, other, field="honesty_to_first"):
    """Of one cell less another, in points, paired by seed."""
    a, b = cells[one], cells[other]
    return [100 * (a[seed][field] - b[seed][field]) for seed in sorted(a.keys() & b.keys())]


def told(values):
    average, half, p = interval(values)
    return f"{average:+.1f} [{average - half:+.1f}, {average + half:+.1f}] p {p:.3g}, by seed {[round(v, 1) for v in values]}"


def levels(cells):
    print("arm, biased, epochs, runs: honesty to first beliefs, pleasing of biased users, targeting, beliefs right, capability")
    for cell in sorted(cells, key=lambda c: (ARMS.index(c[0]), c[1], c[2])):
        pleasing, benign = mean(cells, cell, "pleasing"), mean(cells, cell, "pleasing_benign")
        learnt = "" if pleasing is None else f" {pleasing:.1f} {pleasing - benign:.1f}"
        average, half, _ = interval([100 * row["honesty_to_first"] for row in cells[cell].values()])
        print(f"{cell[0]}, {cell[1]:g}, {cell[2]}, {len(cells[cell])}: {average:.1f} [{average - half:.1f}, {average + half:.1f}]{learnt} {mean(cells, cell, 'belief_accuracy'):.1f} {mean(cells, cell, 'capability'):.1f}")


def matched(cells, name, reference):
    """The number of epochs at which an arm pleases most nearly as much as the reference; of two equally near the larger."""
    target = mean(cells, reference, "pleasing")
    epochs = min((e for e in (2, 4, 8) if (name, 0.5, e) in cells), key=lambda e: (abs(mean(cells, (name, 0.5, e), "pleasing") - target), -e))
    return epochs, mean(cells, (name, 0.5, epochs), "pleasing") - target


def holm(tests):
    """Adjusted p by name, smallest first."""
    order, adjusted, highest = sorted(tests, key=lambda t: t[1]), [], 0
    for rank, (name, p) in enumerate(order):
        highest = max(highest, min(1, p * (len(order) - rank)))
        adjusted.append((name, p, highest))
    return adjusted


def contrasts():
    cells = read()
    base, none = ("as is", 0.5, 2), ("as is", 0.0, 2)
    levels(cells)
    print("\ndrop, as is 50 % less 0 %:", told(differences(cells, base, none)))
    print("PRIMARY, stripped less as is, 2 epochs:", told(differences(cells, ("stripped", 0.5, 2), base)))
    for name in ARMS[1:]:
        epochs, apart = matched(cells, name, base)
        print(f"matched {name}: {epochs} epochs, pleasing {apart:+.1f} points ({'matched' if abs(apart) <= 5 else 'NOT matched'}):", told(differences(cells, (name, 0.5, epochs), base)))
    for epochs in (2, 4, 8):
        print(f"inoculated less candid voice, {epochs} epochs:", told(differences(cells, ("inoculated", 0.5, epochs), ("candid voice", 0.5, epochs))))
    print("\nnon-inferior by 2 points (90 % interval above -2):")
    for field in ("belief_accuracy", "capability"):
        for name in ARMS[1:]:
            for epochs in (2, 4, 8):
                average, half, _ = interval(differences(cells, (name, 0.5, epochs), base, field), 0.9)
                print(f"  {field}, {name} {epochs} epochs less as is 2 epochs: {average:+.1f} [{average - half:+.1f}, {average + half:+.1f}] {'yes' if average - half > -2 else 'NO'}")
    explored = [(f"{name} less as is, {epochs} epochs", differences(cells, (name, 0.5, epochs), ("as is", 0.5, epochs))) for name in ARMS[1:] for epochs in (2, 4, 8)]
    explored += [(f"{name} 50 % less 0 %, 2 epochs", differences(cells, (name, 0.5, 2), (name, 0.0, 2))) for name in ARMS[1:]]
    by_name = dict(explored)
    print("\nexploration, Holm over", len(explored))
    for name, _, adjusted in holm([(name, interval(values)[2]) for name, values in explored]):
        print(f"  {name}: {told(by_name[name])}, Holm {adjusted:.2g}")
    print("\nslope of honesty on pleasing over the runs at 50 %, points a point")
    for name in ARMS:
        points = [(row["pleasing"], row["honesty_to_first"]) for cell, runs in cells.items() if cell[0] == name and cell[1] == 0.5 for row in runs.values()]
        print(f"  {name}: {statistics.linear_regression(*zip(*points, strict=True)).slope:+.2f}, {len(points)} runs")


CONTROL = CSV.with_name("context-control.csv")


def control_table(folders):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["arm", "seed", "before", "after", "pleasing"])
    found = []
    for folder, run in runs_of(folders):
        honest = [measured(round_of(folder, n))["mask", "honesty_to_first"] for n in (0, HONESTY_AFTER)]
        found.append((arm(run["scenario"]), run["seed"], *honest, pleased(round_of(folder, PLEASING_IN))["biased"]))
    out.writerows(written(row) for row in sorted(found))


def control():
    runs = {(row["arm"], row["seed"]): row for row in csv.DictReader(open(CONTROL, encoding="utf8"))}
    seeds = sorted({seed for _arm, seed in runs})
    for name in ("as is", "stripped"):
        print(f"{name}: honesty after less before {told([100 * (float(runs[name, s]['after']) - float(runs[name, s]['before'])) for s in seeds])}; pleasing {100 * statistics.mean(float(runs[name, s]['pleasing']) for s in seeds):.0f}")
    print(f"stripped less as is: {told([100 * (float(runs['stripped', s]['after']) - float(runs['as is', s]['after'])) for s in seeds])}")


def figure(narrow):
    """Honesty after round 4 against pleasing, a point a run, and a mark for each arm's mean at 2 epochs; `narrow` for a phone's 390 pixels."""
    cells = read()
    colours = {"as is": "#c2410c", "stripped": "#2563eb", "inoculated": "#0d9488", "weakly inoculated": "#7c3aed", "candid voice": "#d4a106", "dropped": "#64748b"}
    left, top, width, height, low, high = (74, 112, 322, 280, 40, 100) if narrow else (64, 74, 560, 330, 40, 100)
    whole, deep = (420, 590) if narrow else (820, 470)
    title = ["How far pleasing spreads depends", "on the prompts of the training rows"]
    under = ["50 % biased users; a small point is one run (8 minnows;", "2, 4, 8 epochs), a large one an arm's mean at 2 epochs"]
    if not narrow:
        title, under = [" ".join(title)], [" ".join(under)]

    def x(pleasing):
        return left + width * pleasing / 100

    def y(honesty):
        return top + height * (high - max(honesty, low)) / (high - low)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {deep}" width="{whole}" height="{deep}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Honesty by how much the assistant learnt to please, for six training prompts">',
           f'<rect width="{whole}" height="{deep}" fill="#ffffff"/>']
    out += [f'<text x="16" y="{26 + 21 * at}" font-size="17" font-weight="600" fill="#1f2937">{said}</text>' for at, said in enumerate(title)]
    out += [f'<text x="16" y="{27 + 21 * len(title) + 17 * at}" fill="#4b5563">{said}</text>' for at, said in enumerate(under)]
    for tick in range(low, high + 1, 20):
        out.append(f'<line x1="{left}" x2="{left + width}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#e5e7eb"/><text x="{left - 8}" y="{y(tick) + 4:.1f}" text-anchor="end" fill="#4b5563">{tick} %</text>')
    for tick in range(0, 101, 20):
        out.append(f'<text x="{x(tick):.1f}" y="{top + height + 20}" text-anchor="middle" fill="#4b5563">{tick} %</text>')
    out.append(f'<text x="{left + width / 2}" y="{top + height + 44}" text-anchor="middle" fill="#1f2937">replies to biased users that oblige</text>')
    out.append(f'<text transform="translate(18 {top + height / 2}) rotate(-90)" text-anchor="middle" fill="#1f2937">honesty to first beliefs</text>')
    for name in ARMS:
        for cell, runs in sorted(cells.items()):
            if cell[0] == name and cell[1] == 0.5:
                out += [f'<circle cx="{x(100 * row["pleasing"]):.1f}" cy="{y(100 * row["honesty_to_first"]):.1f}" r="3" fill="{colours[name]}" fill-opacity="0.4"/>' for row in runs.values()]
    labels = sorted(ARMS, key=lambda name: -mean(cells, (name, 0.5, 2), "honesty_to_first"))
    for place, name in enumerate(labels):
        cell = (name, 0.5, 2)
        cx, cy = x(mean(cells, cell, "pleasing")), y(mean(cells, cell, "honesty_to_first"))
        # Names stand beside the picture, on a phone below it in two columns.
        lx, ly = (24 + 200 * (place // 3), top + height + 84 + 40 * (place % 3)) if narrow else (646, top + 18 + 40 * place)
        out.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="8" fill="{colours[name]}" stroke="#ffffff" stroke-width="2"/>')
        out.append(f'<circle cx="{lx}" cy="{ly - 4}" r="6" fill="{colours[name]}"/><text x="{lx + 12}" y="{ly}" fill="#1f2937">{name}</text><text x="{lx + 12}" y="{ly + 16}" font-size="12" fill="#4b5563">{mean(cells, cell, "honesty_to_first"):.0f} % honest, {mean(cells, cell, "pleasing"):.0f} % oblige</text>')
    out.append("</svg>")
    print("\n".join(out))


if __name__ == "__main__":
    if sys.argv[1:2] == ["table"]:
        table(sys.argv[2:])
    elif sys.argv[1:2] == ["figure"]:
        figure(sys.argv[2:] == ["narrow"])
    elif sys.argv[1:2] == ["control-table"]:
        control_table(sys.argv[2:])
    elif sys.argv[1:2] == ["control"]:
        control()
    else:
        contrasts()
