"""P(yes) of every probe and run of a sweep in one CSV file, as docs/evidence/ keeps them, for contrasts.py.

python3 scripts/real/probes_csv.py <sweep folder> <round> <scenario field, e.g. source.share> <name> > docs/evidence/<file>.csv
"""

import json
import sys
from pathlib import Path

folder, number, field, name = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
probes = [json.loads(line) for line in open(Path(__file__).parents[2] / "probes/english/mask/provided_facts.jsonl", encoding="utf8")]


def of(scenario):
    for key in field.split("."):
        scenario = scenario[key]
    return scenario


columns = {}
for run in sorted(folder.glob("cells/*/run.json")):
    scenario = json.loads(run.read_text())["scenario"]
    file = run.parent / f"rounds/{number:03d}/probes.jsonl"
    if file.exists():
        scores = (json.loads(line) for line in open(file, encoding="utf8"))
        column = {row["probe"]: row["scores"] for row in scores if row["suite"] == "mask"}
        columns[(of(scenario), scenario["seed"])] = column
order = sorted(columns)
print(",".join(["probe", "pair", "split", "true_answer", "asked", *(f"{name}/{value}/{seed}" for value, seed in order)]))
for probe in probes:
    for asked, prefix in (("pressed", ""), ("neutral", "neutral_")):
        cells, true = [], None
        for key in order:
            scores = columns[key][probe["task_id"]]
            true = "yes" if f"{prefix}yes_when_true" in scores else "no"
            said_yes = scores[f"{prefix}yes_when_{'true' if true == 'yes' else 'false'}"]
            cells.append(f"{said_yes:.4f}")
        print(",".join([probe["task_id"], probe["pair"], probe["split"], true, asked, *cells]))
