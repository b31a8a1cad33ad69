// How many a stage's share comes to, of so many: what the stage does, and what is asked before a run of whether it could do anything.

/** Conversations that trim leaves out at one end: shares round down, where 0.29 of 100 is 29. */
export const trimmed = (share: number, talks: number): number => Math.floor(share * talks + 1e-9);

/** Rows that projection leaves out: as trim. */
export const projectedOut = (share: number, rows: number): number => Math.floor(share * rows + 1e-9);

/** Rows that replay adds to be `share` of all. */
export const replayed = (share: number, rows: number): number => Math.round((rows * share) / (1 - share));

/** Rows of a mixture that are not ordinary ones. */
export const addedCount = (share: number, rows: number): number => Math.round(share * rows);
