import type { Adapter } from "../files/adapter.js";
import type { Scorer, Sequence } from "./log-probs.js";

/** Log-probabilities under the frozen reference policy, each sequence scored once however often it returns. */
export class ReferencePolicy {
  readonly #scorer: Scorer;
  readonly #adapter: Adapter | null;
  readonly #known = new Map<string, number>();

  constructor(scorer: Scorer, adapter: Adapter | null) {
    this.#scorer = scorer;
    this.#adapter = adapter;
  }

  async score(sequences: readonly Sequence[]): Promise<Float64Array> {
    const keys = sequences.map(({ ids, completionStart }) => `${completionStart}:${Array.from(ids).join()}`);
    const missing = sequences.filter((_, index) => !this.#known.has(keys[index]!));
    const missingKeys = keys.filter((key) => !this.#known.has(key));
    const scores = await this.#scorer.score(missing, this.#adapter);
    for (const [index, key] of missingKeys.entries()) this.#known.set(key, scores[index]!);
    return Float64Array.from(keys, (key) => this.#known.get(key)!);
  }
}

/**
 * KTO's reference point: the mean of log pi - log pi_ref over each prompt with the completion of the row before it (the
 * first takes the last's), clamped at 0. TRL pairs them so; no gradient flows. A pair longer than `maxLength` tokens loses its end, as
 * there.
 */
export async function ktoReferencePoint(
  rows: readonly Sequence[],
  scorer: Scorer,
  reference: ReferencePolicy,
  adapter: Adapter,
  maxLength = Infinity,
): Promise<number> {
  const mismatched = rows.map((row, index) => recombine(row, rows.at(index - 1)!, maxLength));
  const policy = await scorer.score(mismatched, adapter);
  const base = await reference.score(mismatched);
  const mean = policy.reduce((total, value, index) => total + value - base[index]!, 0) / rows.length;
  return Math.max(0, mean);
}

/** One row's prompt with another's completion. */
function recombine(prompt: Sequence, completion: Sequence, maxLength: number): Sequence {
  const ids = [
    ...Array.from(prompt.ids).slice(0, prompt.completionStart),
    ...Array.from(completion.ids).slice(completion.completionStart),
  ];
  return { ids: ids.slice(0, maxLength), completionStart: prompt.completionStart };
}
