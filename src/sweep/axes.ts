import { UserError } from "../errors.js";
import { listed } from "../listed.js";
import { requireOnce } from "../once.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import {
  type AxisValue,
  isWithin,
  type LoadedScenario,
  loadScenario,
  parseOverride,
  type Scenario,
  type Setting,
} from "../scenario/index.js";
import { readTextFile } from "../text-file.js";
import { didYouMean, nearest, parseYaml } from "../yaml/index.js";
import { cellsOf } from "./jobs.js";
import type { Job } from "./types.js";

export type GridOptions = {
  /** `field=value`, as for a run. */
  set?: readonly string[];
  /** `field=a,b,c`, `field=0..1:0.1` (both ends count) or `field=@file` (a value a line): axes besides those of the file. */
  vary?: readonly string[];
  /** `field,field`: axes of equal length that go along together instead of crossing. */
  zip?: readonly string[];
};

type Axes = Record<string, readonly AxisValue[]>;

/** Loads a scenario with more or other axes than its file has. Throws a UserError with all that is wrong. */
export function loadGrid(
  file: string,
  { set = [], vary = [], zip = [] }: GridOptions,
  permissions: Permissions = NOTHING,
): LoadedScenario {
  const load = (instead: readonly Setting[] = []) => loadScenario(file, set, permissions, instead);
  const given = vary.map(parseAxis);
  requireOnce(given.map(([path], at) => ({ option: `--vary ${vary[at]}`, of: path })));
  // Twice: what the file varies has to be known before it can be changed.
  const loaded = load();
  const before = loaded.scenario.sweep;
  const axes: Axes = { ...before.vary, ...Object.fromEntries(given) };
  requireUnset(set, axes, before.cases);
  if (vary.length === 0 && zip.length === 0) return loaded;
  // What is wrong with axes is told by the options that gave them, not by the field that they are put into.
  const option = vary.map((text) => `--vary ${text}`).join(" ");
  if (zip.length === 0) return load([{ option, path: "sweep.vary", field: axes }]);
  if (zip.length > 1 || before.cases)
    throw new UserError("--zip: once, and not for scenarios with cases: they pair fields themselves");
  const paths = zip[0]!.split(",").map((path) => path.trim());
  const rest = Object.fromEntries(Object.entries(axes).filter(([path]) => !paths.includes(path)));
  const cases = zipped(paths, axes);
  return load([
    { option, path: "sweep.vary", field: rest },
    { option: `--zip ${zip[0]}`, path: "sweep.cases", field: cases },
  ]);
}

/** Throws a UserError where a field is set that every cell of the grid has a value of its own for: it would say nothing. */
function requireUnset(set: readonly string[], axes: Axes, cases: Scenario["sweep"]["cases"]): void {
  const arms = Object.values(cases ?? {});
  for (const text of set) {
    const { option, path } = parseOverride(text);
    if (Object.hasOwn(axes, path))
      throw new UserError(
        `${option}: the sweep varies it, so this would change nothing; its values are given with --vary ${path}=…`,
      );
    if (arms.length > 0 && arms.every((arm) => Object.hasOwn(arm, path)))
      throw new UserError(
        `${option}: every case of the sweep sets it, so this would change nothing; change the cases`,
      );
  }
}

/** What must be said of fields that are set and that some cases of the sweep set themselves: there another value counts. */
export function unreached(set: readonly string[] = [], { sweep }: Scenario): string[] {
  return set.flatMap((text) => {
    const { option, path } = parseOverride(text);
    const own = Object.entries(sweep.cases ?? {})
      .filter(([, arm]) => Object.keys(arm).some((field) => isWithin(path, field)))
      .map(([name]) => name);
    if (own.length === 0) return [];
    return [
      `${option} does not count in ${listed(own)}, which ${own.length === 1 ? "sets" : "set"} it in the scenario`,
    ];
  });
}

/** Axes that go along together, as named cases: the grid has one case for each place in the lists. */
function zipped(paths: readonly string[], axes: Axes): Record<string, Record<string, AxisValue>> {
  const option = `--zip ${paths.join(",")}`;
  if (paths.length < 2) throw new UserError(`${option}: name two axes or more, divided by commas`);
  const again = paths.find((path, index) => paths.indexOf(path) < index);
  if (again !== undefined) throw new UserError(`${option}: ${again} stands there twice`);
  const lists = paths.map((path) => {
    if (!Object.hasOwn(axes, path))
      throw new UserError(
        `${option}: ${path} is no axis${didYouMean(path, Object.keys(axes))}; give it values with --vary`,
      );
    return axes[path]!;
  });
  const lengths = lists.map(({ length }) => length);
  if (new Set(lengths).size > 1)
    throw new UserError(`${option}: the axes have ${lengths.join(" and ")} values`);
  const cases = lists[0]!.map((_value, index) => {
    const fields = Object.fromEntries(paths.map((path, axis) => [path, lists[axis]![index]!]));
    const name = paths.map((path) => `${path.split(".").at(-1)}=${fields[path]}`).join(" ");
    return [name.replaceAll(/[/\\]/gu, "_"), fields] as const;
  });
  const twice = cases.find(([name], index) => cases.findIndex(([other]) => other === name) < index);
  if (twice) throw new UserError(`${option}: ${twice[0]} stands there twice`);
  return Object.fromEntries(cases);
}

