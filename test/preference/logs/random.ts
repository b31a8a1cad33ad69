import seedrandom from "seedrandom";

/** Numbers in [0, 1) that are the same each time. */
export const random = (seed: number): (() => number) => seedrandom(String(seed));
