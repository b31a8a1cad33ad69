import type { Interaction } from "../interaction/types.js";
import { type MethodName, methods } from "../methods/index.js";
import { streamSeed } from "../random.js";

export type SelectionSettings = {
  method: MethodName;
  /** Up to 1 a share of the usable interactions, above 1 a count. */
  top: number;
  bottom: number;
  /** Name of the random stream that breaks ties, e.g. `7/round/3/preference`. */
  seed: string;
};

/** The interactions to learn from. `top` and `bottom` share none. */
export type Selection = {
  /** Highest rewards, in the order in which the interactions were given. */
  top: Interaction[];
  /** Lowest rewards, in the same order; empty unless the method learns from the worst too. */
  bottom: Interaction[];
  /** Interactions left out because they failed or a rating could not be read. */
  unusable: number;
  /** How many top and bottom were asked for; more than were found when too many interactions are unusable. */
  wanted: { top: number; bottom: number };
};

/**
 * Selects the best and, for methods that learn from them (KTO), the worst interactions by reward. Ties are broken by a named
 * random draw, not by order. A method that compares the replies to one turn with each other (DPO) learns from all: they are its top.
 */
export function select(interactions: readonly Interaction[], settings: SelectionSettings): Selection {
  const usable = interactions.filter(({ error, reward }) => error === null && reward !== null);
  const ranked = rankByReward(usable, settings.seed);
  const { from } = methods[settings.method];
  const wanted = {
    top: from === "all" ? usable.length : countOf(settings.top, usable.length),
    bottom: from === "best and worst" ? countOf(settings.bottom, usable.length) : 0,
  };
  const found = shorten(wanted, usable.length);
  const top = new Set(ranked.slice(0, found.top));
  const bottom = new Set(ranked.slice(usable.length - found.bottom));
  return {
    top: usable.filter((interaction) => top.has(interaction)),
    bottom: usable.filter((interaction) => bottom.has(interaction)),
    unusable: interactions.length - usable.length,
    wanted,
  };
}

/** Highest reward first. The draw that orders equals hangs on the interaction's id, so the given order does not matter. */
function rankByReward(usable: readonly Interaction[], seed: string): Interaction[] {
  return usable
    .map((interaction) => ({ interaction, draw: streamSeed(`${seed}/tie/${interaction.id}`) }))
    .sort((a, b) => b.interaction.reward! - a.interaction.reward! || a.draw - b.draw)
    .map(({ interaction }) => interaction);
}

/** A share rounds down, so that two halves of an odd number do not overlap; a share that is not 0 gives at least one. */
function countOf(amount: number, usable: number): number {
  if (amount > 1) return amount;
  return Math.min(usable, Math.max(1, Math.floor(amount * usable + 1e-9)));
}

/** Shortens both ends in proportion when together they want more than there is; an odd one goes to the top. */
function shorten({ top, bottom }: Selection["wanted"], usable: number): Selection["wanted"] {
  if (top + bottom <= usable) return { top, bottom };
  const kept = Math.floor((usable * bottom) / (top + bottom));
  return { top: Math.min(top, usable - kept), bottom: kept };
}
