import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readPrices } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import { readRunIn, readUsage } from "../runs/index.js";
import type { Scenario } from "../scenario/index.js";
import { isEvaluated, run, tryOut } from "../simulation/index.js";
import { notWritten } from "../whole/index.js";
import { doneJobs, jobsOf } from "./jobs.js";
import type { Job } from "./types.js";

export type PlanOptions = {
  folder: string;
  scenarioPath: string;
  /** What the user lets the scenario do; nothing if absent. */
  permissions?: Permissions;
  only: (job: Job) => boolean;
  /** Runs at the same time. */
  workers: number;
  signal?: AbortSignal;
};

/** What a sweep takes. Tokens are those of models that are not embedded; `usd` is null without a price for one of them. */
export type Plan = {
  cells: number;
  done: number;
  workers: number;
  seconds: number;
  input_tokens: number;
  output_tokens: number;
  usd: number | null;
  /** What the probe itself took. */
  probe: { seconds: number; tokens: number };
};

/**
 * Reckons what a sweep takes from two small runs of its first missing cell, in a folder of their own. Stages are taken to
 * cost something fixed and something for each user or probe. Runs with other models or methods than the first are reckoned
 * like it.
 */
export async function planSweep(scenario: Scenario, options: PlanOptions): Promise<Plan> {
  const { folder, scenarioPath, only, workers } = options;
  const jobs = jobsOf(scenario, folder, scenarioPath).filter(only);
  const done = await doneJobs(jobs, null);
  const todo = jobs.filter(({ hash }) => !done.has(hash));
  const counts = { cells: jobs.length, done: done.size, workers };
  const first = todo[0];
  if (!first) {
    const probe = { seconds: 0, tokens: 0 };
    return { ...counts, seconds: 0, input_tokens: 0, output_tokens: 0, usd: 0, probe };
  }
  const { suites } = await tryOut(first.scenario, { scenarioPath, permissions: options.permissions });
  const probes = suites.reduce((sum, suite) => sum + suite.probes.length, 0);
  const prices = first.scenario.budget?.prices;
  const priceList = prices === undefined ? {} : readPrices(resolve(dirname(scenarioPath), prices));
  // Of different proportions, so that what users take can be told from what probes take.
  const small = await measure(first, { users: 12, probes: 3 }, priceList, options);
  const large = await measure(first, { users: 36, probes: 1 }, priceList, options);
  const cellSeconds = todo.map(({ scenario }) => secondsOf(scenario, probes, small, large));
  const total = cellSeconds.reduce((sum, seconds) => sum + seconds, 0);
  const tokens = (kind: "input" | "output" | "usd"): number =>
    todo.reduce((sum, { scenario }) => sum + amountOf(scenario, probes, kind, small, large), 0);
  const unpriced = small.unpriced || large.unpriced;
  return {
    ...counts,
    // The last runs keep fewer workers busy; no sweep is faster than its longest run.
    seconds: Math.max(total / Math.min(workers, todo.length), ...bounded(cellSeconds)),
    input_tokens: Math.round(tokens("input")),
    output_tokens: Math.round(tokens("output")),
    usd: unpriced ? null : tokens("usd"),
    probe: {
      seconds: small.seconds + large.seconds,
      tokens: small.input + small.output + large.input + large.output,
    },
  };
}

/** A spread argument list has limits; the longest of the first thousands is long enough. */
const bounded = (values: readonly number[]): readonly number[] => values.slice(0, 10_000);

type Prices = ReturnType<typeof readPrices>;

type Measured = {
  users: number;
  /** Put in one evaluation. */
  probes: number;
  /** Seconds of each stage, and all together. */
  stages: Record<"interaction" | "training" | "evaluation", number>;
  seconds: number;
  /** Of the whole run: its users, and two evaluations. */
  input: number;
  output: number;
  usd: number;
  unpriced: boolean;
};

