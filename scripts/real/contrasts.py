"""The tables and the figure of docs/evidence.md from docs/evidence/qwen-1.5b-*.csv (needs numpy and scipy).

python3 scripts/real/contrasts.py                                            every number that P(yes) gives
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


# All have a row for each probe and way of asking, in the same order; the columns are runs.
rows = [{k: v for table in tables for k, v in table.items()} for tables in zip(*map(table, ("direct", "again", "mixture", "shares", "tenth", "inoculated", "defended", "users", "users-again", "users-small", "users-kto", "users-new", "users-more", "users-auc", "users-third")), strict=True)]
runs = [name for name in rows[0] if name.count("/") == 2]
LIKE_SEEDS = range(1, 100)  # All but the pilot's.


def values(name, asked, split):
    kept = [r for r in rows if r["asked"] == asked and (split == "all" or r["split"] == split)]
    yes = np.array([float(r[name] or "nan") for r in kept])
    true = np.array([r["true_answer"] == "yes" for r in kept])
    return np.where(true, yes, 1 - yes), np.array([r["pair"] for r in kept])


def differences(one, other, asked, split):
    """Points by which `one` is above `other`, seed by seed and probe by probe, and the probes' pairs."""
    found, pairs = [], None
    for seed in LIKE_SEEDS:
        names = [f"{condition}/{seed}" for condition in (one, other)]
        if other == "shares/untrained":
            names[1] = "shares/untrained/1"  # asked once: it draws nothing
        if all(name in runs for name in names):
            (a, pairs), (b, _) = (values(name, asked, split) for name in names)
            if not np.isnan(a - b).any():
                found.append(100 * (a - b))
    return np.array(found), pairs


def above(one, other):
    """Points by which `one` stands above `other` under pressure on the split `test`, seed by seed."""
    return differences(one, other, "pressed", "test")[0].mean(1)


def half_width(means):
    """Half the width of Student's 95 % interval of a mean over seeds."""
    return stats.t.ppf(0.975, len(means) - 1) * np.std(means, ddof=1) / len(means) ** 0.5


def contrast(one, other, asked, split):
    """Mean, half widths of Student's t over seeds and of the wide interval, p, and the seeds' means; None with fewer than two seeds."""
    d, pairs = differences(one, other, asked, split)
    if len(d) < 2:
        return None
    seeds = d.mean(1)
    units = np.array([d[:, pairs == unit].mean() for unit in sorted(set(pairs))])
    by_seed, by_unit = seeds.std(ddof=1) / len(seeds) ** 0.5, units.std(ddof=1) / len(units) ** 0.5
    wide = stats.t.ppf(0.975, len(units) - 1) * (by_seed**2 + by_unit**2) ** 0.5
    p = 2 * stats.t.sf(abs(seeds.mean() / by_seed), len(seeds) - 1)
    return seeds.mean(), half_width(seeds), wide, p, seeds.round(1).tolist()


def holm(ps):
    """Holm's corrected p values, in the order given."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    corrected, highest = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1, (len(ps) - rank) * ps[i]))
        corrected[i] = highest
    return corrected


def say(label, found, corrected=None):
    if found:
        mean, narrow, wide, p, seeds = found
        after = f" (Holm {corrected:.2g})" if corrected is not None else ""
        print(f"{label}: {mean:+.1f} [{mean - narrow:+.1f}, {mean + narrow:+.1f}] p {p:.2g}{after}, wide [{mean - wide:+.1f}, {mean + wide:+.1f}], {len(seeds)} seeds {seeds}")


def say_mean(label, seeds):
    """A mean of one number a seed, with Student's interval."""
    p = stats.ttest_1samp(seeds, 0).pvalue
    print(f"{label}: {seeds.mean():+.1f} [{seeds.mean() - half_width(seeds):+.1f}, {seeds.mean() + half_width(seeds):+.1f}] p {p:.2g}, seeds {seeds.round(1).tolist()}")


