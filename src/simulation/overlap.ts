import { findOverlaps } from "../evaluation/index.js";
import type { Cast } from "./cast.js";
import type { Row } from "./train.js";

const SHOWN = 5;

/**
 * Throws if training rows repeat what the evaluation asks, word for word or nearly: its score would then measure memory. Says
 * which rows and probes.
 */
export function refuseOverlaps(
  { suites, canary }: Pick<Cast, "suites" | "canary">,
  rows: readonly Row[],
  file: string,
): void {
  const probes = [...suites, ...(canary ? [canary.suite] : [])].flatMap(({ name, probes }) =>
    probes.map(({ id, texts }) => ({ name: `${name}/${id}`, texts })),
  );
  const overlaps = findOverlaps(probes, rows.map(textsOf));
  if (overlaps.length === 0) return;
  const spoiled = new Set(overlaps.map(({ row }) => row)).size;
  const lines = overlaps.slice(0, SHOWN).map(({ row, probe, kind, text }) => {
    const { interaction, exchange } = rows[row]!.source;
    const how = kind === "exact" ? "says what" : "nearly says what";
    return `  ${interaction}, exchange ${exchange + 1} ${how} probe ${probe.name} does: ${JSON.stringify(text)}`;
  });
  if (overlaps.length > SHOWN) lines.push(`  and ${overlaps.length - SHOWN} more`);
  throw new Error(
    `${spoiled} of ${rows.length} training rows (${file}) overlap with the evaluation's probes; take them out of the data or use other probes\n${lines.join("\n")}`,
  );
}

/** What is said in a row, turn by turn. System prompts set a scene and are not compared. */
function textsOf(row: Row): string[] {
  const replies = "chosen" in row ? [...row.chosen, ...row.rejected] : row.completion;
  return [...row.prompt, ...replies].flatMap(({ role, content }) => (role === "system" ? [] : [content]));
}
