import { caveatsOfSource, type ReportRun, type ReportSource } from "../report/index.js";
import { type Caveat, caveatsOf, caveatWords } from "../runs/index.js";
import { writeTexts } from "./write-texts.js";

/** What must be said of a run's judge, rater and probes before its numbers are believed. */
export function warningsOf({ manifest: { scenario }, rounds }: ReportRun): Caveat[] {
  return caveatsOf({ scenario, base: rounds[0] });
}

/** What must be said of the instrument of all runs, in sentences, each thing once. */
export function warningWords(source: ReportSource): string[] {
  return caveatsOfSource(source).map(caveatWords);
}

/** A file beside whatever else is exported: in words, and run by run. Nothing where nothing must be said. */
export function writeWarnings(source: ReportSource, out: string): string[] {
  const runs = source.runs.flatMap((run) => {
    const warnings = warningsOf(run);
    return warnings.length > 0 ? [{ run: run.manifest.hash, seed: run.manifest.seed, warnings }] : [];
  });
  return runs.length === 0 ? [] : writeTexts(warningsFile(warningWords(source), runs), out);
}

/** The file's text by its name. */
export function warningsFile(words: readonly string[], runs: readonly object[]): Record<string, string> {
  return { "warnings.json": `${JSON.stringify({ words, runs }, null, 2)}\n` };
}
