import { dirname, join, resolve } from "node:path";
import {
  type Budget,
  describeModel,
  findNamed,
  isEmbedded,
  type ModelSpec,
  openTraffic,
  type RateLimiter,
  readPrices,
  type Traffic,
} from "../models/index.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import { ofFieldNow, refusal, rolesAsked, type Scenario, stageJudge } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";

export type TrafficRequest = {
  folder: string;
  scenarioPath: string;
  permissions?: Permissions;
  rateLimiter?: RateLimiter;
  /** Told what people must know of who answered. */
  notice?: (text: string) => void;
};

/**
 * Cache and budget of a run as its scenario has them. Throws a UserError if a price is missing that the budget needs.
 */
export async function trafficOf(
  scenario: Scenario,
  { folder, scenarioPath, permissions = NOTHING, rateLimiter, notice }: TrafficRequest,
): Promise<Traffic> {
  return openTraffic({
    cache: cacheFolder(scenario.cache, folder),
    budget: await budgetOf(scenario, scenarioPath, permissions),
    rateLimiter,
    notice,
  });
}

/** Beside the run folders by default, so that the runs of a sweep share what they have in common. */
function cacheFolder(cache: Scenario["cache"], folder: string): string | null {
  if (cache === false) return null;
  return cache === true ? join(dirname(resolve(folder)), ".cache") : resolve(cache);
}

/** What a scenario may spend. Throws a UserError where its prices cannot be read, or lack one that the budget needs. */
export async function budgetOf(
  scenario: Scenario,
  scenarioPath: string,
  permissions: Permissions,
): Promise<Budget | null> {
  const { budget } = scenario;
  if (!budget) return null;
  const { tokens, usd, prices: file } = budget;
  if (file === undefined) return { tokens, usd, prices: {} };
  const field = { scenarioPath, field: ["budget", "prices"], value: file };
  const path = shownPath(resolve(dirname(scenarioPath), file));
  const prices = ofFieldNow(field, () => readPrices(path));
  if (usd === undefined) return { tokens, usd, prices };
  const priced = await Promise.all(modelsOf(scenario).map((spec) => priceName(spec, permissions)));
  const missing = priced.find((name) => name !== null && !Object.hasOwn(prices, name));
  if (!missing) return { tokens, usd, prices };
  throw refusal(
    field,
    `${path}: no price for ${missing}; add "${missing}: { input: …, output: … }" in USD per million tokens`,
  );
}

/** All models that a scenario has asked: those of its roles, and the judges of its defences. */
function modelsOf(scenario: Scenario): ModelSpec[] {
  const judges = scenario.preference.defences.flatMap((one) => stageJudge(one) ?? []);
  return [...rolesAsked(scenario).map((role) => scenario.models[role]), ...judges];
}

/** The name in the price file of a model on a server; null for what costs nothing, and for what is no model, as some judges. */
async function priceName(spec: ModelSpec, permissions: Permissions): Promise<string | null> {
  return findNamed(spec) && !isEmbedded(spec) ? (await describeModel(spec, permissions)).priceName : null;
}
