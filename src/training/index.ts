import { embeddedTrainer } from "./embedded.js";
import type { Trainer } from "./types.js";

export { embeddedTrainer } from "./embedded.js";
export type * from "./types.js";

/** Every trainer by the name scenarios use. */
export const trainers: Readonly<Record<string, Trainer>> = { embedded: embeddedTrainer };