/** `field=values` of `--vary`, taken apart. */
export function parseAxis(text: string): [path: string, values: AxisValue[]] {
  const option = `--vary ${text}`;
  const split = text.indexOf("=");
  const path = text.slice(0, Math.max(split, 0)).trim();
  const values = text.slice(split + 1).trim();
  if (path === "" || values === "")
    throw new UserError(`${option}: expected field.path=a,b,c or 0..1:0.1 or @file`);
  if (values.startsWith("@")) return [path, readValues(values.slice(1), option)];
  const range = /^(-?[\d.]+)\.\.(-?[\d.]+)(?::([\d.]+))?$/u.exec(values);
  if (range) return [path, rangeOf(range[1]!, range[2]!, range[3] ?? "1", option)];
  return [path, values.split(",").map((value) => scalar(value, option))];
}

function readValues(file: string, option: string): AxisValue[] {
  const lines = readTextFile(file, { name: `${option}: ${file}` })
    .split("\n")
    .map((line) => line.trim());
  const values = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (values.length === 0) throw new UserError(`${option}: ${file} has no values`);
  return values.map((value) => scalar(value, option));
}

/** More values than any sweep has: a range with a forgotten digit must not fill the memory. */
const MOST_VALUES = 100_000;

/** Both ends count, so the steps must end at the last. Reckoned in whole steps of the last decimal, so that 0.1 + 0.2 is 0.3. */
function rangeOf(from: string, to: string, step: string, option: string): number[] {
  const decimals = Math.max(...[from, to, step].map((text) => text.split(".")[1]?.length ?? 0));
  const unit = 10 ** decimals;
  const [first, last, by] = [from, to, step].map((text) => Math.round(Number(text) * unit));
  const count = Math.floor((last! - first!) / by!) + 1;
  if (!(count >= 1 && count <= MOST_VALUES))
    throw new UserError(`${option}: expected from..to:step with from up to to and a step above 0`);
  const values = Array.from({ length: count }, (_, index) => (first! + index * by!) / unit);
  if (first! + (count - 1) * by! !== last)
    throw new UserError(
      `${option}: steps of ${step} from ${from} end at ${values.at(-1)}, not at ${to}; take another step, or name the values: a,b,c`,
    );
  return values;
}

function scalar(text: string, option: string): AxisValue {
  const { value } = parseYaml(text.trim(), option);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new UserError(`${option}: ${JSON.stringify(text)} is no number, word or truth value`);
}

/**
 * Which cells `axis=value` filters leave. An axis is a varied field (its last word is enough), `case` or `seed`; several
 * values of one axis (`seed=1,2`, or the option again) are any of them, several axes all of them. Throws a UserError on an
 * axis or value that the grid does not have.
 */
export function gridFilter(
  filters: readonly string[],
  scenario: Scenario,
): (cell: Pick<Job, "axes" | "scenario">) => boolean {
  if (filters.length === 0) return () => true;
  const known = new Map<string, Set<string>>();
  for (const cell of cellsOf(scenario)) {
    for (const [axis, value] of Object.entries({ ...cell.axes, seed: cell.seed }))
      known.set(axis, (known.get(axis) ?? new Set()).add(String(value)));
  }
  const wanted = new Map<string, Set<string>>();
  for (const filter of filters) {
    const [, name, values] = /^([^=]+)=(.+)$/u.exec(filter) ?? [];
    if (name === undefined) throw new UserError(`--filter ${filter}: expected axis=value`);
    const axes = [...known.keys()];
    const called = axes.filter((path) => path.split(".").at(-1) === name);
    const axis = axes.find((path) => path === name) ?? called[0];
    if (called.length > 1 && axis !== name)
      throw new UserError(
        `--filter ${filter}: ${name} may be ${listed(called, "or")}; write the whole field`,
      );
    if (axis === undefined)
      throw new UserError(
        `--filter ${filter}: no axis ${name}${hint(name, known.keys())}; there are ${[...known.keys()].join(", ")}`,
      );
    for (const written of values!.split(",").map((part) => part.trim())) {
      const value = asShown(written, known.get(axis)!);
      if (!known.get(axis)!.has(value))
        throw new UserError(
          `--filter ${filter}: ${axis} has no ${value}${hint(value, known.get(axis)!)}; it has ${[...known.get(axis)!].join(", ")}`,
        );
      wanted.set(axis, (wanted.get(axis) ?? new Set()).add(value));
    }
  }
  return ({ axes, scenario: { seed } }) => {
    const values: Record<string, AxisValue> = { ...axes, seed };
    return [...wanted].every(([axis, any]) => any.has(String(values[axis])));
  };
}

/** A value as the grid shows it: `0.10` is its 0.1. */
const asShown = (written: string, values: ReadonlySet<string>): string =>
  values.has(written) || written === "" || !Number.isFinite(Number(written))
    ? written
    : String(Number(written));

/** What was meant, of names that the message lists anyway. */
function hint(name: string, names: Iterable<string>): string {
  // Of a number no other is meant.
  const near = Number.isNaN(Number(name)) ? nearest(name, [...names]) : null;
  return near === null ? "" : `; did you mean "${near}"?`;
}
