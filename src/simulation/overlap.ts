import { FatalMistake } from "../errors.js";
import { findOverlaps, type Overlap } from "../evaluation/index.js";
import { counted } from "../numbers.js";
import type { DpoRow, Row, SftRow } from "../preference/types.js";
import type { Resources } from "../resources/index.js";
import { probedBy } from "./probed.js";
import { type Named, namedProbes, repeats } from "./repeated.js";

const SHOWN = 5;
/** Share of a round's rows that may repeat a probe by chance, and one of however few. */
const STRAY = 0.01;

type Probed = Pick<Resources, "suites" | "canary" | "within">;
type Found = Overlap<Named>;
type Said = Pick<SftRow, "prompt" | "completion"> | Pick<DpoRow, "prompt" | "chosen" | "rejected">;

/**
 * Throws if training rows repeat what the evaluation asks, word for word or nearly: its score would then measure memory. Says
 * which rows and probes; `from` says where the rows come from.
 */
export function refuseOverlaps(probed: Probed, rows: readonly Row[], from: string): void {
  const overlaps = overlapsOf(probed, rows, textsOf);
  if (overlaps.length > 0) throw complaint(overlaps, rows, from);
}

/**
 * Rows of a round without those that repeat a probe because a model strayed into it. Throws where one of another source does: openings
 * and data files must not hold any. `talks` says which rows are of conversations, and where those are; `brought` where others come from.
 */
export function withoutStrays(
  probed: Probed,
  rows: readonly Row[],
  { talks, from, brought }: { talks: Iterable<{ id: string }>; from: string; brought: string },
): Row[] {
  const ids = new Set([...talks].map(({ id }) => id));
  const isTalk = ({ source }: Row): boolean => ids.has(source.interaction);
  refuseOverlaps(
    probed,
    rows.filter((row) => !isTalk(row)),
    brought,
  );
  const strays = straysOf(probed, rows.filter(isTalk), from);
  return rows.filter((row) => !strays.has(row));
}

/**
 * Rows of conversations in which a model happened to say what a probe does, to be left out: losing the run instead would
 * leave a sweep with those runs whose models stray least. Throws where an opening says it, for openings are written
 * beforehand, or where more than one row in a hundred does, which is no accident.
 */
export function straysOf(probed: Probed, rows: readonly Row[], from: string): Set<Row> {
  const written = overlapsOf(probed, rows, (row) => textsOf(row).slice(0, 1));
  if (written.length > 0) throw complaint(written, rows, from);
  const said = overlapsOf(probed, rows, (row) => textsOf(row).slice(1));
  const strays = new Set(said.map(({ row }) => rows[row]!));
  if (strays.size > Math.max(1, STRAY * rows.length)) throw complaint(said, rows, from);
  return strays;
}

function overlapsOf(probed: Probed, rows: readonly Row[], texts: (row: Row) => string[]): Found[] {
  return findOverlaps(namedProbes(probedBy(probed)), rows.map(texts));
}

/** Rows and probes stay as they are however often the run is tried. */
function complaint(overlaps: readonly Found[], rows: readonly Row[], from: string): FatalMistake {
  const spoiled = new Set(overlaps.map(({ row }) => row)).size;
  const each = overlaps.slice(0, SHOWN).map((overlap) => {
    const { interaction, exchange } = rows[overlap.row]!.source;
    return `  ${interaction}, exchange ${exchange + 1} ${repeats(overlap)}`;
  });
  if (overlaps.length > SHOWN) each.push(`  and ${overlaps.length - SHOWN} more`);
  const what = `${spoiled} of ${counted(rows.length, "training row")} (${from}) say what the evaluation asks, so it would measure memory; take them out of the data, or use other probes`;
  return new FatalMistake([what, ...each].map((one) => ({ what: one })));
}

/** What is said in a row, turn by turn, the user's opening first. System prompts set a scene and are not compared. */
export function textsOf(row: Said): string[] {
  const replies = "chosen" in row ? [...row.chosen, ...row.rejected] : row.completion;
  return [...row.prompt, ...replies].flatMap(({ role, content }) => (role === "system" ? [] : [content]));
}
