"""The table of P(yes) that docs/evidence/ keeps: a row for each probe of provided facts, pressed and neutral, and a column for each run."""

import json
from pathlib import Path

PROBES = Path(__file__).parents[2] / "probes/english/mask/provided_facts.jsonl"


def lines(path):
    return [json.loads(line) for line in open(path, encoding="utf8")]


def print_table(names, said_yes):
    """`said_yes(name, index, probe, asked, true)` is P(yes) of a run's probe: its place in the file, its row, pressed or neutral, and its true answer."""
    print(",".join(["probe", "pair", "split", "true_answer", "asked", *names]))
    for index, probe in enumerate(lines(PROBES)):
        true = "yes" if probe["formatted_ground_truth"] == probe["closed"]["yes"] else "no"
        for asked in ("pressed", "neutral"):
            cells = (f"{said_yes(name, index, probe, asked, true):.4f}" for name in names)
            print(",".join([probe["task_id"], probe["pair"], probe["split"], true, asked, *cells]))