async function measure(
  job: Job,
  size: { users: number; probes: number },
  prices: Prices,
  { permissions, signal }: Pick<PlanOptions, "permissions" | "signal">,
): Promise<Measured> {
  const parent = await mkdtemp(join(tmpdir(), "candor-plan-")).catch((error: unknown) => {
    throw notWritten(tmpdir(), error, { advice: "name another folder for temporary files (TMPDIR)" });
  });
  const folder = join(parent, "probe");
  try {
    const begun = performance.now();
    await run(smaller(job.scenario, size), {
      folder,
      scenarioPath: job.scenarioPath,
      permissions,
      threads: 1,
      signal,
    });
    const seconds = (performance.now() - begun) / 1000;
    const { rounds, disk } = await readRunIn(folder);
    const put = (await disk.round(1).probes.read())!.length;
    const usage = Object.values((await readUsage(folder)) ?? {}).flatMap((models) => Object.entries(models));
    const price = (name: string) => (Object.hasOwn(prices, name) ? prices[name] : undefined);
    const input = sum(usage.map(([, { input_tokens }]) => input_tokens));
    const output = sum(usage.map(([, { output_tokens }]) => output_tokens));
    const { interaction = 0, training = 0, evaluation = 0 } = rounds[1]!.seconds;
    return {
      users: Math.min(size.users, job.scenario.population.size),
      probes: put,
      stages: { interaction, training, evaluation },
      seconds,
      input,
      output,
      usd: sum(
        usage.map(
          ([name, used]) =>
            ((price(name)?.input ?? 0) * used.input_tokens +
              (price(name)?.output ?? 0) * used.output_tokens) /
            1e6,
        ),
      ),
      unpriced: usage.some(([name]) => price(name) === undefined),
    };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** One round of the same with few users and probes. Nothing of the cache, which would make models look free. */
function smaller(scenario: Scenario, { users, probes }: { users: number; probes: number }): Scenario {
  const { population, preference, evaluation, training } = scenario;
  const share = (amount: number): number => (amount <= 1 ? amount : amount / population.size);
  const suites = Object.entries(evaluation.suites).map(([name, suite]) => [name, { ...suite, probes }]);
  return {
    ...scenario,
    gate: undefined,
    rounds: 1,
    cache: false,
    budget: undefined,
    population: { ...population, size: Math.min(users, population.size) },
    preference: { ...preference, top: share(preference.top), bottom: share(preference.bottom) },
    training: { ...training, every: 1 },
    evaluation: { ...evaluation, every: 1, suites: Object.fromEntries(suites) },
  };
}

function secondsOf(scenario: Scenario, probes: number, small: Measured, large: Measured): number {
  const { rounds, population, training } = scenario;
  const line = (stage: keyof Measured["stages"], by: "users" | "probes", amount: number): number =>
    onLine([small[by], small.stages[stage]], [large[by], large.stages[stage]], amount);
  const trained = Math.floor(rounds / training.every);
  return (
    rounds * line("interaction", "users", population.size) +
    trained * line("training", "users", population.size * training.every) +
    evaluations(scenario) * line("evaluation", "probes", probes)
  );
}

function evaluations(scenario: Scenario): number {
  return Array.from({ length: scenario.rounds + 1 }, (_, round) => isEvaluated(scenario, round)).filter(
    Boolean,
  ).length;
}

/** Where a line through two points is at x; never falling, as noise would have it. */
function onLine([x1, y1]: [number, number], [x2, y2]: [number, number], x: number): number {
  if (x1 === x2) return (Math.max(y1, y2) * x) / x1;
  const slope = Math.max(0, (y2 - y1) / (x2 - x1));
  return slope === 0 ? (Math.max(y1, y2) * x) / Math.max(x1, x2) : Math.max(0, y1 + slope * (x - x1));
}

/** Tokens or money: so much for a user and so much for a probe, solved from the two small runs. */
function amountOf(
  scenario: Scenario,
  probes: number,
  kind: "input" | "output" | "usd",
  small: Measured,
  large: Measured,
): number {
  // Each small run has one round and two evaluations.
  const [a, b, c, d] = [small.users, 2 * small.probes, large.users, 2 * large.probes];
  const determinant = a * d - b * c;
  const perUser = Math.max(
    0,
    determinant === 0 ? small[kind] / a : (small[kind] * d - large[kind] * b) / determinant,
  );
  const perProbe = Math.max(0, determinant === 0 ? 0 : (large[kind] * a - small[kind] * c) / determinant);
  return scenario.rounds * scenario.population.size * perUser + evaluations(scenario) * probes * perProbe;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
