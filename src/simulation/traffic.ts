import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
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
import { type Scenario, shownPath } from "../scenario/index.js";

/**
 * Cache and budget of a run as its scenario has them. Throws a UserError if a price is missing that the budget needs.
 */
export async function trafficOf(
  scenario: Scenario,
  { folder, scenarioPath, rateLimiter }: { folder: string; scenarioPath: string; rateLimiter?: RateLimiter },
): Promise<Traffic> {
  return openTraffic({
    cache: cacheFolder(scenario.cache, folder),
    budget: await budgetOf(scenario, scenarioPath),
    rateLimiter,
  });
}

/** Beside the run folders by default, so that the runs of a sweep share what they have in common. */
function cacheFolder(cache: Scenario["cache"], folder: string): string | null {
  if (cache === false) return null;
  return cache === true ? join(dirname(resolve(folder)), ".cache") : resolve(cache);
}

async function budgetOf(scenario: Scenario, scenarioPath: string): Promise<Budget | null> {
  const { budget } = scenario;
  if (!budget) return null;
  const { tokens, usd, prices: file } = budget;
  if (file === undefined) return { tokens, usd, prices: {} };
  const path = shownPath(resolve(dirname(scenarioPath), file));
  const prices = readPrices(path);
  if (usd === undefined) return { tokens, usd, prices };
  const priced = await Promise.all(modelsOf(scenario).map(priceName));
  const missing = priced.find((name) => name !== null && !Object.hasOwn(prices, name));
  if (!missing) return { tokens, usd, prices };
  throw new UserError(
    `${path}: no price for ${missing}; add "${missing}: { input: …, output: … }" in USD per million tokens`,
  );
}

/** All models that a scenario has asked: those of its roles, and the judges of its defences. */
function modelsOf({ models, preference }: Scenario): ModelSpec[] {
  const judges = preference.defences.flatMap((one) => ("judge" in one ? [one.judge] : []));
  return [...Object.values(models), ...judges];
}

/** The name in the price file of a model on a server; null for what costs nothing, and for what is no model, as some judges. */
async function priceName(spec: ModelSpec): Promise<string | null> {
  return findNamed(spec) && !isEmbedded(spec) ? (await describeModel(spec)).priceName : null;
}
