import { createHash } from "node:crypto";
import type { AxisValue } from "./fields.js";
import { withField } from "./fields.js";
import type { Scenario } from "./schema.js";

/** One run of a sweep. */
export type Cell = {
  /** The scenario of this run: its seed and varied fields set, its own `sweep` a single run. */
  scenario: Scenario;
  /** Dotted path to the value it has in this cell, in the order of `sweep.vary`. */
  axes: Record<string, AxisValue>;
  seed: number;
  /** `scenarioHash` of the cell's scenario; names the run folder. */
  hash: string;
};

/** The runs of a sweep: the product of `sweep.vary`, first axis slowest, each with `sweep.seeds` seeds from `seed` on. */
export function expandSweep(scenario: Scenario): Cell[] {
  return combinations(scenario.sweep.vary).flatMap((axes) => {
    let varied: Scenario = { ...scenario, sweep: { seeds: 1, vary: {} } };
    for (const [path, value] of Object.entries(axes)) varied = withField(varied, path, value);
    return Array.from({ length: scenario.sweep.seeds }, (_, index) => {
      const seeded = { ...varied, seed: scenario.seed + index };
      return { scenario: seeded, axes, seed: seeded.seed, hash: scenarioHash(seeded) };
    });
  });
}

/** Every combination of axis values, first axis slowest; one empty combination if nothing varies. */
export function combinations(vary: Record<string, AxisValue[]>): Record<string, AxisValue>[] {
  return Object.entries(vary).reduce<Record<string, AxisValue>[]>(
    (grid, [path, values]) => grid.flatMap((axes) => values.map((value) => ({ ...axes, [path]: value }))),
    [{}],
  );
}

/**
 * Ten hexadecimal digits that name what a run computes: SHA-256 over the canonical JSON (sorted keys) of the resolved
 * scenario. Leaves out `sweep`, which a single run does not read, and `description`, which is prose.
 */
export function scenarioHash(scenario: Scenario): string {
  const { sweep: _sweep, description: _description, population, ...others } = scenario;
  // The order of personas counts (it breaks ties), that of all other fields does not.
  const computed = {
    ...others,
    population: { ...population, personas: Object.entries(population.personas) },
  };
  return createHash("sha256").update(canonicalJson(computed)).digest("hex").slice(0, 10);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