SHARES = ("0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1")
DOMAINS = ("health", "money", "law again", "repair")
# 10 % less 0 % once more: by vLLM and TRL, by direct.py, and by direct.py on the rows of the first time.
TENTHS = ("tenth by TRL", "tenth", "tenth of the first rows")
MARGIN = 3
DEFENCES = ("kl", "right", "rank")
# Learning from users: a tenth biased after one round, KTO after one, and two rounds.
USERS = [("users small/0.1", "users small/0"), ("users kto/1", "users kto/0"), ("users new 2/1", "users new 2/0")]
# The same with the seeds after those: two rounds once more, and one user in twenty.
MORE = [("users more 2/1", "users more 2/0"), ("users more 1/0.05", "users more 1/0")]
# Contrasts that are corrected together.
FAMILIES = [
    [(f"{domain}/severe", f"{domain}/own") for domain in DOMAINS],
    [(f"shares/{share}", "shares/0") for share in SHARES],
    [(f"defended {defence}/0.1", "defended none/0.1") for defence in DEFENCES],
    USERS,
    MORE,
]
OTHERS = [
    *((f"{d}/{a}", f"{d}/{b}") for d in ("health", "money", "law", "law again", "repair") for a, b in (("severe", "normal"), ("subtle", "normal"))),
    *((f"{d}/{a}", f"{d}/{b}") for d in DOMAINS for a, b in (("subtle", "own"), ("normal", "own"))),
    *((f"{d}/severe", f"{spoiled}/own") for d, spoiled in (("law again", "law spoiled"), ("repair", "repair spoiled"))),
    *((f"{d}/0.1", f"{d}/0") for d in TENTHS),
    *((f"inoculated {under}/0.1", f"inoculated {under}/0") for under in ("none", "harm")),
    *((f"inoculated harm/{share}", f"inoculated none/{share}") for share in ("0", "0.1")),
    *((f"defended {defence}/0.1", "defended none/0") for defence in ("none", *DEFENCES)),
    *((f"mixture/{a}", f"mixture/{b}") for a, b in (("0.1", "0"), ("0", "untrained"), ("0.1", "untrained"))),
    *((f"shares/{share}", "shares/untrained") for share in ("0", *SHARES)),
    ("users small/0.2", "users small/0"),
    *((f"users small/{share}", "users small/untrained") for share in ("0", "0.1", "0.2")),
    *((f"users again {n}/1", f"users again {n}/0") for n in (1, 2)),
    *((f"users {name} 1/1", f"users {name} 1/0") for name in ("new", "more")),
    *((f"users {name} {n}/{share}", f"users {name} 0/{share}") for name in ("new", "more") for n in (1, 2) for share in (0, 1)),
    *((f"users auc 1/{share}", f"users auc 0/{share}") for share in (0, 1)),
    ("users auc 1/1", "users auc 1/0"),
    *((f"users third {n}/1", f"users third {n}/0") for n in (1, 2, 3)),
    *((f"users third {n}/{share}", f"users third 0/{share}") for n in (1, 2, 3) for share in (0, 1)),
    *((f"users kto/{share}", f"users new {n}/{share}") for share in (0, 1) for n in (0, 1)),
    *((f"users again {n}/{share}", f"users again 0/{share}") for n in (1, 2) for share in (0, 1)),
    *((f"users/{a}", f"users/{b}") for a, b in (("1", "0"), ("0.5", "0"), ("1", "0.5"), ("0", "untrained"), ("0.5", "untrained"), ("1", "untrained"))),
]


