import { useEffect, useRef } from "preact/hooks";
import type { ProbeView } from "../../../api.js";
import { VerdictTag } from "../../parts/tags.js";

type Props = { rounds: ProbeView["rounds"]; index: number; go: (index: number) => void };

/** Ways from round to round, with the verdict of each. The focus stays on the round that is shown. */
export function Stepper({ rounds, index, go }: Props) {
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
        </button>
      ))}
      {arrow(index + 1, "Round after", "→")}
    </fieldset>
  );
}
