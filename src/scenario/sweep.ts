import { createHash } from "node:crypto";
import { withMinnow } from "./family.js";
import type { AxisValue } from "./fields.js";
import { withFields } from "./fields.js";
import { longestProbeReply } from "./probe-reply.js";
import { type Scenario, scenarioSchema } from "./schema.js";

/** One run of a sweep. */
export type Cell = {
  /** The scenario of this run: its seed and varied fields set, its own `sweep` a single run. */
  scenario: Scenario;
  /** `case` to the name of its case, if there are cases; then dotted path to its value, in the order of `sweep.vary`. */
  axes: Record<string, AxisValue>;
  seed: number;
  /** `scenarioHash` of the cell's scenario; names the run folder. */
  hash: string;
};

/**
 * The runs of a sweep: every case with the product of `sweep.vary`, cases slowest, then the first axis, each with
 * `sweep.seeds` seeds from `seed` on; each seed plays with its own minnow.
 */
export function expandSweep(scenario: Scenario): Cell[] {
  const { primary: _primary, ...drift } = scenario.drift;
  const single: Scenario = { ...scenario, sweep: { seeds: 1, vary: {} }, drift };
  const { seeds, vary, cases } = scenario.sweep;
  return (cases ? Object.keys(cases) : [null]).flatMap((name) => {
    // Values of a case are as written; parsing fills in their defaults.
    const arm = name === null ? single : scenarioSchema.parse(withFields(single, cases![name]!));
    return combinations(vary).flatMap((combination) => {
      const varied = withFields(arm, combination);
      const axes = name === null ? combination : { case: name, ...combination };
      return Array.from({ length: seeds }, (_, index) => {
        const seeded = withMinnow({ ...varied, seed: scenario.seed + index });
        return { scenario: seeded, axes, seed: seeded.seed, hash: scenarioHash(seeded) };
      });
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
 * scenario. Leaves out `sweep`, which a single run does not read, `description`, which is prose, `drift` and `gate`, which only reports read, and what says only how
 * models are reached and paid for: a run that ran out of budget or time goes on with more of it.
 */
export function scenarioHash(scenario: Scenario): string {
  const {
    sweep: _sweep,
    description: _description,
    drift: _drift,
    gate: _gate,
    budget: _budget,
    cache: _cache,
    population,
    models,
    ...others
  } = withMinnow(scenario);
  const evaluation = { ...others.evaluation, max_tokens: longestProbeReply(scenario) };
  // The order of personas counts (it breaks ties), that of all other fields does not.
  const computed = {
    ...others,
    evaluation,
    models: Object.fromEntries(Object.entries(models).map(([role, spec]) => [role, computedModel(spec)])),
    population: { ...population, personas: Object.entries(population.personas) },
  };
  return createHash("sha256").update(canonicalJson(computed)).digest("hex").slice(0, 10);
}

type Model = Scenario["models"]["assistant"];

function computedModel(spec: Model): Partial<Model> {
  if (typeof spec === "string") return spec;
  const {
    max_concurrency: _most,
    requests_per_minute: _rate,
    timeout_s: _timeout,
    api_key_env: _key,
    ...computed
  } = spec;
  return computed;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
