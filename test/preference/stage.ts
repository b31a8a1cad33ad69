import type { z } from "zod";
import type { Interaction } from "../../src/interaction/types.js";
import type { Candidate, Defence, DefenceContext } from "../../src/preference/index.js";
import { talk } from "./talks.js";

export type Kept = { values: unknown[] };

/** What a stage is told of a round that stands by itself; `kept` is what an earlier attempt left on disk. */
export function context(parts: Partial<DefenceContext> = {}, kept: Kept = { values: [] }): DefenceContext {
  return {
    runSeed: 7,
    round: 1,
    method: "sft",
    source: "talks",
    seed: "7/round/1/defence",
    users: new Map(),
    taught: async () => [],
    concurrency: undefined,
    keep: async <T>(
      schema: z.ZodType<T>,
      key: (value: T) => string,
      make: (done: ReadonlyMap<string, T>, add: (value: T) => Promise<void>) => Promise<readonly T[]>,
    ) =>
      await make(
        new Map(kept.values.map((one) => schema.parse(one)).map((value) => [key(value), value])),
        async (value) => {
          kept.values.push(value);
        },
      ),
    ...parts,
  };
}

export const screened = async (
  defence: Defence,
  candidates: readonly Candidate[],
  parts: Partial<DefenceContext> = {},
  kept?: Kept,
) => await defence.screen!(candidates, context(parts, kept));

export const ids = (candidates: readonly Interaction[]) => candidates.map(({ id }) => id);

/** Conversations named a, b, c … with these rewards. */
export const rewarded = (...rewards: (number | null)[]): Candidate[] =>
  rewards.map((reward, index) => talk(String.fromCharCode(97 + index), reward));

/** A conversation with these replies. */
export function saying(id: string, ...replies: string[]): Candidate {
  const base = talk(id, 10, id, replies.length);
  let reply = 0;
  const messages = base.messages.map((message) =>
    message.role === "assistant" ? { ...message, content: replies[reply++]! } : message,
  );
  return { ...base, messages };
}