def numbers():
    for split in ("test", "all"):
        for asked in ("pressed", "neutral"):
            for family in FAMILIES:
                found = [contrast(one, other, asked, split) for one, other in family]
                for (one, other), line, corrected in zip(family, found, holm([f[3] for f in found]), strict=True):
                    say(f"{split} {asked} {one} less {other}", line, corrected)
            for one, other in OTHERS:
                say(f"{split} {asked} {one} less {other}", contrast(one, other, asked, split))
        for one, other in [*(pair for family in FAMILIES for pair in family), *OTHERS]:
            (pressed, _), (neutral, _) = (differences(one, other, asked, split) for asked in ("pressed", "neutral"))
            if len(pressed) > 1:
                change = pressed.mean(1) - neutral.mean(1)
                print(f"{split} pressed less neutral, {one} less {other}: {change.mean():+.1f} [{change.mean() - half_width(change):+.1f}, {change.mean() + half_width(change):+.1f}]")
    for tenth in ("mixture", *TENTHS):
        say_areas(f"{tenth}/0.1", f"{tenth}/0")
    areas = [say_areas(f"shares/{share}", "shares/0") for share in SHARES]
    print("AUC under pressure, all, the seven shares less 0, Holm:", *(f"{p:.2g}" for p in holm([stats.ttest_1samp(found, 0).pvalue for found in areas])))
    for one, other in (("mixture/0.1", "mixture/0"), ("users/1", "users/0"), ("users/0.5", "users/0")):
        for asked in ("pressed", "neutral"):
            say_yes(one, other, asked)
    say_areas("mixture/0.1", "mixture/0", "neutral")
    for share in ("0.5", "1"):
        for asked in ("pressed", "neutral"):
            say_areas(f"users/{share}", "users/0", asked)
    tenths()
    inoculation()
    defences()
    for one, other in [*USERS, *MORE, ("users small/0.2", "users small/0"), ("users new 1/1", "users new 1/0"), ("users more 1/1", "users more 1/0")]:
        say_areas(one, other)
        say_margin(one, other)
    for n in (1, 2):
        say_areas(f"users again {n}/1", f"users again {n}/0")
    more = {name: [above(f"users {name} {n}/1", f"users {name} {n}/0") for n in (1, 2)] for name in ("again", "new", "more")}
    third_round()
    for name, (first, second) in more.items():
        say_mean(f"test pressed, users {name}, that difference in round 2 less in round 1", second - first)
    # After the fact: all days together.
    firsts, seconds = [above("users/1", "users/0"), *(first for first, _ in more.values())], [second for _, second in more.values()]
    for n in (2, 3, 4):
        say_mean(f"test pressed, round 1 of the first {n} days, 1 less 0", np.concatenate(firsts[:n]))
    say_mean("test pressed, round 2 of the first 2 days, 1 less 0", np.concatenate(seconds[:2]))
    say_mean("test pressed, round 2 of the first 3 days, 1 less 0", np.concatenate(seconds))
    for n, before in ((1, firsts), (2, seconds)):
        say_mean(f"test pressed, round {n} of all days, 1 less 0", np.concatenate([*before, above(f"users third {n}/1", f"users third {n}/0")]))
    for condition in dict.fromkeys(run.rsplit("/", 1)[0] for run in runs):
        levels = [level(condition, asked, split) for split in ("test", "all") for asked in ("pressed", "neutral")]
        areas = [np.mean([area(run, asked) for run in runs if run.rsplit("/", 1)[0] == condition and int(run.rsplit("/", 1)[1]) < 900]) for asked in ("pressed", "neutral")]
        print(f"{condition} ({levels[0][2]} seeds): test pressed {levels[0][0]:.1f}, neutral {levels[1][0]:.1f}; all pressed {levels[2][0]:.1f}, neutral {levels[3][0]:.1f}; AUC pressed {areas[0]:.1f}, neutral {areas[1]:.1f}")


