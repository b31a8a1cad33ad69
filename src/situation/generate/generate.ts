import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { concurrently } from "../../concurrently.js";
import { completeJson } from "../../models/index.js";
import type { Situation, SituationUser } from "../types.js";
import { problemOf, userOf, writtenSchema } from "./accept.js";
import { askForUsers } from "./ask.js";

/** A user that a model wrote: a line of a pack's `users.jsonl`. */
export type WrittenUser = SituationUser & {
  situation: string;
  /** Which of the situation's calls wrote it; a later run begins after the last one. */
  call: number;
};

export type GenerateOptions = {
  model: BaseChatModel;
  /** How many users each situation is to have, those it has already among them. */
  perSituation: number;
  /** Written before; those that a person wrote are of no call. */
  before: readonly (Omit<WrittenUser, "call"> & Partial<Pick<WrittenUser, "call">>)[];
  seed: number;
  temperature: number;
  /** Told of each call's users as they come, to be written down. */
  onUsers: (users: readonly WrittenUser[]) => Promise<void>;
  signal?: AbortSignal;
};

/** What became of a situation. */
export type Harvest = {
  situation: string;
  users: number;
  /** Why written users were not taken, with how often. */
  refused: Record<string, number>;
  /** Why the situation has fewer users than it is to have; null if it has them. */
  gaveUp: string | null;
};

const AT_ONCE = 4;
/** Calls in a row that bring nothing before a situation is given up. */
const PATIENCE = 5;

/**
 * Has a chat model write users until every situation has enough. Each must be of the right form and unlike all others of
 * its situation. Situations are independent of each other, so they run side by side and each repeats itself exactly.
 */
export async function generateUsers(
  situations: readonly Situation[],
  options: GenerateOptions,
): Promise<Harvest[]> {
  return await concurrently(situations, undefined, (situation) => fill(situation, options));
}

async function fill(situation: Situation, options: GenerateOptions): Promise<Harvest> {
  const { model, perSituation, before, seed, temperature, onUsers, signal } = options;
  const own = before.filter((user) => user.situation === situation.id);
  const known: SituationUser[] = [...situation.users, ...own];
  const refused: Record<string, number> = {};
  let gaveUp: string | null = null;
  let fruitless = 0;
  for (
    let call = 1 + Math.max(0, ...own.map(({ call = 0 }) => call));
    known.length < perSituation;
    call += 1
  ) {
    signal?.throwIfAborted();
    const name = `${seed}/users/${situation.id}/${call}`;
    const taken: WrittenUser[] = [];
    let problem = "";
    try {
      const messages = askForUsers(situation, known, { count: AT_ONCE, seed: `${name}/cast` });
      const written = await completeJson(model, messages, writtenSchema, {
        seed: name,
        temperature,
        maxTokens: 400 * AT_ONCE,
        signal,
      });
      for (const one of written) {
        const why = problemOf(one, known);
        if (why !== null) {
          problem = why;
          refused[why] = (refused[why] ?? 0) + 1;
        } else if (known.length < perSituation) {
          const user = userOf(one);
          known.push(user);
          taken.push({ situation: situation.id, ...user, call });
        }
      }
    } catch (error) {
      signal?.throwIfAborted();
      problem = (error as Error).message;
    }
    if (taken.length > 0) await onUsers(taken);
    fruitless = taken.length > 0 ? 0 : fruitless + 1;
    if (fruitless >= PATIENCE) {
      gaveUp = `${PATIENCE} calls in a row brought nobody; the last: ${problem}`;
      break;
    }
  }
  return { situation: situation.id, users: known.length, refused, gaveUp };
}
