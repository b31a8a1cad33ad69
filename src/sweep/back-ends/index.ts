import { queue } from "./queue.js";
import type { BackEnd } from "./types.js";

export { addressOf, queue } from "./queue.js";
export type { BackEnd } from "./types.js";

/** Every back end, in the order in which help names them. */
export const backEnds: readonly BackEnd[] = [queue];
