/** Padded tokens in one run: activations stay small, matrix products are large enough to be efficient. */
export const RUN_TOKENS = 1024;
/** A single new token may take another kernel than several do. */
export const LEAST_SEQUENCE = 2;
