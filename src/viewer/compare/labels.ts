import { type Grid, gridOf, type Observation } from "../../drift/index.js";
import { termsOf } from "../../report/index.js";
import type { RunManifest } from "../../runs/index.js";
import type { AxisValue } from "../../scenario/index.js";
import type { Comparison } from "../api.js";
import { common, differing, type Settings, settingsOf } from "../folder/index.js";

/** A run with the name of the line that it belongs to. */
export type Labelled = {
  label: string;
  /** Within its share of biased users, where cases of one sweep are compared: the case. */
  line?: string;
  /** Whether the share alone tells the runs apart. */
  byShare: boolean;
  /** Its share of biased users, in words. */
  share: string;
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

/** The share of biased users says it in one number. */
const PERSONAS = /^population\.personas\./u;

/** Names runs by what tells them apart. Runs that differ by their seed alone get one name, unless they are to stay apart. */
export function labelRuns(runs: readonly Labelled["run"][], apart: boolean): Labelled[] {
  const byCase = areCases(runs);
  const grid = gridOf(runs.map(cellOf));
  const { names, byShare } = byCase ? { names: [], byShare: false } : namesOf(runs);
  const taken = new Set<string>();
  return runs
    .map((run, index) => {
      const line = byCase ? lineOf(run, grid) : undefined;
      const parts = byCase ? [line!, shareOf(run)] : [names[index]!];
      if (apart) parts.push(`seed ${run.manifest.seed}`);
      const label = parts.join(", ");
      // The same scenario and seed twice is one run in two folders: a line of its own.
      const key = `${label} / ${run.manifest.seed}`;
      const again = taken.has(key);
      taken.add(key);
      return {
        run,
        label: again ? `${label} (${run.id})` : label,
        byShare: byShare && !apart,
        share: shareOf(run),
        ...(byCase && !apart ? { line } : {}),
      };
    })
    .sort((a, b) => a.run.biased - b.run.biased);
}

/** Whether the runs are cases of one sweep: their names say more than what they set. */
function areCases(runs: readonly Labelled["run"][]): boolean {
  const cases = new Set(runs.map(({ axes }) => axes?.case));
  return cases.size > 1 && !cases.has(undefined) && new Set(runs.map(({ sweep }) => sweep)).size === 1;
}

function cellOf({ manifest, axes = {}, biased }: Labelled["run"]) {
  const { name, training } = manifest.scenario;
  return { scenario: name, axes, method: training.method, biased };
}

function shareOf({ manifest, biased }: Labelled["run"]): string {
  return termsOf(manifest.scenario).label(biased);
}

/** The case, with what else the grid varies but the share of biased users. */
function lineOf(run: Labelled["run"], grid: Grid): string {
  const { case: name, ...others } = grid.named(cellOf(run));
  return [name, ...Object.entries(others).map(([path, value]) => `${path.split(".").at(-1)} ${value}`)].join(
    ", ",
  );
}

/** Settings that are not the same in all runs, by line, and those that are. */
export function settingsBeside(labelled: readonly Labelled[]): Pick<Comparison, "differing" | "same"> {
  const settings = labelled.map(({ run }) => settingsOf(run.manifest.scenario));
  return {
    differing: differing(settings).map((field) => ({
      field,
      values: Object.fromEntries(labelled.map(({ label }, index) => [label, settings[index]![field] ?? "–"])),
    })),
    same: common(settings),
  };
}

/** A part of a name, for every run. */
type Part = string[];

/**
 * A name for each run, of as few parts as tell apart all that differ by more than their seed: the share of biased users, the
 * scenario's name, the method, and then other settings in the scenario's order.
 */
function namesOf(runs: readonly Labelled["run"][]): { names: string[]; byShare: boolean } {
  const settings = runs.map(({ manifest }) => settingsOf(manifest.scenario));
  const paths = differing(settings);
  const kinds = new Set(settings.map((own) => JSON.stringify(paths.map((path) => own[path])))).size;
  const joined = (parts: readonly Part[]) => runs.map((_, at) => parts.map((part) => part[at]!).join(", "));
  const share = runs.map(shareOf);
  const chosen: Part[] = [];
  for (const { part, always } of [{ part: share, always: true }, ...partsOf(paths, settings)]) {
    const before = new Set(joined(chosen)).size;
    if (before === kinds && !always) break;
    // What does not tell more apart now never will.
    if (new Set(part).size > 1 && (always || new Set(joined([...chosen, part])).size > before))
      chosen.push(part);
  }
  const parts = chosen.length > 0 ? chosen : [share];
  return { names: joined(parts), byShare: parts.every((part) => part === share) };
}

/** Parts after the share of biased users. Scenarios' names are always told: they are what a reader knows runs by. */
function partsOf(paths: readonly string[], settings: readonly Settings[]): { part: Part; always: boolean }[] {
  const plain = ["name", "training.method"].filter((path) => paths.includes(path));
  const others = paths.filter((path) => !plain.includes(path) && !PERSONAS.test(path));
  // Shares that read alike are told apart by their digits at last.
  const shares = paths.filter((path) => PERSONAS.test(path));
  return [
    ...plain.map((path) => ({ part: settings.map((own) => own[path] ?? "–"), always: path === "name" })),
    ...[...others, ...shares].map((path) => ({
      part: settings.map((own) => `${path.split(".").at(-1)} ${own[path] ?? "–"}`),
      always: false,
    })),
  ];
}
