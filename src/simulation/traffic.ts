import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import {
  type Budget,
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
export function trafficOf(
  scenario: Scenario,
  { folder, scenarioPath, rateLimiter }: { folder: string; scenarioPath: string; rateLimiter?: RateLimiter },
): Traffic {
  return openTraffic({
    cache: cacheFolder(scenario.cache, folder),
    budget: budgetOf(scenario, scenarioPath),
    rateLimiter,
  });
}

/** Beside the run folders by default, so that the runs of a sweep share what they have in common. */
function cacheFolder(cache: Scenario["cache"], folder: string): string | null {
  if (cache === false) return null;
  return cache === true ? join(dirname(resolve(folder)), ".cache") : resolve(cache);
}

function budgetOf({ budget, models }: Scenario, scenarioPath: string): Budget | null {
  if (!budget) return null;
  const { tokens, usd, prices: file } = budget;
  if (file === undefined) return { tokens, usd, prices: {} };
  const path = shownPath(resolve(dirname(scenarioPath), file));
  const prices = readPrices(path);
  const priced = Object.values(models).map(priceName);
  const missing = priced.find((name) => name !== null && !Object.hasOwn(prices, name));
  if (usd === undefined || !missing) return { tokens, usd, prices };
  throw new UserError(
    `${path}: no price for ${missing}; add "${missing}: { input: …, output: … }" in USD per million tokens`,
  );
}

/** The name in the price file of a model on a server; null for what costs nothing. */
function priceName(spec: ModelSpec): string | null {
  const name = typeof spec === "string" ? spec : spec.model;
  return name.startsWith("openai:") ? name.slice("openai:".length) : null;
}
