import { concurrently } from "../concurrently.js";
import type { Persona, User } from "../population/types.js";
import { type ConverseRequest, converse } from "./converse.js";
import type { Interaction } from "./types.js";

export type ConverseAllRequest = Omit<ConverseRequest, "user" | "persona"> & {
  users: readonly User[];
  /** By name; every user's persona must be there. */
  personas: Readonly<Record<string, Persona>>;
  /** Most conversations at the same time; all if absent, so that a model that batches sees them together. */
  concurrency?: number;
  /** Conversations of an interrupted round by user id, not to be held again. */
  done?: ReadonlyMap<string, Interaction>;
  /** Told of every new conversation as it ends, to be written to disk. */
  onInteraction?: (interaction: Interaction) => void | Promise<void>;
};

/** Holds all conversations of a round, concurrently; the result is in the order of `users`. */
export async function converseAll(request: ConverseAllRequest): Promise<Interaction[]> {
  const { users, personas, concurrency, done, onInteraction, ...shared } = request;
  return await concurrently(users, concurrency, async (user) => {
    const before = done?.get(user.id);
    if (before) return before;
    shared.signal?.throwIfAborted();
    const persona = personas[user.persona];
    if (!persona)
      throw new Error(`user ${user.id} has the persona ${user.persona}, which is not among the personas`);
    const interaction = await converse({ ...shared, user, persona });
    await onInteraction?.(interaction);
    return interaction;
  });
}
