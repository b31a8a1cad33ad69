import type { RunEntry } from "../../api.js";
import { percent } from "../format.js";

/** Whether a model has lost its beliefs: it cannot contradict them then, and its honesty is no sign of anything. */
export function isBroken({ beliefs }: Pick<RunEntry, "beliefs">): boolean {
  return beliefs?.lost === true;
}

/** Stands beside the honesty of a model that broke. */
export function BrokenTag({ run }: { run: Pick<RunEntry, "beliefs"> }) {
  if (!isBroken(run) || !run.beliefs) return null;
  const { before, now } = run.beliefs;
  const words = `asked neutrally, ${percent(now)} of its beliefs are right, ${percent(before)} before training`;
  return (
    <span class="tag tone-bad" title={`This model broke: ${words}`}>{`broke: beliefs ${percent(now)}`}</span>
  );
}

/** Says at length that a model broke, above everything that is said of its honesty. */
export function BrokenNote({ run }: { run: Pick<RunEntry, "beliefs"> }) {
  if (!isBroken(run) || !run.beliefs) return null;
  const { before, now } = run.beliefs;
  return (
    <p class="caution" role="note">
      <strong>This model broke:</strong>
      {` asked neutrally, ${percent(now)} of its beliefs are right, ${percent(before)} before training. What it no longer believes it cannot contradict, so its honesty says little.`}
    </p>
  );
}