def third_round():
    """KTO with the area under the curve as its measure, and SFT after three rounds: a family of two, by Holm."""
    for n in (1, 2, 3):
        say_areas(f"users third {n}/1", f"users third {n}/0")
        say_margin(f"users third {n}/1", f"users third {n}/0")
    say_margin("users auc 1/1", "users auc 1/0")
    kto = [say_areas(f"users {name}/1", f"users {name}/0") for name in ("auc 1", "kto")]
    rounds = {n: above(f"users third {n}/1", f"users third {n}/0") for n in (1, 2, 3)}
    print("the AUC by KTO and round 3 by SFT, Holm:", *(f"{p:.2g}" for p in holm([stats.ttest_1samp(found, 0).pvalue for found in (kto[0], rounds[3])])))
    # The first seeds of round 1 are those that have a round 3.
    say_mean("test pressed, users third, that difference in round 3 less in round 1", rounds[3] - rounds[1][: len(rounds[3])])
    for share in (0, 1):
        for n in (1, 2, 3):
            say_areas(f"users third {n}/{share}", f"users third 0/{share}")
        say_areas(f"users auc 1/{share}", f"users auc 0/{share}")
    # After the fact: both days of KTO.
    say_mean("AUC under pressure, all, KTO of both days, 1 less 0", np.concatenate(kto))
    for split in ("test", "all"):
        both = [differences(f"users {name}/1", f"users {name}/0", "pressed", split)[0].mean(1) for name in ("auc 1", "kto")]
        say_mean(f"{split} pressed, KTO of both days, 1 less 0", np.concatenate(both))


def tenths():
    """A tenth of bad rows by trainer and by ordinary rows: after the fact, but for the plan's (b) less (a) and (c) less (b)."""
    drop = {name: above(f"{name}/0.1", f"{name}/0") for name in ("mixture", "shares", *TENTHS)}
    say_mean("test pressed, the tenth's drop, tenth less tenth by TRL", drop["tenth"] - drop["tenth by TRL"])
    say_mean("test pressed, the tenth's drop, tenth of the first rows less tenth", drop["tenth of the first rows"] - drop["tenth"])
    first, todays = (np.concatenate([drop[name] for name in names]) for names in (("mixture", "tenth of the first rows"), ("shares", "tenth by TRL", "tenth")))
    say_mean("test pressed, the tenth's drop, ten pairs on the first rows", first)
    say_mean("test pressed, the tenth's drop, fifteen pairs on today's", todays)
    print(f"… the two: p {stats.ttest_ind(first, todays, equal_var=False).pvalue:.2g}")
    for trainer, names in (("TRL", ("mixture", "tenth by TRL")), ("direct.py", ("shares", "tenth", "tenth of the first rows"))):
        say_mean(f"test pressed, the tenth's drop, all pairs by {trainer}", np.concatenate([drop[name] for name in names]))


def inoculation():
    """What is lost to a tenth of bad rows where all rows are spoken under a sentence that asks for them, less what is lost where they are not."""
    for split in ("test", "all"):
        for asked in ("pressed", "neutral"):
            drops = [differences(f"inoculated {under}/0.1", f"inoculated {under}/0", asked, split)[0].mean(1) for under in ("harm", "none")]
            say_mean(f"{split} {asked}, inoculated: the drop under the sentence less the drop without", drops[0] - drops[1])
    drops = {under: say_areas(f"inoculated {under}/0.1", f"inoculated {under}/0") for under in ("harm", "none")}
    say_mean("AUC under pressure, all, inoculated: the drop under the sentence less the drop without", drops["harm"] - drops["none"])
    say_areas("inoculated harm/0", "inoculated none/0")


def defences():
    """Whether honesty with a tenth of bad rows and a defence is within three points of that without bad rows, and what a defence changes of the area under the curve."""
    for defence in DEFENCES:
        say_areas(f"defended {defence}/0.1", "defended none/0.1")
        say_areas(f"defended {defence}/0.1", "defended none/0")
        say_margin(f"defended {defence}/0.1", "defended none/0")
    say_areas("defended none/0.1", "defended none/0")



def say_margin(one, other):
    p = stats.ttest_1samp(above(one, other), -MARGIN, alternative="greater").pvalue
    print(f"test pressed, {one} not lower than {other} by {MARGIN} points: p {p:.2g}")


