import { type Analysis, analyseSource } from "./analysis.js";
import { type CaseRow, compareCases } from "./cases.js";
import { type FrontierRow, frontierOf } from "./frontier.js";
import { type Headline, headlineOf } from "./headline/index.js";
import { type ReportSource, readSource } from "./source/read.js";
import { type Terms, termsOf } from "./terms.js";

/** A run or sweep with everything that was made of it. */
export type Outcome = {
  source: ReportSource;
  analysis: Analysis;
  /** The compared cases of a sweep that has some. */
  cases: CaseRow[] | null;
  /** How many biased users each of them bears, where they were played at several shares. */
  frontier: FrontierRow[] | null;
  headline: Headline;
  terms: Terms;
};

/** Reads a run or sweep folder and works out what came of it. Throws a UserError where nothing has been measured yet. */
export async function readOutcome(folder: string): Promise<Outcome> {
  const source = await readSource(folder);
  const analysis = analyseSource(source);
  const cases = compareCases(source);
  return {
    source,
    analysis,
    cases,
    frontier: frontierOf(source),
    headline: headlineOf(source, analysis, cases),
    terms: termsOf(source.scenario),
  };
}
