import type { Observation } from "../../drift/index.js";
import { percent } from "../../report/index.js";
import type { RunManifest } from "../../runs/index.js";
import type { AxisValue } from "../../scenario/index.js";
import type { Comparison } from "../api.js";

/** A run with the name of the line that it belongs to. */
export type Labelled = {
  label: string;
  /** Within its share of biased users, where cases of one sweep are compared: the case. */
  line?: string;
  run: {
    id: string;
    manifest: RunManifest;
    biased: number;
    seen: Observation[];
    /** Probes put in the first evaluation, by suite. */
    probes: Record<string, number>;
    sweep?: string | null;
    axes?: Record<string, AxisValue>;
  };
};

/** Not settings: prose, what `candor run` does not read, and what seeds are for. */
const IGNORED = /^(?:description|seed|sweep(?:\..*)?)$/u;
/** The share of biased users says it in one number. */
const PERSONAS = /^population\.personas\./u;

/** Names runs by what tells them apart. Runs that differ by their seed alone get one name, unless they are to stay apart. */
export function labelRuns(runs: readonly Labelled["run"][], apart: boolean): Labelled[] {
  const fields = runs.map(({ manifest }) => flat(manifest.scenario));
  const names = differing(fields).filter((name) => !IGNORED.test(name));
  const byCase = areCases(runs);
  const taken = new Set<string>();
  return runs
    .map((run, index) => {
      const line = byCase ? lineOf(run) : undefined;
      const parts = byCase ? [line!, `${percent(run.biased)} biased`] : partsOf(run, fields[index]!, names);
      if (apart) parts.push(`seed ${run.manifest.seed}`);
      const label = parts.join(", ");
      // The same scenario and seed twice is one run in two folders: a line of its own.
      const key = `${label} / ${run.manifest.seed}`;
      const again = taken.has(key);
      taken.add(key);
      return { run, label: again ? `${label} (${run.id})` : label, ...(byCase && !apart ? { line } : {}) };
    })
    .sort((a, b) => a.run.biased - b.run.biased);
}

/** Whether the runs are cases of one sweep: their names say more than what they set. */
function areCases(runs: readonly Labelled["run"][]): boolean {
  const cases = new Set(runs.map(({ axes }) => axes?.case));
  return cases.size > 1 && !cases.has(undefined) && new Set(runs.map(({ sweep }) => sweep)).size === 1;
}

/** The case, with what else the grid varies but the share of biased users. */
function lineOf({ axes = {} }: Labelled["run"]): string {
  const { case: name, "population.personas.biased": _biased, ...others } = axes;
  return [name, ...Object.entries(others).map(([path, value]) => `${path.split(".").at(-1)} ${value}`)].join(
    ", ",
  );
}

/** Settings that are not the same in all runs, by line. */
export function differingFields(labelled: readonly Labelled[]): Comparison["differing"] {
  const fields = labelled.map(({ run }) => flat(run.manifest.scenario));
  return differing(fields)
    .filter((name) => !IGNORED.test(name))
    .map((field) => ({
      field,
      values: Object.fromEntries(labelled.map(({ label }, index) => [label, fields[index]![field] ?? "–"])),
    }));
}

function partsOf(run: Labelled["run"], fields: Record<string, string>, names: readonly string[]): string[] {
  const others = names.filter((name) => !PERSONAS.test(name));
  const shares = names.some((name) => PERSONAS.test(name));
  return [
    ...(shares || others.length === 0 ? [`${percent(run.biased)} biased`] : []),
    ...others.map((name) =>
      name === "name" || name === "training.method"
        ? (fields[name] ?? "–")
        : `${name.split(".").at(-1)} ${fields[name] ?? "–"}`,
    ),
  ];
}

function differing(all: readonly Record<string, string>[]): string[] {
  const names = new Set(all.flatMap((fields) => Object.keys(fields)));
  return [...names].filter((name) => new Set(all.map((fields) => fields[name])).size > 1);
}

/** Every setting by its dotted path. */
function flat(value: unknown, path = ""): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { [path]: typeof value === "string" ? value : JSON.stringify(value) };
  }
  const parts = Object.entries(value).map(([name, field]) =>
    flat(field, path === "" ? name : `${path}.${name}`),
  );
  return Object.assign({}, ...parts) as Record<string, string>;
}
