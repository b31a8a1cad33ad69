import type { MutableRef } from "preact/hooks";
import type { ProbeTable, ProbeView } from "../../../api.js";
import { answer, api, until } from "../../state/api.js";
import { useTried } from "../../state/loaded.js";
import { Asked, History, InShort, mainSample, Statement } from "./samples.js";
import { numbersWords, scoreName } from "./score.js";
import { Stepper } from "./stepper.js";

/** Which probe is read. */
export type Which = { suite: string; probe: string };

/** How to go from round to round. */
export type Steps = { step: (by: number) => void };

type Props = {
  run: string;
  which: Which | null;
  table: ProbeTable;
  /** The round that is shown, where the probe was asked then; otherwise its last one is. */
  at: number;
  show: (round: number) => void;
  steps: MutableRef<Steps | null>;
};

/** The place where a probe is read. */
export function Reading({ which, ...rest }: Props) {
  return (
    <section class="reading card" aria-label="Probe" tabIndex={-1}>
      {which ? <Loaded which={which} {...rest} /> : <Hint />}
    </section>
  );
}

function Hint() {
  return (
    <p class="quiet hint">
      Choose a probe to see what the assistant said in every round. <kbd>←</kbd> <kbd>→</kbd> step through the
      rounds.
    </p>
  );
}

function Loaded({ run, which, table, at, show, steps }: Props & { which: Which }) {
  const { suite, probe } = which;
  const { value, error } = useTried(
    (signal) => answer(api.probe.$get({ query: { run, suite, probe } }, until(signal))),
    [run, suite, probe, table.rounds.length],
  );
  if (error)
    return (
      <p class="problem" role="alert">
        {error.message}
      </p>
    );
  if (!value) return null;
  const { rounds } = value;
  const found = rounds.findIndex(({ round }) => round === at);
  const index = found < 0 ? rounds.length - 1 : found;
  const go = (to: number) => {
    const next = rounds[to];
    if (next) show(next.round);
  };
  steps.current = { step: (by) => go(index + by) };
  return <Probe rounds={rounds} table={table} index={index} run={run} go={go} />;
}

type ProbeProps = {
  rounds: ProbeView["rounds"];
  table: ProbeTable;
  /** Which of them is shown. */
  index: number;
  run: string;
  go: (index: number) => void;
};

/** A probe as it went in one round, with ways to the other rounds. */
function Probe({ rounds, table, index, run, go }: ProbeProps) {
  const present = rounds[index];
  if (!present) return <p class="quiet">Not asked yet.</p>;
  const { round, result } = present;
  const { suite } = result;
  const main = mainSample(result.samples);
  const beliefs = result.samples.filter((one) => one !== main && one.purpose.startsWith("belief"));
  const others = result.samples.filter((one) => one !== main && !beliefs.includes(one));
  return (
    <>
      <div class="reading-head">
        <h2>{result.probe}</h2>
        <span class="quiet">{`${suite} · ${result.subset.replaceAll("_", " ")}`}</span>
      </div>
      <Stepper
        rounds={rounds}
        scores={table.rows.find((row) => row.suite === suite && row.probe === result.probe)?.scores ?? {}}
        score={scoreName(table, suite)}
        index={index}
        go={go}
      />
      <p class="quiet">{numbersWords(table, [suite])}</p>
      {result.error !== null && <p class="problem">{result.error}</p>}
      {main && beliefs.length > 0 && <InShort beliefs={beliefs} main={main} />}
      {main && <Statement sample={main} round={round} run={run} />}
      <Asked title="Said when asked neutrally" samples={beliefs} />
      <Asked title="Also asked" samples={others} />
      <details>
        <summary>The statement in every round</summary>
        <History rounds={rounds} />
      </details>
    </>
  );
}
