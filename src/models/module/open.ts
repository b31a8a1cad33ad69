import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import { placed } from "../../mistakes.js";
import { shownPath } from "../../shown-path.js";
import { thrownAt } from "../../thrown-at.js";
import { checked } from "../../yaml/index.js";
import { hashFile } from "../adapters/index.js";
import { limitsOf, type TrafficChatModel } from "../limits/index.js";
import type { NamedModel, OpenContext } from "../providers/types.js";
import {
  canScore,
  type ScoredCompletion,
  type Scorer,
  type ScoringModel,
  scoredCompletionSchema,
} from "../score.js";
import { describeModule, openModule } from "./file.js";

/** The model of a module, within the limits. */
export async function openCode(
  { rest, name, fields }: NamedModel,
  { adapter, role, threads, traffic, permissions }: OpenContext,
): Promise<TrafficChatModel> {
  const { priceName } = await describeModule(rest, permissions);
  const context = { adapter, role, threads: threads ?? null, options: fields.options ?? {} };
  const { model, version, options } = await openModule(rest, context, permissions);
  return traffic.wrap(withPlaces(model, rest), {
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

/**
 * The model, whose errors end in the line of its module that has part in them. They stay the errors that they are: which of them pass is
 * told by their kind.
 */
function withPlaces(model: BaseChatModel, file: string): BaseChatModel {
  return new Proxy(model, {
    get: (target, name) => {
      const found: unknown = Reflect.get(target, name, target);
      if (typeof found !== "function") return found;
      const called = (...args: unknown[]): unknown => Reflect.apply(found, target, args);
      if (name !== "invoke") return called;
      return async (...args: unknown[]) => {
        try {
          return await called(...args);
        } catch (error) {
          throw placedError(error, file);
        }
      };
    },
  });
}

function placedError(error: unknown, file: string): unknown {
  const at = error instanceof Error ? thrownAt(error, file) : null;
  if (at === null || !(error instanceof Error)) return error;
  const place = placed({ file: shownPath(file), ...at });
  if (!error.message.includes(place))
    Object.defineProperty(error, "message", { value: `${error.message} (${place})`, configurable: true });
  return error;
}

const scoresSchema = z.array(scoredCompletionSchema);

/** A score for each candidate. Throws an Error that says what is wrong with what a module gave. */
function scoresFor(candidates: readonly string[], given: unknown): ScoredCompletion[] {
  const scores = checked(
    scoresSchema,
    given,
    (problem) => new Error(`scoreCompletions() gives no scores: ${problem}`),
  );
  if (scores.length !== candidates.length)
    throw new Error(`scoreCompletions() gives ${scores.length} scores for ${candidates.length} candidates`);
  return scores;
}

/** A module's own scores, through the limits and the cache like its replies. */
function scorerOf(model: ScoringModel): Scorer {
  return async ({ messages, candidates }, put) => {
    const text = await put({ messages, parameters: { candidates } }, async (signal) => {
      const scores = await model.scoreCompletions(messages, candidates, { signal });
      return { text: JSON.stringify(scoresFor(candidates, scores)), finish: null, usage: null };
    });
    const kept: unknown = JSON.parse(text);
    return scoresFor(candidates, kept);
  };
}

/** The adapter's weights by their hash, as another run may leave others at the same place; by its path where they lie elsewhere. */
async function versionOf(adapter: string): Promise<string> {
  const weights = join(adapter, "adapter_model.safetensors");
  return existsSync(weights) ? await hashFile(weights) : adapter;
}
