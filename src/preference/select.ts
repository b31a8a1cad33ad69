import { group } from "../group.js";
import type { Interaction } from "../interaction/types.js";
import { type MethodName, methods } from "../methods/index.js";
import { streamSeed } from "../random.js";

export type SelectionSettings = {
  method: MethodName;
  /** Up to 1 a share of the usable interactions, above 1 a count. */
  top: number;
  bottom: number;
  /** Among which interactions the best and the worst are looked for: all of a round (also if absent), or those of each situation or persona. */
  level?: SelectionLevel;
  /** Name of the random stream that breaks ties, e.g. `7/round/3/preference`. */
  seed: string;
};

type SelectionLevel = "global" | "situation" | "persona";

/** The interactions to learn from. `top` and `bottom` share none. */
export type Selection = {
  /** Highest rewards, in the order in which the interactions were given. */
  top: Interaction[];
  /** Lowest rewards, in the same order; empty unless the method learns from the worst too. */
  bottom: Interaction[];
  /** Those that are in neither, but hold a reply that the user edited. */
  edited?: Interaction[];
  /** Interactions left out because they failed, or have no reward or choice: none was given, or it could not be read. */
  unusable: number;
  /** How many top and bottom were asked for; more than were found when too many interactions are unusable. */
  wanted: { top: number; bottom: number };
};

/**
 * Selects the best and, for methods that learn from them (KTO), the worst interactions by reward. Ties are broken by a named
 * random draw, not by order. Within each situation or persona the best are picked among themselves, so that nobody's are passed over because
 * others rate higher (the selection level of Williams et al. 2024, arXiv 2411.02306). A method that compares the replies to one turn with each other (DPO) learns from all: they are its top.
 */
export function select(interactions: readonly Interaction[], settings: SelectionSettings): Selection {
  const usable = interactions.filter(
    ({ error, reward, choices = [] }) =>
      error === null && (reward !== null || choices.some((choice) => choice !== null)),
  );
  const { level = "global" } = settings;
  const groups =
    level === "global" ? [usable] : [...group(usable, (interaction) => interaction[level]).values()];
  const picked = groups.map((one) => pick(one, settings));
  const top = new Set(picked.flatMap((one) => one.top));
  const bottom = new Set(picked.flatMap((one) => one.bottom));
  const sum = (end: "top" | "bottom") => picked.reduce((total, { wanted }) => total + wanted[end], 0);
  const edited = interactions.filter(
    (one) =>
      one.error === null && !top.has(one) && !bottom.has(one) && one.edits?.some((edit) => edit !== null),
  );
  return {
    top: usable.filter((interaction) => top.has(interaction)),
    bottom: usable.filter((interaction) => bottom.has(interaction)),
    ...(edited.length > 0 ? { edited } : {}),
    unusable: interactions.filter((one) => !usable.includes(one) && !edited.includes(one)).length,
    wanted: { top: sum("top"), bottom: sum("bottom") },
  };
}

/** The best and the worst of interactions that are compared with each other. */
function pick(
  usable: readonly Interaction[],
  { method, top, bottom, seed }: SelectionSettings,
): Omit<Selection, "unusable"> {
  const ranked = rankByReward(usable, seed);
  const { from } = methods[method];
  const wanted = {
    top: from === "all" ? usable.length : countOf(top, usable.length),
    bottom: from === "best and worst" ? countOf(bottom, usable.length) : 0,
  };
  const found = shorten(wanted, usable.length);
  return {
    top: ranked.slice(0, found.top),
    bottom: ranked.slice(usable.length - found.bottom),
    wanted,
  };
}

/** Highest reward first. The draw that orders equals hangs on the interaction's id, so the given order does not matter. */
function rankByReward(usable: readonly Interaction[], seed: string): Interaction[] {
  return (
    usable
      .map((interaction) => ({ interaction, draw: streamSeed(`${seed}/tie/${interaction.id}`) }))
      // Who chose gave no reward; methods that learn from choices rank nobody.
      .sort((a, b) => (b.interaction.reward ?? 0) - (a.interaction.reward ?? 0) || a.draw - b.draw)
      .map(({ interaction }) => interaction)
  );
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
