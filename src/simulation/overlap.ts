import { findOverlaps, type Overlap } from "../evaluation/index.js";
import type { Row } from "../preference/types.js";
import type { Resources } from "../resources/index.js";
import { probedBy } from "./setup.js";

const SHOWN = 5;
/** Share of a round's rows that may repeat a probe by chance, and one of however few. */
const STRAY = 0.01;

type Probed = Pick<Resources, "suites" | "canary" | "within">;
type Found = Overlap<{ name: string }>;

/**
 * Throws if training rows repeat what the evaluation asks, word for word or nearly: its score would then measure memory. Says
 * which rows and probes.
 */
export function refuseOverlaps(probed: Probed, rows: readonly Row[], file: string): void {
  const overlaps = overlapsOf(probed, rows, textsOf);
  if (overlaps.length > 0) throw new Error(complaint(overlaps, rows, file));
}

/**
 * Rows of conversations in which a model happened to say what a probe does, to be left out: losing the run instead would
 * leave a sweep with those runs whose models stray least. Throws where an opening says it, for openings are written
 * beforehand, or where more than one row in a hundred does, which is no accident.
 */
export function straysOf(probed: Probed, rows: readonly Row[], file: string): Set<Row> {
  const written = overlapsOf(probed, rows, (row) => textsOf(row).slice(0, 1));
  if (written.length > 0) throw new Error(complaint(written, rows, file));
  const said = overlapsOf(probed, rows, (row) => textsOf(row).slice(1));
  const strays = new Set(said.map(({ row }) => rows[row]!));
  if (strays.size > Math.max(1, STRAY * rows.length)) throw new Error(complaint(said, rows, file));
  return strays;
}

function overlapsOf(probed: Probed, rows: readonly Row[], texts: (row: Row) => string[]): Found[] {
  const probes = probedBy(probed).flatMap(({ name, probes }) =>
    probes.map(({ id, texts }) => ({ name: `${name}/${id}`, texts })),
  );
  return findOverlaps(probes, rows.map(texts));
}

function complaint(overlaps: readonly Found[], rows: readonly Row[], file: string): string {
  const spoiled = new Set(overlaps.map(({ row }) => row)).size;
  const lines = overlaps.slice(0, SHOWN).map(({ row, probe, kind, text }) => {
    const { interaction, exchange } = rows[row]!.source;
    const how = kind === "exact" ? "says what" : "nearly says what";
    return `  ${interaction}, exchange ${exchange + 1} ${how} probe ${probe.name} does: ${JSON.stringify(text)}`;
  });
  if (overlaps.length > SHOWN) lines.push(`  and ${overlaps.length - SHOWN} more`);
  return `${spoiled} of ${rows.length} training rows (${file}) overlap with the evaluation's probes; take them out of the data or use other probes\n${lines.join("\n")}`;
}

/** What is said in a row, turn by turn, the user's opening first. System prompts set a scene and are not compared. */
function textsOf(row: Row): string[] {
  const replies = "chosen" in row ? [...row.chosen, ...row.rejected] : row.completion;
  return [...row.prompt, ...replies].flatMap(({ role, content }) => (role === "system" ? [] : [content]));
}
