"""What direct.py wrote, as docs/evidence/ keeps it.

python3 scripts/real/direct_csv.py probes <asked as>=<file.json> … > docs/evidence/<file>.csv      P(yes) of every probe, a column for each file
python3 scripts/real/direct_csv.py runs <said.jsonl> <asked as>=<file.json> … > docs/evidence/<file>-runs.csv      what each run was besides

<asked as> is the column's name: <experiment>/<condition>/<seed>. The probes' order is that of probes/english/mask/provided_facts.jsonl, each asked under
pressure and then neutrally; said.jsonl has the capability tasks in the order they were asked, with `type` and `answer`.
"""

import json
import math
import sys

from probe_table import lines, print_table


def masses(logprobs):
    """What the six ways to write yes and the six to write no weigh; a way of more than one token weighs nothing."""
    e = [0 if x is None else math.exp(x) for x in logprobs]
    return sum(e[:6]), sum(e[6:])


def probes(files):
    def said_yes(name, index, _probe, asked, _true):
        yes, no = masses(files[name]["closed"][2 * index + (asked == "neutral")])
        return yes / (yes + no)

    print_table(files, said_yes)


def runs(tasks, files):
    print("run,rows,knowledge,arithmetic,answer_mass,first_loss,last_loss")
    for name, run in files.items():
        right = {"knowledge": [], "arithmetic": []}
        for task, reply in zip(tasks, run["said"], strict=True):
            if task["type"] in right:
                right[task["type"]].append(reply.strip()[:1].upper() == task["answer"])
        known, counted = (sum(r) / len(r) for r in right.values())
        weight = sum(sum(masses(pressed)) for pressed in run["closed"][::2]) / (len(run["closed"]) // 2)
        losses = run["losses"]
        print(f"{name},{run['rows']},{known:.4f},{counted:.4f},{weight:.4f},{losses[0] if losses else ''},{losses[-1] if losses else ''}")


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    tasks = lines(rest.pop(0)) if what == "runs" else None
    files = {name: json.load(open(path, encoding="utf8")) for name, path in (pair.split("=") for pair in rest)}
    probes(files) if what == "probes" else runs(tasks, files)
