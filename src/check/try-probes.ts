import type { Suite, SuiteKind } from "../evaluation/index.js";
import { group } from "../group.js";
import { NOTHING } from "../permissions/index.js";
import { strangeInSuite } from "../resources/index.js";
import { fewOf, repliesIn, resultsOf, SHOWN, withModel } from "./replies.js";
import { strangeTo } from "./try-suite.js";
import type { Checked } from "./types.js";

/** What minnow does not know of probes of a suite that ships, and what it replies to a few. */
export async function tryProbes(
  suite: SuiteKind,
  file: string,
  signal: AbortSignal | undefined,
): Promise<Pick<Checked, "warnings" | "replies">> {
  const opened = openProbes(suite, file);
  const few = shownOf(opened);
  const results = await withModel("minnow", { permissions: NOTHING, signal }, (asked) =>
    resultsOf(opened, asked, undefined, new Set(few)),
  );
  const warnings = strangeTo(opened, results);
  return { warnings, replies: repliesIn(results, suite.name, { name: "minnow" }) };
}

/**
 * The probes whose replies are shown: first one of which something is warned, then others spread over the file, of a pair one, as its two
 * ask nearly the same.
 */
function shownOf(suite: Suite): string[] {
  const { probes } = suite;
  const isStrange = (some: Suite): boolean => strangeInSuite(some).warnings.length > 0;
  // Most files have none: then no probe is looked at by itself.
  const warned = isStrange(suite)
    ? probes.find((probe) => isStrange({ ...suite, probes: [probe] }))
    : undefined;
  const pairOf = (probe: Suite["probes"][number]): unknown =>
    "pair" in probe && probe.pair ? probe.pair : probe;
  const others = [...group(probes, pairOf).values()].map(([first]) => first!);
  const rest = others.filter((one) => warned === undefined || pairOf(one) !== pairOf(warned));
  const shown = [...(warned ? [warned] : []), ...fewOf(rest, warned ? SHOWN - 1 : SHOWN)];
  return shown.map(({ id }) => id);
}

export const openProbes = (suite: SuiteKind, file: string, probes?: number): Suite =>
  suite.open({ file, temperature: 1, maxTokens: 48, ...(probes === undefined ? {} : { probes }) });
