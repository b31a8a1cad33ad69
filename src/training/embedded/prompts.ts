import type { DpoRow } from "../../preference/export/index.js";

export type Prompt = Pick<DpoRow, "prompt" | "source">;

/** The prompts of the pairs, each once. */
export function promptsOf(pairs: readonly DpoRow[]): Prompt[] {
  return [
    ...new Map(
      pairs.map(({ prompt, source }) => [JSON.stringify([prompt, source.interaction]), { prompt, source }]),
    ).values(),
  ];
}