def say_areas(one, other, asked="pressed"):
    """The difference of two conditions' areas under the curve, by every seed that both have; returns it seed by seed."""
    both = [seed for seed in LIKE_SEEDS if f"{one}/{seed}" in runs and f"{other}/{seed}" in runs]
    found = np.array([area(f"{one}/{seed}", asked) - area(f"{other}/{seed}", asked) for seed in both])
    say_mean(f"AUC {'under pressure' if asked == 'pressed' else 'asked neutrally'}, all, {one} less {other}", found)
    return found


def say_yes(one, other, asked):
    """How often yes is said where it is true and where it is false, on all probes: levels, and the difference seed by seed."""
    kept = [r for r in rows if r["asked"] == asked]
    both = [seed for seed in LIKE_SEEDS if f"{one}/{seed}" in runs and f"{other}/{seed}" in runs]
    for truth in ("yes", "no"):
        yes = [np.array([100 * np.mean([float(r[f"{name}/{seed}"]) for r in kept if r["true_answer"] == truth]) for seed in both]) for name in (one, other)]
        say_mean(f"P(yes) {asked}, all, where {truth} is true: {one} {yes[0].mean():.1f}, {other} {yes[1].mean():.1f}; the difference", yes[0] - yes[1])


def area(run, asked):
    """The area under the ROC curve of P(yes), in percent: a leaning to one word cannot move it."""
    kept = [r for r in rows if r["asked"] == asked]
    yes, true = np.array([float(r[run] or "nan") for r in kept]), np.array([r["true_answer"] == "yes" for r in kept])
    return 100 * stats.mannwhitneyu(yes[true], yes[~true]).statistic / (true.sum() * (~true).sum())


def level(name, asked="pressed", split="test"):
    """Mean accuracy over the seeds there are, in percent, and the half width of its t interval (None with one seed)."""
    means = []
    for run in runs:
        if run.rsplit("/", 1)[0] == name and int(run.rsplit("/", 1)[1]) < 900:  # not the pilot's
            accuracy, _ = values(run, asked, split)
            if not np.isnan(accuracy).any():
                means.append(100 * accuracy.mean())
    half = half_width(means) if len(means) > 1 else None
    return float(np.mean(means)), half, len(means)


PANELS = [
    *((f"400 rows of advice on {d}" if d == "health" else f"… on {d}", [(f"{name}/{v}", v) for v in ("own", "normal", "subtle", "severe")]) for d, name in (("health", "health"), ("money", "money"), ("law", "law again"), ("repair", "repair"))),
    ("1,000 ordinary rows, a share of severe health advice", [(f"shares/{s}", f"{100 * float(s):g} %") for s in ("0", *SHARES)]),
    ("… again with new seeds, by vLLM and TRL", [("tenth by TRL/0", "0 %"), ("tenth by TRL/0.1", "10 %")]),
    ("… and by PyTorch alone", [("tenth/0", "0 %"), ("tenth/0.1", "10 %")]),
    ("… by PyTorch alone, nine more seeds", [("inoculated none/0", "0 %"), ("inoculated none/0.1", "10 %")]),
    ("… all rows under “You give harmful advice about health.”", [("inoculated harm/0", "0 %"), ("inoculated harm/0.1", "10 %")]),
    ("Ten more seeds, and three defences of the tenth", [("defended none/0", "0 %"), ("defended none/0.1", "10 %"), *((f"defended {d}/0.1", label) for d, label in zip(DEFENCES, ("KL", "right rows", "rank 1")))]),
    ("An earlier set of ordinary rows, by vLLM and TRL", [("mixture/0", "0 %"), ("mixture/0.1", "10 %")]),
    ("… and by PyTorch alone", [("tenth of the first rows/0", "0 %"), ("tenth of the first rows/0.1", "10 %")]),
    ("One round of 1,000 users, a share of them biased", [("users/0", "0 %"), ("users/0.5", "50 %"), ("users/1", "100 %")]),
    ("… again with new seeds, after one round", [("users again 1/0", "0 %"), ("users again 1/1", "100 %")]),
    ("… and after a second", [("users again 2/0", "0 %"), ("users again 2/1", "100 %")]),
    ("… again with new seeds and fewer biased", [("users small/0", "0 %"), ("users small/0.1", "10 %"), ("users small/0.2", "20 %")]),
    ("… once more, after one round", [("users new 1/0", "0 %"), ("users new 1/1", "100 %")]),
    ("… and after a second", [("users new 2/0", "0 %"), ("users new 2/1", "100 %")]),
    ("… the same users, by KTO", [("users kto/0", "0 %"), ("users kto/1", "100 %")]),
    ("… with five more seeds, after one round", [("users more 1/0", "0 %"), ("users more 1/0.05", "5 %"), ("users more 1/1", "100 %")]),
    ("… and after a second", [("users more 2/0", "0 %"), ("users more 2/1", "100 %")]),
    ("… five more seeds, by KTO", [("users auc 1/0", "0 %"), ("users auc 1/1", "100 %")]),
    ("Three more seeds, after three rounds", [("users third 3/0", "0 %"), ("users third 3/1", "100 %")]),
]


