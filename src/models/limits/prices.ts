import { z } from "zod";
import { readChecked } from "../../yaml/index.js";

/** A price file: model name, as it stands after `openai:`, to USD per million tokens. */
export const pricesSchema = z.record(
  z.string(),
  z
    .strictObject({
      input: z.number().nonnegative().describe("USD per million tokens that the model reads."),
      output: z.number().nonnegative().describe("USD per million tokens that it writes."),
    })
    .describe("A model, by its name as it stands after `openai:`."),
);

export type Prices = z.output<typeof pricesSchema>;

/** Reads a price file. Throws a UserError with every problem in it. */
export function readPrices(path: string): Prices {
  return readChecked(pricesSchema, path);
}

/** What tokens of a model cost, in USD; null where its price is not known. */
export function costOf(
  prices: Prices,
  model: string,
  { input_tokens, output_tokens }: { input_tokens: number; output_tokens: number },
): number | null {
  const price = Object.hasOwn(prices, model) ? prices[model]! : null;
  return price && (price.input * input_tokens + price.output * output_tokens) / 1e6;
}
