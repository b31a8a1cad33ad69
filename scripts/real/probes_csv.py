"""P(yes) of every probe and run of sweeps in one CSV file, as docs/evidence/ keeps them, for contrasts.py.

python3 scripts/real/probes_csv.py <round> <scenario field, e.g. source.share> <name> <sweep folder> … > docs/evidence/<file>.csv
"""

import json
import sys
from pathlib import Path

from probe_table import lines, print_table

number, field, name, folders = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]


def of(scenario):
    for key in field.split("."):
        scenario = scenario[key]
    return scenario


columns = {}
for run in (run for folder in folders for run in sorted(Path(folder).glob("cells/*/run.json"))):
    scenario = json.loads(run.read_text())["scenario"]
    file = run.parent / f"rounds/{number:03d}/probes.jsonl"
    if file.exists():
        columns[(of(scenario), scenario["seed"])] = {row["probe"]: row["scores"] for row in lines(file) if row["suite"] == "mask"}
runs = {f"{name}/{value}/{seed}": columns[value, seed] for value, seed in sorted(columns)}


def said_yes(run, _index, probe, asked, true):
    prefix = "" if asked == "pressed" else "neutral_"
    return runs[run][probe["task_id"]][f"{prefix}yes_when_{'true' if true == 'yes' else 'false'}"]


print_table(runs, said_yes)
