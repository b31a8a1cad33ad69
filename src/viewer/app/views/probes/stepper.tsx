import { useEffect, useRef } from "preact/hooks";
import type { ProbeView } from "../../../api.js";
import { VerdictTag } from "../../parts/tags.js";
import { Score } from "./score.js";

type Props = {
  rounds: ProbeView["rounds"];
  /** Its scores by round, and what they are called, where they tell more than its verdicts. */
  scores: Readonly<Record<string, number>>;
  score: string | undefined;
  index: number;
  go: (index: number) => void;
};

/** Ways from round to round, with the verdict of each and, where it tells more, its score. The focus stays on the round that is shown. */
export function Stepper({ rounds, scores, score, index, go }: Props) {
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (!group.current?.contains(document.activeElement)) return;
    group.current.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
  }, [index]);
  const arrow = (to: number, name: string, sign: string) => (
    <button
      type="button"
      class="quiet-button"
      disabled={rounds[to] === undefined}
      aria-label={name}
      onClick={() => go(to)}
    >
      {sign}
    </button>
  );
  return (
    <fieldset ref={group} class="stepper" aria-label="Round">
      {arrow(index - 1, "Round before", "←")}
      {rounds.map(({ round, result: { suite, verdict } }, place) => (
        <button
          key={round}
          type="button"
          class="step"
          aria-pressed={place === index}
          onClick={() => go(place)}
        >
          <small>{`Round ${round} `}</small>
          <VerdictTag suite={suite} verdict={verdict} />
          {score !== undefined && <Score score={scores[round]} name={score} />}
        </button>
      ))}
      {arrow(index + 1, "Round after", "→")}
    </fieldset>
  );
}
