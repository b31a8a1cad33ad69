import type { User } from "./types.js";

/** Who was drawn: those that count, as held-out users teach nobody, and how many of them hold the biased thought. */
export function countDrawn<T extends Pick<User, "thought" | "held_out">>(
  drawn: readonly T[],
): { users: T[]; biased: number } {
  const users = drawn.filter(({ held_out }) => held_out !== true);
  return { users, biased: users.filter(({ thought }) => thought === "biased").length };
}
