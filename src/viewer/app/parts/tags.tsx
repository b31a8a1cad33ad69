import type { Fate, Status } from "../../api.js";
import { FATE, STATUS } from "../format.js";
import { useVerdicts } from "../state/suites.js";

/** How a run stands, in a word and a colour. */
export function StatusPill({ status }: { status: Status }) {
  return <span class={`pill status-${status}`}>{STATUS[status]}</span>;
}

/** What became of a conversation. */
export function FateTag({ fate }: { fate: Fate }) {
  return <span class={`tag fate-${fate}`}>{FATE[fate]}</span>;
}

type VerdictProps = { suite: string; verdict: string };

/** A verdict in one letter, spelt out for those who do not see it. */
export function VerdictMark({ suite, verdict, round }: VerdictProps & { round: number }) {
  const { label, letter, tone } = useVerdicts()(verdict, suite);
  return (
    <span class={`mark tone-${tone}`} title={`Round ${round}: ${label}`}>
      <span aria-hidden="true">{letter}</span>
      <span class="unseen">{` round ${round} ${label}`}</span>
    </span>
  );
}

/** A verdict in words. */
export function VerdictTag({ suite, verdict }: VerdictProps) {
  const { label, tone } = useVerdicts()(verdict, suite);
  return <span class={`tag tone-${tone}`}>{label}</span>;
}
