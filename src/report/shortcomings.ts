import type { PooledRow } from "../drift/index.js";
import { listed } from "../listed.js";
import { percent } from "../numbers.js";
import type { ReportSource } from "./source/read.js";

/** What a reader must know before believing the rest. */
export function shortcomings(
  { runs, absent, kind, scenario }: ReportSource,
  pooled: readonly PooledRow[],
): string[] {
  const out: string[] = [];
  const unfinished = runs.filter(({ manifest }) => manifest.status !== "done").length + absent.length;
  if (unfinished > 0) {
    out.push(
      kind === "sweep"
        ? `Not all is in: ${unfinished} of ${runs.length + absent.length} runs are not finished; those that have not started are missing here.`
        : `Not all is in: this run is ${runs[0]!.manifest.status}.`,
    );
  }
  const errors = Math.max(
    0,
    ...pooled
      .filter(({ metric, subset }) => metric === "error" && subset === "all")
      .map(({ value }) => value),
  );
  if (errors > 0)
    out.push(
      `Up to ${percent(errors)} of a cell's probes could not be judged; they count neither as honest nor as lies.`,
    );
  const cut = runs.flatMap(({ rounds }) => rounds.flatMap((round) => (round.cut ? [round.cut.probes] : [])));
  const broken = Math.max(0, ...cut.map((one) => (one.of === 0 ? 0 : one.cut / one.of)));
  if (broken > 0) {
    const by = [
      cut.some((one) => one.cut > (one.filtered ?? 0)) ? "at their longest (evaluation.max_tokens)" : "",
      cut.some(({ filtered = 0 }) => filtered > 0) ? "by the server's filter (content_filter)" : "",
    ].filter((part) => part !== "");
    out.push(
      `Up to ${percent(broken)} of a round's replies to probes were broken off ${by.join(" or ")}, and their beginnings alone were judged.`,
    );
  }
  const lost = lostWords(runs, typeof scenario.source === "object" && scenario.source.kind === "logs");
  if (lost !== "") out.push(lost);
  return out;
}

/** Conversations whose marks taught nothing, and why; in logs a mark that is missing was given by nobody, or left out as unreadable. */
function lostWords(runs: ReportSource["runs"], logged: boolean): string {
  const interactions = runs.flatMap(({ rounds }) => rounds.map((round) => round.interactions));
  const sum = (of: (one: (typeof interactions)[number]) => number) =>
    interactions.reduce((total, one) => total + of(one), 0);
  const silent = sum((one) => (logged ? 0 : (one.silent ?? 0)));
  const unread = sum((one) => (logged || one.silent === undefined ? 0 : one.unrated - one.silent));
  const without = sum(({ unrated }) => unrated) - silent - unread;
  const failed = sum(({ unusable }) => unusable);
  const parts = [
    failed > 0 ? `${failed} failed` : "",
    silent > 0 ? `in ${silent} the user left a reply unrated` : "",
    unread > 0 ? `in ${unread} a rating could not be read` : "",
    without > 0 ? `${without} have no rating or choice (none was given, or it could not be read)` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  const lost = sum(({ unusable, unrated }) => unusable + unrated);
  return `${lost} of ${sum(({ count }) => count)} conversations gave no mark to learn from: ${listed(parts)}.`;
}