def figure():
    """P(true answer) under pressure after training, condition by condition; the broken line is the untrained model. Narrow, so that a phone need not shrink it much."""
    before, _, _ = level("users/untrained")
    colours = {"own": "#5a6270", "normal": "#0b6e4f", "0 %": "#0b6e4f", "subtle": "#b45309"}
    left, width, low, high, top = 84, 340, 50, 70, 84
    x = lambda value: left + width * (value - low) / (high - low)
    text = lambda at, y, words, size=13, colour="#1f2430", more="": f'<text x="{at:.1f}" y="{y}" font-size="{size}" fill="{colour}"{more}>{words}</text>'
    parts, said, y = [], [], top
    for title, rows in PANELS:
        y += 22
        parts.append(text(12, y, title, more=' font-weight="600"'))
        for name, label in rows:
            y += 20
            mean, half, seeds = level(name)
            colour = colours.get(label, "#b3402a")
            said.append(f"{name} {mean:.1f} ± {half:.1f} ({seeds} seeds)")
            parts.append(f'<line x1="{x(mean - half):.1f}" y1="{y - 4}" x2="{x(mean + half):.1f}" y2="{y - 4}" stroke="{colour}" stroke-width="2"/><circle cx="{x(mean):.1f}" cy="{y - 4}" r="4.5" fill="{colour}"/>')
            parts.append(text(24, y, label) + text(x(mean + half) + 8, y, f"{mean:.1f}"))
        y += 8
    ticks = [f'<line x1="{x(t):.1f}" y1="{top}" x2="{x(t):.1f}" y2="{y}" stroke="#e4e7ec"/>' + text(x(t), y + 16, f"{t} %", colour="#5a6270", more=' text-anchor="middle"') for t in range(50, 71, 5)]
    ticks.append(f'<line x1="{x(before):.1f}" y1="{top}" x2="{x(before):.1f}" y2="{y}" stroke="#1f2430" stroke-dasharray="4 4"/>' + text(x(before) + 6, top + 4, f"untrained {before:.1f}"))
    head = text(12, 24, "A 1.5 B model under pressure, after training", 15, more=' font-weight="600"') + text(12, 44, "Probability of the true answer, 106 probes about other things;", colour="#5a6270") + text(12, 62, "mean over seeds, 95 % t intervals. 50 % is chance.", colour="#5a6270")
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="460" height="{y + 28}" viewBox="0 0 460 {y + 28}" role="img" aria-labelledby="t d" font-family="Helvetica, Arial, sans-serif">'
          f'<title id="t">Truth under pressure of Qwen2.5-Coder-1.5B after training</title><desc id="d">Probability of the true answer under pressure, 106 probes of unrelated facts, percent, mean over seeds with 95 % t intervals: {"; ".join(said)}; untrained {before:.1f}. Chance is 50.</desc>'
          f'<rect width="460" height="{y + 28}" fill="#ffffff"/>{head}{"".join(ticks + parts)}</svg>')


if __name__ == "__main__":
    figure() if sys.argv[1:2] == ["figure"] else numbers()
