import type { Catalogue, RunEntry, Status, SweepEntry } from "../../../api.js";

/** What stands together in the list: a run by itself, or a sweep with those of its runs that pass the filter. */
export type Group =
  | { kind: "run"; changed: number; run: RunEntry }
  | { kind: "sweep"; changed: number; sweep: SweepEntry; shown: RunEntry[] };

/** The list's groups that pass a filter of words, those that changed last first; archived ones where they are wanted. */
export function groupsOf({ runs, sweeps }: Catalogue, text: string, archived: boolean): Group[] {
  const words = text.toLowerCase().split(/\s+/u);
  const groups: Group[] = [];
  const listed = ({ labels }: Pick<RunEntry, "labels">) => archived || !labels?.archived;
  for (const sweep of sweeps.filter(listed)) {
    const shown = sweep.runs.filter((run) => matches(run, words, sweep.labels));
    if (shown.length > 0) groups.push({ kind: "sweep", changed: lastChange(sweep), sweep, shown });
  }
  for (const run of runs.filter(listed))
    if (run.sweep === null && matches(run, words)) groups.push({ kind: "run", changed: run.changed, run });
  return groups.sort((a, b) => b.changed - a.changed);
}

/** How many runs and sweeps are archived. */
export function archivedIn({ runs, sweeps }: Catalogue): number {
  return [...runs, ...sweeps].filter(({ labels }) => labels?.archived).length;
}

/** When one of a sweep's runs last changed, in ms since 1970; 0 where none has begun. */
export function lastChange({ runs }: SweepEntry): number {
  return runs.reduce((last, { changed }) => Math.max(last, changed), 0);
}

/** How a sweep stands: as the run that needs most looking after. */
export function sweepStatus({ runs }: Pick<SweepEntry, "runs">): Status {
  for (const status of ["running", "failed", "damaged", "interrupted", "stopped"] as const)
    if (runs.some((run) => run.status === status)) return status;
  return runs.every(({ status }) => status === "done") ? "done" : "waiting";
}

/** A run of a sweep by what tells it from the others. */
export function axesOf({ axes, seed }: RunEntry): string {
  const values = Object.entries(axes).map(([path, value]) => `${path.split(".").at(-1)} ${value}`);
  return [...values, `seed ${seed}`].join(", ");
}

function matches(run: RunEntry, words: readonly string[], labels = run.labels): boolean {
  const own = [
    run.name,
    run.id,
    run.status,
    run.method,
    run.assistant,
    `seed ${run.seed}`,
    run.share,
    labels?.name ?? "",
    ...(labels?.tags ?? []),
  ];
  const all = own.join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}

/** The set with the id, or without it where it had it. */
export function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
