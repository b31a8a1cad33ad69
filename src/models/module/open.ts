import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hashFile } from "../adapters/index.js";
import { limitsOf, type TrafficChatModel } from "../limits/index.js";
import type { NamedModel, OpenContext } from "../providers/types.js";
import { canScore, type Scorer, type ScoringModel, scoredCompletionSchema } from "../score.js";
import { describeModule, openModule } from "./file.js";

/** The model of a module, within the limits. */
export async function openCode(
  { rest, name, fields }: NamedModel,
  { adapter, role, threads, traffic, permissions }: OpenContext,
): Promise<TrafficChatModel> {
  const { priceName } = await describeModule(rest, permissions);
  const context = { adapter, role, threads: threads ?? null, options: fields.options ?? {} };
  const { model, version, options } = await openModule(rest, context, permissions);
  return traffic.wrap(model, {
    role,
    name: priceName ?? name,
    baseUrl: null,
    version: adapter === null ? version : `${version} ${await versionOf(adapter)}`,
    parameters: Object.keys(options).length === 0 ? undefined : { options },
    ...limitsOf(fields),
    score: canScore(model) ? scorerOf(model) : undefined,
    release: async () => {
      if ("release" in model && typeof model.release === "function") await model.release();
    },
  });
}

const scoresSchema = z.array(scoredCompletionSchema);

/** A module's own scores, through the limits and the cache like its replies. */
function scorerOf(model: ScoringModel): Scorer {
  return async ({ messages, candidates }, put) => {
    const text = await put({ messages, parameters: { candidates } }, async (signal) => {
      const scores = await model.scoreCompletions(messages, candidates, { signal });
      return { text: JSON.stringify(scoresSchema.parse(scores)), finish: null, usage: null };
    });
    return scoresSchema.parse(JSON.parse(text));
  };
}

/** The adapter's weights by their hash, as another run may leave others at the same place; by its path where they lie elsewhere. */
async function versionOf(adapter: string): Promise<string> {
  const weights = join(adapter, "adapter_model.safetensors");
  return existsSync(weights) ? await hashFile(weights) : adapter;
}
