import { costOf, type Prices } from "./prices.js";
import type { UsageByRole } from "./usage-log.js";

export type Budget = {
  /** Most tokens, read and written, of all models on servers. */
  tokens?: number;
  /** Most money, in USD. */
  usd?: number;
  prices: Prices;
};

export type Spent = { tokens: number; usd: number };

/** Tokens and money of several usages together. Models without a price cost nothing. */
export function spentBy(usages: readonly UsageByRole[], prices: Prices): Spent {
  const spent = { tokens: 0, usd: 0 };
  for (const models of usages.flatMap((usage) => Object.values(usage))) {
    for (const [model, used] of Object.entries(models)) {
      spent.tokens += used.input_tokens + used.output_tokens;
      spent.usd += costOf(prices, model, used) ?? 0;
    }
  }
  return spent;
}

/** What a usage came to, for people: no money where a price is missing, nothing where nothing was asked. */
export function spentSoFar(
  usage: UsageByRole,
  prices: Prices,
): { tokens: number; usd: number | null } | undefined {
  const models = Object.values(usage).flatMap((role) => Object.keys(role));
  if (models.length === 0) return undefined;
  const { tokens, usd } = spentBy([usage], prices);
  return { tokens, usd: models.every((model) => Object.hasOwn(prices, model)) ? usd : null };
}

/** Why nothing more may be spent, or null while something may. */
export function overBudget(spent: Spent, { tokens, usd }: Budget): string | null {
  if (tokens !== undefined && spent.tokens >= tokens)
    return `the budget of ${tokens.toLocaleString("en")} tokens is spent (${spent.tokens.toLocaleString("en")} used)`;
  if (usd !== undefined && spent.usd >= usd)
    return `the budget of ${usd.toFixed(2)} USD is spent (${spent.usd.toFixed(2)} USD used)`;
  return null;
}
