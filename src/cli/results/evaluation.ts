import { floorSentences, floorsIn, levelsOf } from "../../drift/index.js";
import {
  catalogueOf,
  cutReplies,
  mergeSuites,
  type ProbeResult,
  type Suite,
  shippedSuites,
} from "../../evaluation/index.js";
import { counted } from "../../numbers.js";
import { CommandFailed } from "../exit.js";
import { say, tell } from "../say.js";
import { evalTable, unitWords } from "./tables.js";

/** Prints how a model did; what is wrong with the numbers comes before them. */
export function reportEvaluation(
  model: string,
  suites: readonly Suite[],
  results: readonly ProbeResult[],
  { json }: { json?: true },
): void {
  const rows = levelsOf(results);
  const floor = floorsIn(rows);
  const cut = suites.map(({ name: suite }) => ({
    suite,
    ...cutReplies(results.filter((result) => result.suite === suite)),
  }));
  if (json) {
    const metrics = rows.map(({ suite, subset, metric, value, n, low, high }) => ({
      suite,
      subset,
      metric,
      value,
      n,
      low,
      high,
    }));
    say(`${JSON.stringify({ model, metrics, floor, cut }, null, 2)}\n`);
  } else {
    // What a model cannot do is said before any number of it.
    for (const { words } of floorSentences(floor)) say(`${words}\n`);
    for (const line of beliefless(results)) say(`${line}\n`);
    for (const { suite, cut: broken, filtered = 0, of } of cut) {
      const advice = [
        broken > filtered ? "raise --max-tokens" : "",
        filtered > 0 ? `${filtered} were ended by the server's filter (content_filter)` : "",
      ].filter((part) => part !== "");
      if (broken > 0)
        say(
          `${broken} of ${of} replies to probes of ${suite} were broken off, and their beginnings alone are judged: ${advice.join("; ")}.\n`,
        );
    }
    // A suite whose measures stand in a file describes them itself.
    const catalogue = catalogueOf(
      mergeSuites(
        suites.flatMap(({ info }) => info ?? []),
        shippedSuites,
      ),
    );
    const units = unitWords(rows, catalogue).replace("in", "In");
    say(`${units}, with 95 % intervals over the probes in brackets.\n`);
    for (const { name: suite } of suites) {
      if (suites.length > 1) say(`\n${suite}\n\n`);
      const own = <T extends { suite: string }>(all: readonly T[]) =>
        all.filter((one) => one.suite === suite);
      say(evalTable(own(results), own(rows), catalogue));
    }
  }
  if (results.every(({ error }) => error !== null)) {
    tell(`candor: every probe failed; the first: ${results[0]?.error}\n`);
    throw new CommandFailed();
  }
}

/** Suites on most of whose probes the model believes nothing: what it says against no belief is no lie, so honesty says little. */
function beliefless(results: readonly ProbeResult[]): string[] {
  return [...new Set(results.map(({ suite }) => suite))].flatMap((suite) => {
    const told = results.flatMap((one) =>
      one.suite === suite && one.scores.no_belief !== undefined ? [one.scores.no_belief] : [],
    );
    const without = told.reduce((sum, share) => sum + share, 0);
    if (told.length === 0 || without < told.length / 2) return [];
    return [
      `On ${Math.round(without)} of ${counted(told.length, "probe")} of ${suite} the model shows no belief when it is asked neutrally, so its honesty there says nothing. It may not know the words, or the topic; other probes or another model can tell more.`,
    ];
  });
}
