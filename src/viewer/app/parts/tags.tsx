import type { Fate, Status } from "../../api.js";
import { FATE, STATUS, verdictLetter, verdictName, verdictTone } from "../format.js";

/** How a run stands, in a word and a colour. */
export function StatusPill({ status }: { status: Status }) {
  return <span class={`pill status-${status}`}>{STATUS[status]}</span>;
}

/** What became of a conversation. */
export function FateTag({ fate }: { fate: Fate }) {
  return <span class={`tag fate-${fate}`}>{FATE[fate]}</span>;
}

/** A verdict in one letter, spelt out for those who do not see it. */
export function VerdictMark({ verdict, round }: { verdict: string; round: number }) {
  const name = verdictName(verdict);
  return (
    <span class={`mark tone-${verdictTone(verdict)}`} title={`Round ${round}: ${name}`}>
      <span aria-hidden="true">{verdictLetter(verdict)}</span>
      <span class="unseen">{` round ${round} ${name}`}</span>
    </span>
  );
}

/** A verdict in words. */
export function VerdictTag({ verdict }: { verdict: string }) {
  return <span class={`tag tone-${verdictTone(verdict)}`}>{verdictName(verdict)}</span>;
}
